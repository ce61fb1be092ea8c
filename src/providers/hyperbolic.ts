import { apiKey, defineProvider } from "../provider/provider.ts";

export const hyperbolic = defineProvider({
  id: "hyperbolic",
  label: "Hyperbolic",
  protocol: "openai-chat",
  baseUrl: "https://api.hyperbolic.xyz/v1",
  auth: [apiKey("HYPERBOLIC_API_KEY", { page: "https://app.hyperbolic.xyz/settings" })],
  docs: "https://docs.hyperbolic.xyz",
  quirks: {},
  source: { url: "https://docs.litellm.ai/docs/providers/hyperbolic", checkedOn: "2026-11-21" },
  facts: { env: { url: "https://docs.helicone.ai/getting-started/integration-method/hyperbolic", checkedOn: "2026-11-21" } },
});
