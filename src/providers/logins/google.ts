import { defineLogins } from "../../provider/login-method.ts";

export const googleLogins = defineLogins([
  {
    id: "browser",
    label: "Browser, with a client of your own Google Cloud project",
    licence: "own-client",
    defaultModel: "gemini-flash-latest",
    flow: {
      kind: "authorization-code",
      authorizeUrl: "https://accounts.google.com/o/oauth2/v2/auth",
      tokenUrl: "https://oauth2.googleapis.com/token",
      userinfoUrl: "https://openidconnect.googleapis.com/v1/userinfo",
      client: {
        kind: "own",
        howTo:
          'In a project of yours enable the Generative Language API, add yourself as a test user, and create an OAuth client of the type "Desktop app". An API key is less work.',
        page: "https://ai.google.dev/gemini-api/docs/oauth",
        needsSecret: true,
      },
      scopes: ["openid", "email", "https://www.googleapis.com/auth/cloud-platform", "https://www.googleapis.com/auth/generative-language.retriever"],
      authorizeParameters: { access_type: "offline", prompt: "consent" },
    },
    source: { url: "https://ai.google.dev/gemini-api/docs/oauth", checkedOn: "2026-11-21" },
  },
]);
