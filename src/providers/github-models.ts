import { apiKey, defineProvider } from "../provider/provider.ts";
import { MODELS_DEV } from "../provider/sources.ts";

export const githubModels = defineProvider({
  id: "github-models",
  label: "GitHub Models",
  protocol: "openai-chat",
  baseUrl: "https://models.github.ai/inference",
  auth: [
    apiKey("GITHUB_TOKEN", {
      label: "Personal access token",
      prefixes: ["github_pat_", "ghp_"],
      note: "A fine-grained token needs the permission `models: read`, a classic one the scope `models`.",
    }),
  ],
  docs: "https://docs.github.com/en/github-models",
  quirks: {},
  source: MODELS_DEV,
  facts: {
    auth: { url: "https://docs.github.com/en/github-models/quickstart", checkedOn: "2026-11-21" },
    prefixes: { url: "https://github.com/r-lib/gh/issues/171", checkedOn: "2026-11-21" },
  },
});
