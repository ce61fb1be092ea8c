import { defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

export const claudeCli = defineProvider({
  id: "claude-cli",
  label: "Claude Code (program)",
  protocol: "anthropic-messages",
  baseUrl: undefined,
  auth: [{ kind: "delegated", label: "Login of `claude`", to: "claude", note: "The program answers with its own login; nothing of it is read." }],
  docs: "https://code.claude.com/docs",
  quirks: {},
  source: INSTALLATIONS,
});
