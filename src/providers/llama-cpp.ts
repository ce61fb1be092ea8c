import { apiKey, defineProvider } from "../provider/provider.ts";

export const llamaCpp = defineProvider({
  id: "llama-cpp",
  label: "llama.cpp",
  aliases: ["llama.cpp", "llamacpp"],
  protocol: "openai-chat",
  baseUrl: "http://127.0.0.1:8080/v1",
  auth: [apiKey("LLAMA_API_KEY", { label: "API key, if the server asks" }), { kind: "none", label: "No key" }],
  docs: "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
  local: true,
  quirks: {},
  note: "Newer servers listen on port 9931 instead of 8080: set the base URL then.",
  source: { url: "https://www.mintlify.com/ggml-org/llama.cpp/inference/server", checkedOn: "2026-11-21" },
  facts: {
    env: { url: "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md", checkedOn: "2026-11-21" },
    note: { url: "https://github.com/ggml-org/llama.cpp/pull/26508", checkedOn: "2026-11-21" },
  },
});
