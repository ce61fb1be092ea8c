import { defineProvider } from "../provider/provider.ts";
import { PI_AI } from "../provider/sources.ts";

export const openaiCodex = defineProvider({
  id: "openai-codex",
  label: "OpenAI Codex",
  protocol: "openai-responses",
  baseUrl: "https://chatgpt.com/backend-api",
  auth: [
    {
      kind: "oauth",
      label: "ChatGPT login",
      env: [],
      flow: "browser",
      note: "The login of ChatGPT Plus and Pro, for your own use; OpenAI has announced it for other agents, and published no terms.",
    },
  ],
  docs: "https://github.com/openai/codex/blob/main/docs/authentication.md",
  quirks: { addressing: "codex-backend" },
  source: PI_AI,
});
