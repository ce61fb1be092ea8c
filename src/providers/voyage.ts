import { apiKey, defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

export const voyage = defineProvider({
  id: "voyage",
  label: "Voyage AI",
  aliases: ["voyageai"],
  protocol: "openai-chat",
  serves: "embeddings",
  baseUrl: "https://api.voyageai.com/v1",
  auth: [apiKey("VOYAGE_API_KEY", { page: "https://dashboard.voyageai.com/organization/api-keys" })],
  docs: "https://docs.voyageai.com",
  quirks: {},
  source: { url: "https://mongodb-developer.github.io/search-lab/docs/vector-search/create-vectors/ws-voyageai", checkedOn: "2026-11-21" },
  facts: { env: INSTALLATIONS },
});
