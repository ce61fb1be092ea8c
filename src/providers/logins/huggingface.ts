import { defineLogins } from "../../provider/login-method.ts";

export const huggingfaceLogins = defineLogins([
  {
    id: "device",
    label: "Device code, with your own application",
    licence: "own-client",
    flow: {
      kind: "device-code",
      deviceUrl: "https://huggingface.co/oauth/device",
      tokenUrl: "https://huggingface.co/oauth/token",
      userinfoUrl: "https://huggingface.co/oauth/userinfo",
      client: {
        kind: "own",
        howTo: "Create an OAuth application with the scope inference-api; as a public one it needs no secret.",
        page: "https://huggingface.co/settings/applications/new",
      },
      scopes: ["openid", "profile", "email", "inference-api"],
    },
    source: { url: "https://huggingface.co/docs/hub/oauth", checkedOn: "2026-11-21" },
  },
]);
