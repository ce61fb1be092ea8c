import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const lmstudio = defineProvider({
  id: "lmstudio",
  label: "LM Studio",
  aliases: ["lm-studio"],
  protocol: "openai-chat",
  baseUrl: "http://127.0.0.1:1234/v1",
  auth: [apiKey(["LM_API_TOKEN", "LMSTUDIO_API_KEY"], { label: "API key, if the server asks" }), { kind: "none", label: "No key" }],
  docs: "https://lmstudio.ai/docs/developer/core",
  modelsPath: "/models",
  local: true,
  quirks: {},
  source: { url: "https://lmstudio.ai/docs/developer/core/authentication", checkedOn: "2026-11-21" },
  facts: { env: MASTRA, modelsPath: { url: "https://github.com/agustif/opencode-lmstudio/issues/28", checkedOn: "2026-11-21" } },
});
