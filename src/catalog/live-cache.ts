import type { Host } from "../kernel/host.ts";
import { isObject, parseJson, stated } from "../kernel/json-value.ts";
import type { UsdPerMTok } from "../provider/model-spec.ts";
import { day } from "./iso-day.ts";
import { listed, type ListedModel } from "./live-list.ts";
import { isModelId, isProviderId, modalities, tokens, yesOrNo } from "./live-model.ts";
import { statedPrice } from "./stated-price.ts";

/** What a provider listed, for whom, and when. */
export interface KeptList {
  readonly url: string;
  /** Whose list it is: the account and its fingerprint. Another account may be allowed other models. */
  readonly account: string;
  readonly takenAtMs: number;
  readonly models: readonly ListedModel[];
}

const LARGEST_BYTES = 8 * 1024 * 1024;
const VERSION = 1;

/** undefined when there is none, or none that can be used: it is asked for again, so that a damaged one needs no words. */
export function readKept(host: Host, stateDir: string, provider: string): KeptList | undefined {
  const file = fileOf(host, stateDir, provider);
  const read = file === undefined ? undefined : host.readText(file, LARGEST_BYTES);
  if (read?.kind !== "text") return undefined;
  const value = parseJson(read.text);
  if (!isObject(value) || value["v"] !== VERSION) return undefined;
  const { url, account, takenAtMs, models } = value;
  if (typeof url !== "string" || typeof account !== "string" || typeof takenAtMs !== "number" || !Array.isArray(models)) return undefined;
  if (!Number.isFinite(takenAtMs) || takenAtMs < 0 || takenAtMs > host.nowMs()) return undefined;
  return { url, account, takenAtMs, models: models.flatMap((model: unknown) => keptModel(model) ?? []) };
}

/** Throws FILE_WRITE_FAILED. */
export function keepList(host: Host, stateDir: string, provider: string, list: KeptList): void {
  const file = fileOf(host, stateDir, provider);
  if (file !== undefined) host.replaceFile(file, `${JSON.stringify({ v: VERSION, ...list })}\n`);
}

function fileOf(host: Host, stateDir: string, provider: string): string | undefined {
  return isProviderId(provider) ? host.paths.join(stateDir, "signalbox", "live", `${provider}.json`) : undefined;
}

/** As `keepList` wrote it; whoever changed it since, nothing of another kind comes out. */
function keptModel(value: unknown): ListedModel | undefined {
  if (!isObject(value) || !isModelId(value["id"]) || !isObject(value["facts"])) return undefined;
  const { id, facts, serves } = value;
  const { name, contextTokens, outputTokens, input, output, tools, reasoning, usdPerMTok, releasedOn, deprecated } = facts;
  const kept = stated({
    name: typeof name === "string" ? name.slice(0, 200) : undefined,
    contextTokens: tokens(contextTokens),
    outputTokens: tokens(outputTokens),
    input: modalities(input),
    output: modalities(output),
    tools: yesOrNo(tools),
    reasoning: yesOrNo(reasoning),
    usdPerMTok: priceOf(usdPerMTok, id),
    releasedOn: day(releasedOn),
    deprecated: deprecated === true ? true : undefined,
  });
  return listed(id, kept, serves === "embeddings" || serves === "other" ? serves : undefined);
}

/** It was judged when it was kept: a price of nothing means free. */
function priceOf(value: unknown, id: string): UsdPerMTok | undefined {
  return isObject(value) ? statedPrice(value, { id, means: "free" }) : undefined;
}
