import { defineProvider } from "../provider/provider.ts";

export const localai = defineProvider({
  id: "localai",
  label: "LocalAI",
  protocol: "openai-chat",
  baseUrl: "http://127.0.0.1:8080/v1",
  auth: [{ kind: "none", label: "No key" }],
  docs: "https://localai.io/docs/overview/",
  modelsPath: "/models",
  local: true,
  quirks: {},
  source: { url: "https://promptfoo.dev/docs/providers/localai", checkedOn: "2026-11-21" },
});
