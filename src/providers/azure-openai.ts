import { apiKey, defineProvider } from "../provider/provider.ts";
import { MODELS_DEV, PI_AI } from "../provider/sources.ts";

export const azureOpenai = defineProvider({
  id: "azure-openai",
  label: "Azure OpenAI",
  aliases: ["azure", "azure-openai-responses"],
  protocol: "openai-chat",
  baseUrl: undefined,
  auth: [
    apiKey(["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"]),
    { kind: "delegated", label: "Azure login", to: "az", note: "`az login`, or an application of your own directory." },
  ],
  docs: "https://learn.microsoft.com/en-us/azure/ai-services/openai/concepts/models",
  quirks: { addressing: "azure-deployment", authHeader: "api-key" },
  source: MODELS_DEV,
  facts: { env: PI_AI },
});
