import { defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

export const copilotProxy = defineProvider({
  id: "copilot-proxy",
  label: "Copilot Proxy",
  protocol: "openai-chat",
  baseUrl: "http://localhost:3000/v1",
  auth: [{ kind: "none", label: "Local proxy", note: "An extension of VS Code that answers with the editor's own login." }],
  docs: "https://docs.github.com/en/copilot",
  local: true,
  quirks: {},
  source: INSTALLATIONS,
});
