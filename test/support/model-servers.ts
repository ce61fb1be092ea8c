/**
 * Servers of models as answers: what each real one is documented or was seen to answer, read on 2026-11-21. Nothing here listens; `serve.ts` does.
 */
export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly json: unknown;
}

export type ModelServer = (asked: Asked) => Answered;

const ok = (json: unknown): Answered => ({ status: 200, json });

/** By path without its query. */
function paths(known: Readonly<Record<string, (asked: Asked) => Answered>>, otherwise: Answered): ModelServer {
  return (asked) => known[asked.path.split("?")[0] ?? ""]?.(asked) ?? otherwise;
}

/** https://github.com/ollama/ollama/blob/main/docs/api.md and types/model/capability.go. */
export const ollamaServer: ModelServer = paths(
  {
    "/v1/models": () =>
      ok({
        object: "list",
        data: ["llama3.1:8b", "qwen3:4b", "llava:7b", "nomic-embed-text:latest"].map((id) => ({
          id,
          object: "model",
          created: 1_730_000_000,
          owned_by: "library",
        })),
      }),
    "/api/tags": () =>
      ok({
        models: ["llama3.1:8b", "qwen3:4b", "llava:7b", "nomic-embed-text:latest"].map((name) => ({
          name,
          model: name,
          modified_at: "2025-10-03T23:34:03.409490317-07:00",
          size: 4_661_224_676,
          digest: "365c0bd3c000a25d28ddbf732fe1c6add414de7275464c4e4d1c3b5fcb5d8ad1",
          details: { parent_model: "", format: "gguf", family: "llama", families: ["llama"], parameter_size: "8.0B", quantization_level: "Q4_0" },
        })),
      }),
    "/api/ps": () => ok({ models: [{ name: "llama3.1:8b", model: "llama3.1:8b", size: 5_137_025_024, digest: "365c0bd3", context_length: 4096 }] }),
    "/api/show": ({ body }) => {
      const { model } = JSON.parse(body) as { model: string };
      const shown = OLLAMA_SHOWN[model];
      return shown === undefined ? { status: 404, json: { error: `model '${model}' not found` } } : ok(shown);
    },
  },
  { status: 404, json: "404 page not found" },
);

const OLLAMA_SHOWN: Readonly<Record<string, unknown>> = {
  "llama3.1:8b": { model_info: { "general.architecture": "llama", "llama.context_length": 131_072 }, capabilities: ["completion", "tools"] },
  "qwen3:4b": {
    parameters: 'num_ctx                        16384\nstop                           "<|im_end|>"',
    model_info: { "general.architecture": "qwen3", "qwen3.context_length": 262_144 },
    capabilities: ["completion", "tools", "thinking"],
  },
  "llava:7b": { model_info: { "general.architecture": "llama", "llama.context_length": 32_768 }, capabilities: ["completion", "vision"] },
  "nomic-embed-text:latest": { model_info: { "general.architecture": "nomic-bert", "nomic-bert.context_length": 2048 }, capabilities: ["embedding"] },
};

/** https://lmstudio.ai/docs/developer/rest/endpoints. */
export const lmStudioServer: ModelServer = paths(
  {
    "/v1/models": () =>
      ok({
        object: "list",
        data: ["qwen2-vl-7b-instruct", "meta-llama-3.1-8b-instruct", "text-embedding-nomic-embed-text-v1.5"].map((id) => ({
          id,
          object: "model",
          owned_by: "organization_owner",
        })),
      }),
    "/api/v0/models": () =>
      ok({
        object: "list",
        data: [
          {
            id: "qwen2-vl-7b-instruct",
            object: "model",
            type: "vlm",
            publisher: "mlx-community",
            arch: "qwen2_vl",
            state: "not-loaded",
            max_context_length: 32_768,
          },
          {
            ...{ id: "meta-llama-3.1-8b-instruct", object: "model", type: "llm", publisher: "lmstudio-community", arch: "llama", state: "loaded" },
            ...{ max_context_length: 131_072, loaded_context_length: 8192, capabilities: ["tool_use"] },
          },
          {
            id: "text-embedding-nomic-embed-text-v1.5",
            object: "model",
            type: "embeddings",
            arch: "nomic-bert",
            state: "not-loaded",
            max_context_length: 2048,
          },
        ],
      }),
  },
  // LM Studio answers 200 to what it does not know.
  ok({ error: "Unexpected endpoint or method." }),
);

