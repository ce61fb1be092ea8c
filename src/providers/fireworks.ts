import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, PI_AI } from "../provider/sources.ts";

export const fireworks = defineProvider({
  id: "fireworks",
  label: "Fireworks AI",
  aliases: ["fireworks-ai"],
  protocol: "openai-chat",
  baseUrl: "https://api.fireworks.ai/inference/v1",
  auth: [apiKey("FIREWORKS_API_KEY", { page: "https://fireworks.ai/account/api-keys" })],
  docs: "https://fireworks.ai/docs/",
  quirks: {},
  source: PI_AI,
  facts: { docs: MASTRA },
});
