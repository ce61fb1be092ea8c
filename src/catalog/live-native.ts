import { isObject, stated } from "../kernel/json-value.ts";
import type { Modality } from "../provider/model-spec.ts";
import { listed, type ListedModel, type ModelList } from "./live-list.ts";
import { isModelId, type JsonObject, tokens, yesOrNo } from "./live-model.ts";
import type { StatedFacts } from "./readings.ts";
import { statedPrice } from "./stated-price.ts";

/** What one server's own API says of one model, beyond its list. */
export type NativeFacts = Pick<ListedModel, "facts" | "serves">;

/**
 * Names of `GET /api/tags` of Ollama. Each entry has a digest, which no other list of models has.
 * https://github.com/ollama/ollama/blob/main/docs/api.md, 2026-11-21. undefined when it is something else.
 */
export function readOllamaTags(answer: unknown): readonly string[] | undefined {
  const models = isObject(answer) && !("data" in answer) ? answer["models"] : undefined;
  if (!Array.isArray(models)) return undefined;
  const names = models.flatMap((entry: unknown) => (isObject(entry) && isModelId(entry["name"]) && typeof entry["digest"] === "string" ? entry["name"] : []));
  return names.length < models.length ? undefined : names;
}

/** `POST /api/show`: `num_ctx` where the model sets one, else the most that it was made for; what it can do. */
export function readOllamaShow(answer: unknown): NativeFacts {
  if (!isObject(answer)) return { facts: {} };
  const { parameters, capabilities, model_info: info } = answer;
  const set = typeof parameters === "string" ? tokens(Number(/^num_ctx\s+(\d+)\s*$/m.exec(parameters)?.[1])) : undefined;
  const words: readonly unknown[] | undefined = Array.isArray(capabilities) ? capabilities : undefined;
  const facts = stated({
    contextTokens: set ?? madeFor(info),
    input: words && (words.includes("vision") ? (["text", "image"] as const) : (["text"] as const)),
    tools: words?.includes("tools"),
    reasoning: words?.includes("thinking"),
  });
  return { facts, ...(words?.includes("embedding") === true && !words.includes("completion") && { serves: "embeddings" as const }) };
}

/** `<architecture>.context_length`. */
function madeFor(info: unknown): number | undefined {
  if (!isObject(info)) return undefined;
  const key = `${String(info["general.architecture"])}.context_length`;
  return tokens(info[key]);
}

/** `GET /api/ps`: with how much context each loaded model runs now, where the server says it. */
export function readOllamaRunning(answer: unknown): ReadonlyMap<string, number> {
  const models: unknown = isObject(answer) ? answer["models"] : undefined;
  const running = new Map<string, number>();
  for (const entry of Array.isArray(models) ? (models as unknown[]) : []) {
    const context = isObject(entry) ? tokens(entry["context_length"]) : undefined;
    if (isObject(entry) && typeof entry["name"] === "string" && context !== undefined) running.set(entry["name"], context);
  }
  return running;
}

/** `GET /props` of llama.cpp: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md, 2026-11-21. */
export function readLlamaCppProps(answer: unknown): NativeFacts | undefined {
  if (!isObject(answer) || !isObject(answer["default_generation_settings"])) return undefined;
  const { default_generation_settings: settings, modalities, chat_template_caps: caps } = answer;
  const facts = stated({
    contextTokens: tokens(settings["n_ctx"]),
    input: isObject(modalities) ? inputs(modalities["vision"], modalities["audio"]) : undefined,
    tools: isObject(caps) ? yesOrNo(caps["supports_tools"]) : undefined,
  });
  return { facts };
}

/** `GET /get_model_info` of SGLang: https://docs.sglang.io/basic_usage/native_api.html, 2026-11-21. */
export function readSglangInfo(answer: unknown): NativeFacts | undefined {
  if (!isObject(answer) || typeof answer["model_path"] !== "string") return undefined;
  const { is_generation: generates, has_image_understanding: sees, has_audio_understanding: hears } = answer;
  const facts = stated({ input: typeof sees === "boolean" ? inputs(sees, hears) : undefined });
  return { facts, ...(generates === false && { serves: "other" as const }) };
}

function inputs(vision: unknown, audio: unknown): readonly Modality[] {
  return ["text", ...(vision === true ? (["image"] as const) : []), ...(audio === true ? (["audio"] as const) : [])];
}

/** `GET /model/info` of LiteLLM, one entry a deployment: https://docs.litellm.ai/docs/proxy/model_management, 2026-11-21. */
export function readLiteLlmInfo(answer: unknown): ModelList | undefined {
  const entries: unknown = isObject(answer) ? answer["data"] : undefined;
  if (!Array.isArray(entries)) return undefined;
  const deployments = entries.filter((entry: unknown): entry is JsonObject => isObject(entry) && isObject(entry["litellm_params"]));
  if (deployments.length < entries.length) return undefined;
  const models = new Map<string, ListedModel>();
  for (const { model_name: id, model_info: info } of deployments) {
    if (isModelId(id) && !models.has(id)) models.set(id, liteLlmModel(id, isObject(info) ? info : {}));
  }
  return { models: [...models.values()], skipped: deployments.filter(({ model_name: id }) => !isModelId(id)).length };
}

function liteLlmModel(id: string, info: JsonObject): ListedModel {
  const vision = yesOrNo(info["supports_vision"]);
  const facts: StatedFacts = stated({
    contextTokens: tokens(info["max_input_tokens"]),
    outputTokens: tokens(info["max_output_tokens"]),
    input: vision === undefined ? undefined : inputs(vision, info["supports_audio_input"]),
    tools: yesOrNo(info["supports_function_calling"]),
    reasoning: yesOrNo(info["supports_reasoning"]),
    usdPerMTok: statedPrice({ input: perMillion(info["input_cost_per_token"]), output: perMillion(info["output_cost_per_token"]) }, { id, name: id }),
  });
  const { mode } = info;
  return listed(id, facts, mode === "embedding" ? "embeddings" : typeof mode === "string" && !/^(chat|completion|responses)$/.test(mode) ? "other" : undefined);
}

function perMillion(usd: unknown): number | undefined {
  return typeof usd === "number" && Number.isFinite(usd) && usd >= 0 ? Math.round(usd * 1e12) / 1e6 : undefined;
}
