import { isObject, stated } from "../kernel/json-value.ts";
import type { Modality } from "../provider/model-spec.ts";
import { day } from "./iso-day.ts";
import { isModelId, type JsonObject, modalities, nameOr, tokens, yesOrNo } from "./live-model.ts";
import { readOpenRouterList } from "./openrouter-list.ts";
import type { StatedFacts } from "./readings.ts";

/** One model as a server lists it for one credential. */
export interface ListedModel {
  readonly id: string;
  readonly facts: StatedFacts;
  /** What it is for, where that is not chat. */
  readonly serves?: "embeddings" | "other";
}

export interface ModelList {
  readonly models: readonly ListedModel[];
  /** Entries that could not be used. */
  readonly skipped: number;
}

/**
 * A list of models as vendors and servers write it: `data` of OpenAI and all who follow it, `models` of Google, or a bare list. Facts are taken from
 * the fields that the servers document; where each stands was read on 2026-11-21:
 * - vLLM and SGLang `max_model_len`: https://github.com/vllm-project/vllm, https://docs.sglang.io/basic_usage/native_api.html
 * - llama.cpp `meta`, `architecture`: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
 * - LM Studio `type`, `loaded_context_length`, `max_context_length`: https://lmstudio.ai/docs/developer/rest/endpoints
 * - Anthropic `max_input_tokens`, `max_tokens`, `capabilities`: https://platform.claude.com/docs/en/api/cli/models/list.md
 * - Google `inputTokenLimit`, `supportedGenerationMethods`, `thinking`: https://ai.google.dev/api/models
 * - OpenRouter `top_provider`, `supported_parameters`: https://openrouter.ai/docs/models; the rest as lists of other vendors answer
 * undefined when it is something else.
 */
export function readModelList(answer: unknown): ModelList | undefined {
  const entries = entriesOf(answer);
  if (entries === undefined) return undefined;
  if (isObject(entries[0]) && isObject(entries[0]["top_provider"])) return fromOpenRouter(answer);
  const naming = isObject(answer) && !Array.isArray(answer["data"]) ? "name" : "id";
  const read = entries.flatMap((entry) => readEntry(entry, naming) ?? []);
  if (read.length * 2 < entries.length) return undefined;
  const models = [...new Map(read.map((model) => [model.id, model])).values()];
  return { models, skipped: entries.length - read.length };
}

/** The entries themselves, unread. undefined when it is no list of models. */
export function entriesOf(answer: unknown): readonly unknown[] | undefined {
  if (Array.isArray(answer)) return answer;
  if (!isObject(answer)) return undefined;
  const { data, models, object } = answer;
  // An Ollama without models.
  if (data === null && object === "list") return [];
  return [data, models].find((list): list is unknown[] => Array.isArray(list));
}

function fromOpenRouter(answer: unknown): ModelList | undefined {
  const list = readOpenRouterList(answer);
  if (list === undefined) return undefined;
  const models = list.providers.flatMap((provider) => provider.models);
  return { models: models.map(({ id, facts }) => listed(id, facts, facts.output?.includes("text") === false ? "other" : undefined)), skipped: list.skipped };
}

/** With `serves` only where there is something to say. */
export function listed(id: string, facts: StatedFacts, serves: ListedModel["serves"]): ListedModel {
  return { id, facts, ...(serves !== undefined && { serves }) };
}

/** In lists of Google's kind the name is the id. */
function readEntry(entry: unknown, naming: "id" | "name"): ListedModel | undefined {
  if (!isObject(entry)) return undefined;
  const id = entry["id"] === undefined && naming === "name" ? resourceName(entry["name"]) : entry["id"];
  if (!isModelId(id)) return undefined;
  const name = nameOr(entry["display_name"] ?? entry["displayName"] ?? (entry["id"] === undefined ? undefined : entry["name"]), id);
  const facts = stated({
    name: name === id ? undefined : name,
    contextTokens: firstCount(entry, CONTEXT),
    outputTokens: firstCount(entry, entry["type"] === "model" ? [...OUTPUT, ["max_tokens"]] : OUTPUT),
    input: inputOf(entry),
    tools: abilityOf(entry, ["function_calling", "tool_use", "tools"]),
    reasoning: yesOrNo(entry["thinking"]) ?? abilityOf(entry, ["thinking", "reasoning"]),
    releasedOn: dayOf(entry["created_at"]),
  });
  return listed(id, facts, servesOf(entry));
}

/** What is loaded or served now counts before what the model could at most. */
const CONTEXT = [
  ["loaded_context_length"],
  ["max_model_len"],
  ["meta", "n_ctx"],
  ["context_length"],
  ["context_window"],
  ["max_context_length"],
  ["inputTokenLimit"],
  ["max_input_tokens"],
  ["meta", "n_ctx_train"],
];
const OUTPUT = [["max_completion_tokens"], ["max_output_tokens"], ["outputTokenLimit"]];

function firstCount(entry: JsonObject, paths: readonly (readonly string[])[]): number | undefined {
  for (const path of paths) {
    const count = tokens(path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), entry));
    if (count !== undefined) return count;
  }
  return undefined;
}

/** "models/gemini-2.5-pro" is gemini-2.5-pro. */
function resourceName(name: unknown): unknown {
  return typeof name === "string" && name.startsWith("models/") ? name.slice("models/".length) : name;
}

function inputOf(entry: JsonObject): readonly Modality[] | undefined {
  const architecture = isObject(entry["architecture"]) ? entry["architecture"] : {};
  const named = modalities(architecture["input_modalities"]);
  if (named !== undefined) return named;
  const vision = entry["type"] === "vlm" ? true : entry["type"] === "llm" ? false : abilityOf(entry, ["vision", "image_input"]);
  if (vision === undefined) return undefined;
  const documents = abilityOf(entry, ["pdf_input"]) === true ? (["pdf"] as const) : [];
  return vision ? ["text", "image", ...documents] : ["text", ...documents];
}

/** `capabilities` is a list of words, an object of booleans, or an object of `{ supported }`. A list says yes to what it names, and nothing of the rest. */
function abilityOf(entry: JsonObject, names: readonly string[]): boolean | undefined {
  const { capabilities, supported_features: features, supported_parameters: parameters } = entry;
  const words = [capabilities, features, parameters].flatMap((list: unknown) => (Array.isArray(list) ? list : []));
  if (names.some((name) => words.includes(name))) return true;
  if (!isObject(capabilities)) return undefined;
  const said = names.map((name) => capabilities[name]).find((value) => value !== undefined);
  return yesOrNo(isObject(said) ? said["supported"] : said);
}

function servesOf(entry: JsonObject): ListedModel["serves"] {
  const { type, capabilities, supportedGenerationMethods: methods } = entry;
  if (type === "embeddings" || type === "embedding") return "embeddings";
  if (isObject(capabilities) && capabilities["completion_chat"] === false) return "other";
  if (!Array.isArray(methods) || methods.includes("generateContent")) return undefined;
  return methods.includes("embedContent") ? "embeddings" : "other";
}

/** Of an instant as text. Vendors write 1970 where they do not know. */
function dayOf(instant: unknown): string | undefined {
  const written = typeof instant === "string" ? day(instant.slice(0, 10)) : undefined;
  return written?.startsWith("1970") === true ? undefined : written;
}
