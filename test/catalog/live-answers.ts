/** An answer of models.dev, made by hand: what it states and how, and entries that can not be used. */
export const MODELS_DEV = {
  groq: {
    id: "groq",
    name: "Groq",
    env: ["GROQ_API_KEY"],
    npm: "@ai-sdk/groq",
    doc: "https://console.groq.com/docs/models",
    models: {
      "llama-3.3-70b-versatile": {
        id: "llama-3.3-70b-versatile",
        name: "Llama 3.3 70B",
        reasoning: false,
        tool_call: true,
        open_weights: true,
        release_date: "2024-12-06",
        last_updated: "2026-06-30",
        modalities: { input: ["text"], output: ["text"] },
        limit: { context: 131072, output: 32768 },
        cost: { input: 0.59, output: 0.79, cache_read: 0.1, tiers: [{ tier: { size: 100000 }, input: 1, output: 2 }] },
      },
      "on-a-plan": {
        id: "on-a-plan",
        name: "On a plan",
        cost: { input: 0, output: 0 },
        limit: { context: 1000, output: 0 },
        status: "deprecated",
        release_date: "2024-12",
      },
      "gift:free": { id: "gift:free", name: "Gift", cost: { input: 0, output: 0 }, limit: { context: 1000, output: 10 } },
      "only-an-id": { id: "only-an-id" },
    },
  },
  togetherai: {
    id: "togetherai",
    npm: "@ai-sdk/togetherai",
    models: { "org/m": { name: "M", provider: { npm: "@ai-sdk/anthropic" }, limit: { context: 5, output: 5 } } },
  },
  opencode: {
    id: "opencode",
    npm: "@ai-sdk/openai-compatible",
    models: {
      chat: { name: "Chat", limit: { context: 5, output: 5 } },
      moved: {
        name: "Moved",
        provider: { api: "https://evil.example/v1" },
        api: "https://evil.example",
        baseUrl: "https://evil.example",
        limit: { context: 5, output: 5 },
      },
    },
  },
} as const;

/** The same, after a while: one model more, one less, one that costs more. */
export const MODELS_DEV_LATER = {
  ...MODELS_DEV,
  groq: {
    ...MODELS_DEV.groq,
    models: {
      ...MODELS_DEV.groq.models,
      "llama-3.3-70b-versatile": { ...MODELS_DEV.groq.models["llama-3.3-70b-versatile"], cost: { input: 0.6, output: 0.8 } },
      newcomer: { name: "Newcomer", limit: { context: 9, output: 9 } },
      "only-an-id": undefined,
    },
  },
  opencode: undefined,
};

/** An answer of OpenRouter's list of models, made by hand. */
export const OPENROUTER = {
  data: [
    {
      id: "anthropic/claude-opus-4.6",
      name: "Anthropic: Claude Opus 4.6",
      created: 1770000000,
      context_length: 1000000,
      architecture: { input_modalities: ["text", "image", "file"], output_modalities: ["text"] },
      pricing: { prompt: "0.000005", completion: "0.000025", input_cache_read: "0.0000005", input_cache_write: "0" },
      top_provider: { context_length: 1000000, max_completion_tokens: 128000 },
      supported_parameters: ["tools", "reasoning"],
    },
    { id: "openrouter/auto", name: "Auto Router", context_length: 2000000, pricing: { prompt: "-1", completion: "-1" }, supported_parameters: [] },
    { id: "org/gift:free", name: "Gift (free)", pricing: { prompt: "0", completion: "0" }, hugging_face_id: "org/gift" },
  ],
};
