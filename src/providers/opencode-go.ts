import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const opencodeGo = defineProvider({
  id: "opencode-go",
  label: "OpenCode Go",
  protocol: "openai-chat",
  baseUrl: "https://opencode.ai/inference/go/openai/v1",
  auth: [apiKey("OPENCODE_API_KEY")],
  docs: "https://opencode.ai/docs/go",
  quirks: { maxTokensField: "max_tokens" },
  source: PI_AI,
  facts: { docs: MASTRA },
});
