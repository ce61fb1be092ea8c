import { defineLogins } from "../../provider/login-method.ts";

export const xaiLogins = defineLogins([
  {
    id: "device",
    label: "Grok account by device code",
    licence: "own-client",
    standing: "xAI decides which subscriptions it answers, and has no page to register an application; an API key is the safe way.",
    flow: {
      kind: "device-code",
      issuer: "https://auth.x.ai",
      client: { kind: "own", howTo: "Ask xAI for a client id. An API key works without one.", page: "https://console.x.ai" },
      scopes: ["openid", "profile", "email", "offline_access", "api:access"],
    },
    source: { url: "https://docs.openclaw.ai/providers/xai", checkedOn: "2026-06-27" },
  },
]);
