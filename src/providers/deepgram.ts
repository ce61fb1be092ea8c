import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

export const deepgram = defineProvider({
  id: "deepgram",
  label: "Deepgram",
  protocol: "openai-chat",
  serves: "transcription",
  baseUrl: "https://api.deepgram.com/v1",
  auth: [apiKey("DEEPGRAM_API_KEY", { page: "https://console.deepgram.com" })],
  docs: "https://developers.deepgram.com/docs/authenticating",
  quirks: {},
  source: { url: "https://developers.deepgram.com/docs/authenticating", checkedOn: "2026-11-21" },
  facts: { env: INSTALLATIONS },
});
