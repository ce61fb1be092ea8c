/** Which program answers; the first six are told apart by what only they say. */
export type ServerKind =
  | "ollama"
  | "lmstudio"
  | "vllm"
  | "llama-cpp"
  | "sglang"
  | "litellm"
  | "openai-compatible"
  | "anthropic-compatible"
  | "google-compatible";

/** As people write them. */
export const SERVER_LABELS: Readonly<Record<ServerKind, string>> = {
  ollama: "Ollama",
  lmstudio: "LM Studio",
  vllm: "vLLM",
  "llama-cpp": "llama.cpp",
  sglang: "SGLang",
  litellm: "LiteLLM",
  "openai-compatible": "a server that speaks OpenAI's protocol",
  "anthropic-compatible": "a server that speaks Anthropic's protocol",
  "google-compatible": "a server that speaks Google's protocol",
};
