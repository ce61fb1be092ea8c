import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS, MODELS_DEV, PI_AI } from "../provider/sources.ts";

export const amazonBedrock = defineProvider({
  id: "amazon-bedrock",
  label: "Amazon Bedrock",
  protocol: "bedrock-converse",
  baseUrl: undefined,
  auth: [
    apiKey("AWS_BEARER_TOKEN_BEDROCK", { label: "Bedrock API key", page: "https://console.aws.amazon.com/bedrock" }),
    { kind: "delegated", label: "AWS login", to: "aws", note: "The AWS credential chain: access keys, a profile, or a role." },
  ],
  docs: "https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html",
  quirks: { addressing: "bedrock-region" },
  source: PI_AI,
  facts: { env: INSTALLATIONS, docs: MODELS_DEV },
});