/** https://github.com/vllm-project/vllm, entrypoints/openai: ModelCard. */
export const vllmServer: ModelServer = paths(
  {
    "/v1/models": () =>
      ok({
        object: "list",
        data: [
          {
            ...{ id: "Qwen/Qwen3-32B", object: "model", created: 1_739_935_000, owned_by: "vllm", root: "Qwen/Qwen3-32B", parent: null, max_model_len: 40_960 },
            permission: [{ id: "modelperm-d076145f", object: "model_permission", allow_sampling: true }],
          },
        ],
      }),
  },
  { status: 404, json: { detail: "Not Found" } },
);

/** https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md. */
export const llamaCppServer: ModelServer = paths(
  {
    "/v1/models": () =>
      ok({
        models: [{ name: "gemma-3-4b-it", model: "gemma-3-4b-it", digest: "", capabilities: ["completion"], details: { format: "gguf" } }],
        object: "list",
        data: [
          {
            ...{ id: "gemma-3-4b-it", object: "model", created: 1_791_322_978, owned_by: "llamacpp" },
            meta: { vocab_type: 2, n_vocab: 262_144, n_ctx_train: 131_072, n_embd: 2560, n_params: 3_880_099_328, size: 2_489_757_696 },
          },
        ],
      }),
    "/props": () =>
      ok({
        default_generation_settings: { id: 0, n_ctx: 16_384 },
        total_slots: 1,
        model_path: "../models/gemma-3-4b-it-Q4_K_M.gguf",
        chat_template_caps: { supports_tools: true },
        modalities: { vision: true, audio: false },
        build_info: "b8681-Debian",
      }),
  },
  { status: 404, json: { error: { code: 404, message: "File Not Found", type: "not_found_error" } } },
);

/** https://docs.sglang.io/basic_usage/native_api.html. */
export const sglangServer: ModelServer = paths(
  {
    "/v1/models": () =>
      ok({
        object: "list",
        data: [
          {
            ...{ id: "Qwen/Qwen2.5-VL-7B-Instruct", object: "model", created: 1_730_000_000, owned_by: "sglang" },
            ...{ root: "Qwen/Qwen2.5-VL-7B-Instruct", parent: null, max_model_len: 128_000 },
          },
        ],
      }),
    "/get_model_info": () =>
      ok({
        model_path: "Qwen/Qwen2.5-VL-7B-Instruct",
        tokenizer_path: "Qwen/Qwen2.5-VL-7B-Instruct",
        is_generation: true,
        preferred_sampling_params: null,
        weight_version: "default",
        has_image_understanding: true,
        has_audio_understanding: false,
      }),
  },
  { status: 404, json: { detail: "Not Found" } },
);

/** https://docs.litellm.ai/docs/proxy/model_management; two deployments of one name. */
export const liteLlmServer: ModelServer = paths(
  {
    "/v1/models": () => ok({ data: ["gpt-4o", "embed"].map((id) => ({ id, object: "model", created: 1_677_610_602, owned_by: "openai" })), object: "list" }),
    "/health/liveliness": () => ok("I'm alive!"),
    "/model/info": () =>
      ok({
        data: [
          liteLlmDeployment("gpt-4o", {
            ...{ max_tokens: 16_384, max_input_tokens: 128_000, max_output_tokens: 16_384, input_cost_per_token: 2.5e-6, output_cost_per_token: 1e-5 },
            ...{ mode: "chat", supports_vision: true, supports_function_calling: true },
          }),
          liteLlmDeployment("gpt-4o", { max_input_tokens: 1, mode: "chat" }),
          liteLlmDeployment("embed", { max_input_tokens: 8191, mode: "embedding", supports_vision: null }),
        ],
      }),
  },
  { status: 404, json: { detail: "Not Found" } },
);

function liteLlmDeployment(name: string, info: object): object {
  return { model_name: name, litellm_params: { model: `openai/${name}` }, model_info: { id: "e889baac", db_model: false, ...info } };
}

/** LiteLLM with a master key: https://docs.litellm.ai/docs/proxy/virtual_keys. */
export const lockedLiteLlmServer: ModelServer = (asked) =>
  asked.path === "/health/liveliness" || asked.headers["authorization"] === `Bearer ${LITELLM_KEY}`
    ? liteLlmServer(asked)
    : { status: 401, json: { error: { message: "Authentication Error, No api key passed in.", type: "auth_error", param: "None", code: "401" } } };

