import { defineLogins } from "../../provider/login-method.ts";

export const codexCliLogins = defineLogins([
  {
    id: "codex",
    label: "Codex CLI",
    licence: "delegate-binary",
    flow: { kind: "delegate", program: "codex", loginArguments: ["login"], checkArguments: ["login", "status"] },
    source: { url: "https://github.com/openai/codex/blob/main/docs/authentication.md", checkedOn: "2026-11-21" },
  },
]);
