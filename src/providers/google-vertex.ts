import { apiKey, defineProvider } from "../provider/provider.ts";
import { MODELS_DEV, PI_AI } from "../provider/sources.ts";

export const googleVertex = defineProvider({
  id: "google-vertex",
  label: "Google Vertex AI",
  protocol: "google-generate",
  baseUrl: undefined,
  auth: [
    apiKey("GOOGLE_CLOUD_API_KEY"),
    {
      kind: "delegated",
      label: "Google Cloud login",
      to: "gcloud",
      note: "Application default credentials, with GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION.",
    },
  ],
  docs: "https://cloud.google.com/vertex-ai/generative-ai/docs/models",
  quirks: { addressing: "vertex" },
  source: PI_AI,
  facts: { docs: MODELS_DEV },
});
