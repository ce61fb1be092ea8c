import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS, MASTRA } from "../provider/sources.ts";

export const chutes = defineProvider({
  id: "chutes",
  label: "Chutes",
  protocol: "openai-chat",
  baseUrl: "https://llm.chutes.ai/v1",
  auth: [
    {
      kind: "oauth",
      label: "Chutes login",
      env: ["CHUTES_OAUTH_TOKEN"],
      flow: "browser",
      note: "Needs an application that you register with Chutes; its use is billed to you.",
    },
    apiKey("CHUTES_API_KEY"),
  ],
  docs: "https://chutes.ai/docs/sign-in-with-chutes/overview",
  modelsPath: "/models",
  quirks: {},
  source: MASTRA,
  facts: { env: INSTALLATIONS },
});
