import { defineLogins } from "../../provider/login-method.ts";

export const githubModelsLogins = defineLogins([
  {
    id: "token",
    label: "Personal access token with the permission models: read",
    licence: "own-client",
    flow: { kind: "api-key-page", page: "https://github.com/settings/personal-access-tokens/new" },
    source: { url: "https://github.blog/changelog/2025-05-15-modelsread-now-required-for-github-models-access", checkedOn: "2026-11-21" },
  },
]);
