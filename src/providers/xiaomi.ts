import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const xiaomi = defineProvider({
  id: "xiaomi",
  label: "Xiaomi MiMo",
  protocol: "openai-chat",
  baseUrl: "https://api.xiaomimimo.com/v1",
  auth: [apiKey("XIAOMI_API_KEY")],
  docs: "https://platform.xiaomimimo.com/#/docs",
  quirks: {},
  source: PI_AI,
  facts: { docs: MASTRA },
});
