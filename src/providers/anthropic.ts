import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS, MASTRA, PI_AI } from "../provider/sources.ts";

export const anthropic = defineProvider({
  id: "anthropic",
  label: "Anthropic",
  protocol: "anthropic-messages",
  baseUrl: "https://api.anthropic.com",
  auth: [
    {
      kind: "token",
      label: "Claude subscription token",
      env: ["ANTHROPIC_OAUTH_TOKEN"],
      prefixes: ["sk-ant-oat01-"],
      note: "Made by `claude setup-token`. Anthropic allows it in Claude Code only: it is kept and watched here, and sent to nobody.",
    },
    apiKey("ANTHROPIC_API_KEY", { prefixes: ["sk-ant-api03-", "sk-ant-"], page: "https://platform.claude.com/settings/keys" }),
  ],
  docs: "https://docs.anthropic.com/en/docs/about-claude/models",
  modelsPath: "/v1/models",
  quirks: {},
  source: PI_AI,
  facts: {
    env: INSTALLATIONS,
    prefixes: { url: "https://platform.claude.com/docs/en/get-api-key", checkedOn: "2026-11-21" },
    docs: MASTRA,
    modelsPath: { url: "https://raw.githubusercontent.com/api-evangelist/claude/refs/heads/main/capabilities/messages-models.yaml", checkedOn: "2026-11-21" },
  },
});
