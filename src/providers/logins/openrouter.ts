import { defineLogins } from "../../provider/login-method.ts";

export const openrouterLogins = defineLogins([
  {
    id: "browser",
    label: "Browser",
    licence: "own-client",
    defaultModel: "openrouter/auto",
    flow: { kind: "openrouter-pkce", authorizeUrl: "https://openrouter.ai/auth", keysUrl: "https://openrouter.ai/api/v1/auth/keys" },
    source: { url: "https://openrouter.ai/docs/guides/overview/auth/oauth", checkedOn: "2026-11-21" },
  },
]);
