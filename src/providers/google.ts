import { apiKey, defineProvider } from "../provider/provider.ts";
import { MASTRA, MODELS_DEV, PI_AI } from "../provider/sources.ts";

export const google = defineProvider({
  id: "google",
  label: "Google Gemini",
  protocol: "google-generate",
  baseUrl: "https://generativelanguage.googleapis.com/v1beta",
  auth: [apiKey(["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"], { page: "https://aistudio.google.com/app/apikey" })],
  docs: "https://ai.google.dev/gemini-api/docs/models",
  quirks: {},
  source: PI_AI,
  facts: { env: MODELS_DEV, docs: MASTRA },
});