export const LITELLM_KEY = "sk-litellm-0123456789abcdef";
export const VENDOR_KEY = "sk-vendor-0123456789abcdef";

/** https://openrouter.ai/docs/models; free and paid, text and images. */
export const openRouterServer: ModelServer = ({ path, headers }) => {
  if (path.split("?")[0] !== "/api/v1/models") return { status: 404, json: { error: { message: "Not Found", code: 404 } } };
  if (headers["authorization"] !== `Bearer ${VENDOR_KEY}`) return { status: 401, json: { error: { message: "No auth credentials found", code: 401 } } };
  return ok({
    data: [
      {
        ...{ id: "meta-llama/llama-3.3-70b-instruct:free", name: "Meta: Llama 3.3 70B Instruct (free)", created: 1_733_506_137, context_length: 131_072 },
        architecture: { modality: "text->text", input_modalities: ["text"], output_modalities: ["text"], tokenizer: "Llama3" },
        pricing: { prompt: "0", completion: "0" },
        top_provider: { context_length: 131_072, max_completion_tokens: 8192, is_moderated: false },
        supported_parameters: ["tools", "temperature"],
      },
      {
        ...{ id: "google/gemini-2.5-pro", name: "Google: Gemini 2.5 Pro", created: 1_750_169_544, context_length: 1_048_576 },
        architecture: { modality: "text+image->text", input_modalities: ["text", "image", "file"], output_modalities: ["text"], tokenizer: "Gemini" },
        pricing: { prompt: "0.00000125", completion: "0.00001" },
        top_provider: { context_length: 1_048_576, max_completion_tokens: 65_536, is_moderated: false },
        supported_parameters: ["tools", "reasoning"],
      },
    ],
  });
};

/** https://platform.claude.com/docs/en/api/cli/models/list.md; two pages. */
export const anthropicServer: ModelServer = ({ path, headers }) => {
  const url = new URL(path, "http://server");
  if (headers["x-api-key"] !== VENDOR_KEY) {
    return { status: 401, json: { type: "error", error: { type: "authentication_error", message: "x-api-key header is required" }, request_id: "req_011" } };
  }
  if (url.pathname !== "/v1/models" || headers["anthropic-version"] === undefined)
    return { status: 404, json: { type: "error", error: { type: "not_found_error" } } };
  const isSecond = url.searchParams.get("after_id") === "claude-opus-4-6";
  const [id, name] = isSecond ? ["claude-haiku-4-5-20251001", "Claude Haiku 4.5"] : ["claude-opus-4-6", "Claude Opus 4.6"];
  const model = {
    ...{ id, type: "model", display_name: name, created_at: "2026-02-04T00:00:00Z", max_input_tokens: 1_000_000, max_tokens: 128_000 },
    capabilities: { image_input: { supported: true }, pdf_input: { supported: true }, thinking: { supported: !isSecond } },
  };
  return ok({ data: [model], has_more: !isSecond, first_id: id, last_id: id });
};

/** https://ai.google.dev/api/models; two pages. */
export const googleServer: ModelServer = ({ path, headers }) => {
  const url = new URL(path, "http://server");
  if (headers["x-goog-api-key"] !== VENDOR_KEY) {
    return { status: 403, json: { error: { code: 403, message: "Method doesn't allow unregistered callers", status: "PERMISSION_DENIED" } } };
  }
  if (url.pathname !== "/v1beta/models") return { status: 404, json: { error: { code: 404, status: "NOT_FOUND" } } };
  const limits = { version: "2.5", inputTokenLimit: 1_048_576, outputTokenLimit: 65_536 };
  if (url.searchParams.get("pageToken") === "next") {
    return ok({
      models: [
        {
          name: "models/gemini-embedding-001",
          displayName: "Gemini Embedding 001",
          inputTokenLimit: 2048,
          outputTokenLimit: 1,
          supportedGenerationMethods: ["embedContent"],
        },
      ],
    });
  }
  const model = {
    name: "models/gemini-2.5-pro",
    displayName: "Gemini 2.5 Pro",
    ...limits,
    supportedGenerationMethods: ["generateContent", "countTokens"],
    thinking: true,
  };
  return ok({ models: [model], nextPageToken: "next" });
};
