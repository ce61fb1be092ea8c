import { defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS, MODELS_DEV, PI_AI } from "../provider/sources.ts";

export const githubCopilot = defineProvider({
  id: "github-copilot",
  label: "GitHub Copilot",
  protocol: "openai-chat",
  baseUrl: "https://api.individual.githubcopilot.com",
  auth: [
    {
      kind: "token",
      label: "GitHub token",
      env: ["COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"],
      prefixes: ["gho_", "ghu_"],
      note: "A token of an account with Copilot.",
    },
    { kind: "oauth", label: "GitHub login", env: [], flow: "device", note: "Needs an OAuth application of your own; the editors' client is not ours to use." },
  ],
  docs: "https://docs.github.com/en/copilot",
  quirks: { addressing: "copilot-token" },
  source: PI_AI,
  facts: {
    env: INSTALLATIONS,
    prefixes: { url: "https://github.blog/changelog/2021-03-31-authentication-token-format-updates-are-generally-available", checkedOn: "2026-11-21" },
    docs: MODELS_DEV,
  },
});
