import { defineLogins } from "../../provider/login-method.ts";

export const openaiCodexLogins = defineLogins([
  {
    id: "browser",
    label: "ChatGPT in the browser",
    licence: "vendor-announced",
    standing: "For your own use. OpenAI has announced this sign-in for other agents, and published no terms and no way to register for it.",
    flow: {
      kind: "authorization-code",
      authorizeUrl: "https://auth.openai.com/oauth/authorize",
      tokenUrl: "https://auth.openai.com/oauth/token",
      client: {
        kind: "own",
        howTo: "OpenAI registers no applications in public: ask OpenAI for a client id. An API key of OpenAI works without one.",
        page: "https://platform.openai.com/api-keys",
      },
      scopes: ["openid", "profile", "email", "offline_access"],
      redirect: { host: "localhost", port: 1455, path: "/auth/callback" },
      accountClaim: ["https://api.openai.com/auth", "chatgpt_account_id"],
    },
    source: { url: "https://github.com/openai/codex/blob/main/docs/authentication.md", checkedOn: "2026-11-21" },
  },
]);
