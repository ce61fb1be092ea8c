import { isObject, stated } from "../kernel/json-value.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { PriceStep } from "./catalog.ts";
import { isModelId, type JsonObject, type LiveList, type LiveModel, type LiveProvider, modalities, nameOr, tokens, yesOrNo } from "./live-model.ts";
import { day, newest } from "./iso-day.ts";
import { sdkProtocol } from "./sdk-protocols.ts";
import { statedPrice } from "./stated-price.ts";

/** The answer of models.dev/api.json: provider → models → facts. undefined when it is something else. */
export function readModelsDev(answer: unknown): LiveList | undefined {
  if (!isObject(answer)) return undefined;
  const entries = Object.entries(answer);
  const shaped = entries.filter((entry): entry is [string, JsonObject & { models: JsonObject }] => isObject(entry[1]) && isObject(entry[1]["models"]));
  if (shaped.length === 0 || shaped.length * 2 < entries.length) return undefined;
  const read = shaped.map(([id, provider]) => readProvider(id, provider));
  const providers = read.map(({ provider }) => provider).filter(({ models, ids }) => models.length + ids.length > 0);
  const skipped = entries.length - shaped.length + read.reduce((sum, one) => sum + one.skipped, 0);
  const newestDay = newest(
    shaped.map(([, { models }]) => newest(Object.values(models).map((model) => (isObject(model) ? day(model["last_updated"]) : undefined)))),
  );
  return providers.length === 0 ? undefined : { providers, skipped, ...(newestDay !== undefined && { newestDay }) };
}

function readProvider(id: string, provider: JsonObject & { models: JsonObject }): { provider: LiveProvider; skipped: number } {
  const entries = Object.entries(provider.models);
  const sound = entries.filter((entry): entry is [string, JsonObject] => isModelId(entry[0]) && isObject(entry[1]));
  const read = sound.map(([model, entry]) => readModel(model, entry, provider["npm"]));
  const hasFacts = ({ facts }: LiveModel): boolean => Object.keys(facts).some((fact) => fact !== "name" && fact !== "protocol");
  const bare = read.filter((model) => !hasFacts(model));
  return { provider: { id, models: read.filter(hasFacts), ids: bare.map((model) => model.id) }, skipped: entries.length - sound.length };
}

function readModel(id: string, entry: JsonObject, library: unknown): LiveModel {
  const limit = isObject(entry["limit"]) ? entry["limit"] : {};
  const modes = isObject(entry["modalities"]) ? entry["modalities"] : {};
  const cost = isObject(entry["cost"]) ? entry["cost"] : {};
  const name = nameOr(entry["name"], id);
  const priceSteps = readSteps(cost, { id, name });
  const facts = stated({
    name: name === id ? undefined : name,
    protocol: protocolOf(entry["provider"], library),
    contextTokens: tokens(limit["context"]),
    outputTokens: tokens(limit["output"]),
    input: modalities(modes["input"]),
    output: modalities(modes["output"]),
    tools: yesOrNo(entry["tool_call"]),
    reasoning: yesOrNo(entry["reasoning"]),
    usdPerMTok: readPrice(cost, { id, name }),
    releasedOn: day(entry["release_date"]),
    openWeights: yesOrNo(entry["open_weights"]),
    deprecated: entry["status"] === "deprecated" ? true : undefined,
  });
  return { id, facts, ...(priceSteps.length > 0 && { priceSteps }) };
}

/** A model with an address of its own is spoken with there, in a format that we cannot place. */
function protocolOf(own: unknown, library: unknown): ProtocolId | undefined {
  const { npm, shape, api }: JsonObject = isObject(own) ? own : {};
  return api === undefined ? sdkProtocol(npm ?? library, shape) : undefined;
}

function readPrice({ input, output, cache_read, cache_write }: JsonObject, model: { id: string; name: string }) {
  return statedPrice({ input, output, cacheRead: cache_read, cacheWrite: cache_write }, model);
}

function readSteps({ tiers }: JsonObject, model: { id: string; name: string }): PriceStep[] {
  return (Array.isArray(tiers) ? tiers.filter(isObject) : []).flatMap((tier) => {
    const aboveTokens = isObject(tier["tier"]) ? tokens(tier["tier"]["size"]) : undefined;
    const usdPerMTok = readPrice(tier, model);
    return aboveTokens === undefined || usdPerMTok === undefined ? [] : [{ aboveTokens, usdPerMTok }];
  });
}
