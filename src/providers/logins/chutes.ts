import { defineLogins } from "../../provider/login-method.ts";

export const chutesLogins = defineLogins([
  {
    id: "browser",
    label: "Browser, with your own application",
    licence: "own-client",
    flow: {
      kind: "authorization-code",
      issuer: "https://idp.chutes.ai",
      tokenUrl: "https://api.chutes.ai/idp/token",
      userinfoUrl: "https://api.chutes.ai/idp/userinfo",
      client: {
        kind: "own",
        howTo: "Register an application with Chutes, with the redirect http://127.0.0.1:1456/oauth-callback; what you ask is billed to your account.",
        page: "https://chutes.ai/docs/sign-in-with-chutes/overview",
      },
      scopes: ["openid", "profile", "chutes:invoke"],
      redirect: { host: "127.0.0.1", port: 1456, path: "/oauth-callback" },
    },
    source: { url: "https://chutes.ai/docs/api-reference/authentication", checkedOn: "2026-11-21" },
  },
]);
