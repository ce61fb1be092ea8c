import { defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

export const codexCli = defineProvider({
  id: "codex-cli",
  label: "Codex CLI (program)",
  protocol: "openai-responses",
  baseUrl: undefined,
  auth: [{ kind: "delegated", label: "Login of `codex`", to: "codex", note: "The program answers with its own login; nothing of it is read." }],
  docs: "https://github.com/openai/codex",
  quirks: {},
  source: INSTALLATIONS,
});
