import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

export const qwenPortal = defineProvider({
  id: "qwen-portal",
  label: "Qwen portal",
  aliases: ["qwen"],
  protocol: "openai-chat",
  baseUrl: "https://portal.qwen.ai/v1",
  auth: [
    {
      kind: "oauth",
      label: "Qwen login (ended)",
      env: ["QWEN_OAUTH_TOKEN"],
      flow: "device",
      note: "Qwen ended this free login on 2026-04-15; use a key with alibaba or alibaba-coding-plan.",
    },
    apiKey("QWEN_PORTAL_API_KEY"),
  ],
  docs: "https://qwenlm.github.io/qwen-code-docs/en/users/configuration/auth/",
  quirks: {},
  note: "Qwen ended the free login behind it on 2026-04-15.",
  source: INSTALLATIONS,
  facts: { note: { url: "https://qwenlm.github.io/qwen-code-docs/en/users/configuration/auth/", checkedOn: "2026-11-21" } },
});
