import { isObject, stated } from "../kernel/json-value.ts";
import { isModelId, type JsonObject, type LiveList, type LiveModel, modalities, nameOr, tokens } from "./live-model.ts";
import { statedPrice } from "./stated-price.ts";

/** OpenRouter's own list of models (`GET /api/v1/models`). undefined when it is something else. */
export function readOpenRouterList(answer: unknown): LiveList | undefined {
  if (!isObject(answer) || !Array.isArray(answer["data"])) return undefined;
  const entries: readonly unknown[] = answer["data"];
  const sound = entries.filter((entry): entry is JsonObject & { id: string } => isObject(entry) && isModelId(entry["id"]));
  if (sound.length === 0 || sound.length * 2 < entries.length) return undefined;
  const models = [...new Map(sound.map((entry) => [entry.id, readModel(entry)])).values()];
  return { providers: [{ id: "openrouter", models, ids: [] }], skipped: entries.length - sound.length };
}

/** The address of the rest of a list that comes in pages. Only on the server that was asked. */
export function nextPage(answer: unknown, url: string): string | undefined {
  const links = isObject(answer) ? answer["links"] : undefined;
  const next = isObject(links) ? links["next"] : undefined;
  if (typeof next !== "string" || !URL.canParse(next, url)) return undefined;
  const resolved = new URL(next, url);
  return resolved.origin === new URL(url).origin ? resolved.href : undefined;
}

/** undefined when one of the pages is something else. */
export function joinPages(pages: readonly (LiveList | undefined)[]): LiveList | undefined {
  const read = pages.filter((page) => page !== undefined);
  if (read.length < pages.length) return undefined;
  const models = read.flatMap(({ providers }) => providers.flatMap((provider) => provider.models));
  return { providers: [{ id: "openrouter", models, ids: [] }], skipped: read.reduce((sum, { skipped }) => sum + skipped, 0) };
}

function readModel(entry: JsonObject & { id: string }): LiveModel {
  const architecture = isObject(entry["architecture"]) ? entry["architecture"] : {};
  const top = isObject(entry["top_provider"]) ? entry["top_provider"] : {};
  const parameters = Array.isArray(entry["supported_parameters"]) ? entry["supported_parameters"] : undefined;
  const name = nameOr(entry["name"], entry.id);
  const facts = stated({
    name: name === entry.id ? undefined : name,
    contextTokens: tokens(entry["context_length"]) ?? tokens(top["context_length"]),
    outputTokens: tokens(top["max_completion_tokens"]),
    input: modalities(architecture["input_modalities"]),
    output: modalities(architecture["output_modalities"]),
    tools: parameters?.includes("tools"),
    reasoning: parameters?.includes("reasoning"),
    usdPerMTok: readPrice(entry["pricing"], { id: entry.id, name }),
    openWeights: typeof entry["hugging_face_id"] === "string" && entry["hugging_face_id"] !== "" ? true : undefined,
    deprecated: typeof entry["expiration_date"] === "string" ? true : undefined,
  });
  return { id: entry.id, facts };
}

/** Dollars for one token, as text; negative where the price depends on the model that a router chooses. */
function readPrice(pricing: unknown, model: { id: string; name: string }) {
  const { prompt, completion, input_cache_read, input_cache_write }: JsonObject = isObject(pricing) ? pricing : {};
  const [cacheRead, cacheWrite] = [perMillion(input_cache_read), perMillion(input_cache_write)];
  return statedPrice(
    { input: perMillion(prompt), output: perMillion(completion), cacheRead: cacheRead || undefined, cacheWrite: cacheWrite || undefined },
    model,
  );
}

function perMillion(text: unknown): number | undefined {
  const usd = typeof text === "string" && text.trim() !== "" ? Number(text) : text;
  return typeof usd === "number" && Number.isFinite(usd) && usd >= 0 ? Math.round(usd * 1e12) / 1e6 : undefined;
}
