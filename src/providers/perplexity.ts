import { apiKey, defineProvider } from "../provider/provider.ts";

export const perplexity = defineProvider({
  id: "perplexity",
  label: "Perplexity",
  protocol: "openai-responses",
  baseUrl: "https://api.perplexity.ai/v1",
  auth: [apiKey("PERPLEXITY_API_KEY", { page: "https://www.perplexity.ai/settings/api" })],
  docs: "https://docs.perplexity.ai",
  quirks: {},
  note: "Its chat completions ended on 2026-09-27; what is here is its Agent API.",
  source: { url: "https://docs.perplexity.ai/docs/grounded-llm/openai-compatibility", checkedOn: "2026-11-21" },
  facts: { note: { url: "https://docs.stigg.io/documentation/ai-agents/llm-wrappers/providers/perplexity.md", checkedOn: "2026-11-21" } },
});
