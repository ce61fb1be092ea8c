import { defineLogins } from "../../provider/login-method.ts";

export const anthropicLogins = defineLogins([
  {
    id: "api-key",
    label: "API key",
    licence: "own-client",
    flow: { kind: "api-key-page", page: "https://platform.claude.com/settings/keys" },
    source: { url: "https://platform.claude.com/docs/en/get-api-key", checkedOn: "2026-11-21" },
  },
  {
    id: "setup-token",
    label: "Claude subscription token",
    licence: "vendor-tool-only",
    accountName: "manual",
    standing: "Anthropic permits this token in Claude Code alone: it is kept and watched here, and sent to nobody.",
    flow: { kind: "api-key-page", page: "https://code.claude.com/docs/en/authentication", takes: "setup-token" },
    source: { url: "https://code.claude.com/docs/en/authentication", checkedOn: "2026-11-21" },
  },
]);
