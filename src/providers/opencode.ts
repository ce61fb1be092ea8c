import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS, MASTRA, PI_AI } from "../provider/sources.ts";

export const opencode = defineProvider({
  id: "opencode",
  label: "OpenCode Zen",
  aliases: ["opencode-zen"],
  protocol: "openai-chat",
  baseUrl: "https://opencode.ai/inference/openai/v1",
  auth: [apiKey(["OPENCODE_API_KEY", "OPENCODE_ZEN_API_KEY"])],
  docs: "https://opencode.ai/docs/zen",
  quirks: {},
  source: PI_AI,
  facts: { env: INSTALLATIONS, docs: MASTRA },
});
