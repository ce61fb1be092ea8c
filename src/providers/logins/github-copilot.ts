import { defineLogins } from "../../provider/login-method.ts";

export const githubCopilotLogins = defineLogins([
  {
    id: "device",
    label: "Device code, with your own GitHub application",
    licence: "own-client",
    standing:
      "GitHub supports Copilot in its own programs; with an application of your own it answers models that are generally available, and not in every plan.",
    accountName: "github",
    flow: {
      kind: "device-code",
      deviceUrl: "https://{host}/login/device/code",
      tokenUrl: "https://{host}/login/oauth/access_token",
      client: {
        kind: "own",
        howTo: "Register an OAuth app on GitHub and enable its device flow; it needs no secret.",
        page: "https://github.com/settings/applications/new",
      },
      scopes: ["read:user"],
    },
    source: { url: "https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps", checkedOn: "2026-11-21" },
  },
]);
