import { defineProvider } from "../provider/provider.ts";

export const jan = defineProvider({
  id: "jan",
  label: "Jan",
  protocol: "openai-chat",
  baseUrl: "http://127.0.0.1:1337/v1",
  auth: [{ kind: "api_key", label: "API key of the server", env: [], note: "Any word that you set in Jan's own settings; it asks for it on every request." }],
  docs: "https://jan.ai/docs/local-api",
  modelsPath: "/models",
  local: true,
  quirks: {},
  source: { url: "https://jan.ai/docs/local-api", checkedOn: "2026-11-21" },
});
