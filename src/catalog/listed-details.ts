import { isObject } from "../kernel/json-value.ts";
import type { JsonObject } from "./live-model.ts";

/** What the entry of a list says beyond the facts that catalogues keep. Each is absent where the list does not state it. */
export interface ListedDetails {
  /** Milliseconds since 1970. */
  readonly createdAtMs?: number;
  /** As the vendor writes it: "text+image->text". */
  readonly modality?: string;
  /** Names of parameters: "tools", "response_format", … */
  readonly parameters?: readonly string[];
  readonly usdPerToken?: TokenPricing;
  /** The most that one request of this account may have. */
  readonly requestLimits?: RequestLimits;
}

/** US dollars for one token; `request`, `image` and `webSearch` for one of them. */
export interface TokenPricing {
  prompt: number;
  completion: number;
  request: number;
  image: number;
  webSearch: number;
  internalReasoning: number;
}

export interface RequestLimits {
  promptTokens: number | null;
  completionTokens: number | null;
}

/**
 * The fields that OpenRouter documents (https://openrouter.ai/docs/models, read on 2026-11-21): `created` in seconds, `architecture.modality`,
 * `supported_parameters`, `pricing` as texts, `per_request_limits`. Others who follow it state some of them.
 */
export function readDetails(entry: unknown): ListedDetails {
  if (!isObject(entry)) return {};
  const architecture = isObject(entry["architecture"]) ? entry["architecture"] : {};
  const createdAtMs = instant(entry["created"]);
  const modality = architecture["modality"];
  const parameters = entry["supported_parameters"];
  const usdPerToken = pricingOf(entry["pricing"]);
  const requestLimits = limitsOf(entry["per_request_limits"]);
  return {
    ...(createdAtMs !== undefined && { createdAtMs }),
    ...(typeof modality === "string" && modality !== "" && { modality: modality.slice(0, 100) }),
    ...(Array.isArray(parameters) && { parameters: parameters.filter((name): name is string => typeof name === "string") }),
    ...(usdPerToken !== undefined && { usdPerToken }),
    ...(requestLimits !== undefined && { requestLimits }),
  };
}

/** Below this a number cannot be milliseconds of a model's life: it is seconds. */
const SECONDS_END = 1e11;
/** 2015-01-01: before it there were no such models, and a 0 says that nobody knows. */
const FIRST_MS = 1_420_070_400_000;

function instant(value: unknown): number | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  const ms = Math.round(value < SECONDS_END ? value * 1000 : value);
  return ms >= FIRST_MS && ms <= 8.64e15 ? ms : undefined;
}

/** undefined without a price for both ways. A router's price is -1: it depends on the model that it chooses. */
function pricingOf(value: unknown): TokenPricing | undefined {
  if (!isObject(value)) return undefined;
  const [prompt, completion] = [usd(value, "prompt"), usd(value, "completion")];
  if (prompt === undefined || completion === undefined) return undefined;
  return {
    prompt,
    completion,
    request: usd(value, "request") ?? 0,
    image: usd(value, "image") ?? 0,
    webSearch: usd(value, "web_search") ?? 0,
    internalReasoning: usd(value, "internal_reasoning") ?? 0,
  };
}

function usd(pricing: JsonObject, name: string): number | undefined {
  return numberOf(pricing[name], (amount) => amount >= 0);
}

function limitsOf(value: unknown): RequestLimits | undefined {
  if (!isObject(value)) return undefined;
  const count = (name: string): number | null => numberOf(value[name], (tokens) => Number.isSafeInteger(tokens) && tokens > 0) ?? null;
  const limits = { promptTokens: count("prompt_tokens"), completionTokens: count("completion_tokens") };
  return limits.promptTokens === null && limits.completionTokens === null ? undefined : limits;
}

/** Texts and numbers alike. */
function numberOf(value: unknown, isPossible: (amount: number) => boolean): number | undefined {
  const amount = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof amount === "number" && Number.isFinite(amount) && isPossible(amount) ? amount : undefined;
}
