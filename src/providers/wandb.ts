import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA } from "../provider/sources.ts";

export const wandb = defineProvider({
  id: "wandb",
  label: "CoreWeave (Weights & Biases)",
  protocol: "openai-chat",
  baseUrl: "https://api.inference.wandb.ai/v1",
  auth: [apiKey("WANDB_API_KEY")],
  docs: "https://docs.wandb.ai/inference",
  quirks: {},
  source: MASTRA,
});
