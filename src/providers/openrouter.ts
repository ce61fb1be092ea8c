import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS, PI_AI } from "../provider/sources.ts";

export const openrouter = defineProvider({
  id: "openrouter",
  label: "OpenRouter",
  protocol: "openai-chat",
  baseUrl: "https://openrouter.ai/api/v1",
  auth: [
    apiKey("OPENROUTER_API_KEY", { prefixes: ["sk-or-v1-"], page: "https://openrouter.ai/settings/keys" }),
    { kind: "oauth", label: "OpenRouter login", env: [], flow: "browser", note: "Gives a key of your own account, which you can take back at any time." },
  ],
  docs: "https://openrouter.ai/docs/api_reference/authentication",
  modelsPath: "/models",
  identityPath: "/key",
  quirks: {},
  source: PI_AI,
  facts: {
    modelsPath: INSTALLATIONS,
    identityPath: { url: "https://openrouter.ai/docs/api/api-reference/api-keys/get-current-key.md", checkedOn: "2026-11-21" },
    prefixes: { url: "https://github.com/OpenRouterTeam/spawn", checkedOn: "2026-11-21" },
    auth: { url: "https://openrouter.ai/docs/guides/overview/auth/llms-full.txt", checkedOn: "2026-11-21" },
  },
});
