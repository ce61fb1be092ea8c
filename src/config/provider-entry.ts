import { type ProviderId, toModelId } from "../kernel/ids.ts";
import { nearest } from "../kernel/nearest.ts";
import { isLocal } from "../provider/local-address.ts";
import type { ModelSpec } from "../provider/model-spec.ts";
import { LEGACY_APIS, PROTOCOL_IDS, type ProtocolId } from "../provider/protocol-id.ts";
import type { CustomProvider, ProviderOrigin } from "../provider/registry.ts";
import type { KeyPath } from "./loaded-config.ts";
import type { ModelEntry, ProviderEntry } from "./models-schema.ts";

/** What is wrong with one entry of `models.providers`, here or in a models.json. `path` counts from the entry. */
export interface EntryFault {
  readonly path: KeyPath;
  readonly breaks: "entry" | "model" | "key";
  readonly message: string;
  readonly hint: string;
}

export interface EntrySource {
  readonly id: ProviderId;
  readonly origin: ProviderOrigin;
  /** We know the provider: its address need not be given. */
  readonly isBuiltIn: boolean;
  readonly keyVariable: string | undefined;
}

const AUTH_MODES = ["api-key", "aws-sdk", "oauth", "token"] as const;
type AuthMode = (typeof AUTH_MODES)[number];

/** As much of an entry as is read, here or in a models.json of any version. */
type Entry = Pick<ProviderEntry, "baseUrl" | "apiKey" | "auth" | "api"> & { readonly models?: readonly Model[] };
type Model = Pick<ModelEntry, "id" | "name" | "api" | "reasoning" | "cost" | "contextWindow" | "maxTokens"> & { readonly input?: readonly string[] };

/** One entry as a provider. With a fault that breaks the entry there is none; a model with a fault is left out. */
export function readEntry(entry: Entry, source: EntrySource): { readonly provider?: CustomProvider; readonly faults: readonly EntryFault[] } {
  const faults = entryFaults(entry, source);
  if (faults.length > 0) return { faults };
  const { protocol } = protocolOf(entry.api);
  const baseUrl = entry.baseUrl?.trim();
  const server = baseUrl !== undefined && isLocal(baseUrl) ? "own" : "vendor";
  const models: ModelSpec[] = [];
  const modelFaults: EntryFault[] = [];
  entry.models?.forEach((model, index) => {
    const fault = modelFault(model, index);
    if (fault === undefined) models.push(toSpec(source.id, model, server));
    else modelFaults.push(fault);
  });
  const provider: CustomProvider = {
    id: source.id,
    origin: source.origin,
    ...(baseUrl !== undefined && { baseUrl }),
    ...(protocol !== undefined && { protocol }),
    ...(entry.apiKey?.isBlank === false && { apiKey: entry.apiKey }),
    ...(source.keyVariable !== undefined && { keyVariable: source.keyVariable }),
    ...(entry.auth !== undefined && { authMode: entry.auth as AuthMode }),
    models,
  };
  return { provider, faults: modelFaults };
}

function entryFaults(entry: Entry, { id, isBuiltIn }: EntrySource): EntryFault[] {
  const faults: EntryFault[] = [];
  const fault = (key: string, message: string, hint: string): void => void faults.push({ path: [key], breaks: "entry", message, hint });
  if (id === "") fault("", "a provider has no name", "Give the entry the provider's id as its key.");
  if (entry.baseUrl === undefined && !isBuiltIn)
    fault("baseUrl", `the provider "${id}" has no baseUrl`, "Add the address of its API, for example https://host/v1.");
  if (entry.baseUrl !== undefined && !isWebAddress(entry.baseUrl))
    fault("baseUrl", `the baseUrl of "${id}" is not an address`, "Write it with http:// or https://, for example https://host/v1.");
  const { unknown } = protocolOf(entry.api);
  if (unknown !== undefined) fault("api", `the api of "${id}" is not one that is known`, unknown);
  if (entry.auth !== undefined && !(AUTH_MODES as readonly string[]).includes(entry.auth))
    fault("auth", `the auth of "${id}" is not one that is known`, suggestion(entry.auth, AUTH_MODES));
  return faults;
}

function modelFault(model: Model, index: number): EntryFault | undefined {
  if (model.id.trim() === "")
    return { path: ["models", index, "id"], breaks: "model", message: `models[${index}] has a blank id`, hint: "Write the id as the provider's API names it." };
  const { unknown } = protocolOf(model.api);
  if (unknown === undefined) return undefined;
  return {
    path: ["models", index, "api"],
    breaks: "model",
    message: `the api of models[${index}] is not one that is known`,
    hint: unknown,
  };
}

/** `unknown` is the hint for a name that is none. */
function protocolOf(api: string | undefined): { readonly protocol?: ProtocolId; readonly unknown?: string } {
  if (api === undefined) return {};
  const own = PROTOCOL_IDS.find((id) => id === api.trim());
  const protocol = own ?? (Object.hasOwn(LEGACY_APIS, api.trim()) ? LEGACY_APIS[api.trim()] : undefined);
  return protocol === undefined ? { unknown: suggestion(api, [...Object.keys(LEGACY_APIS), ...PROTOCOL_IDS]) } : { protocol };
}

function suggestion(written: string, known: readonly string[]): string {
  const [near] = nearest(written, known, 1);
  return near === undefined ? `Known: ${known.join(", ")}.` : `Did you mean "${near}"?`;
}

function isWebAddress(text: string): boolean {
  const address = text.trim();
  return /^https?:\/\//i.test(address) && URL.canParse(address);
}

const MODALITIES = ["text", "image", "audio", "video", "pdf"] as const;

/** Whether the models run on a machine of the user's or with somebody who may charge for them. */
type Server = "own" | "vendor";

function toSpec(provider: ProviderId, model: Model, server: Server): ModelSpec {
  const id = toModelId(model.id);
  const { protocol } = protocolOf(model.api);
  const usdPerMTok = priceOf(model.cost, server);
  const input = model.input?.flatMap((name) => MODALITIES.find((modality) => modality === name) ?? []);
  return {
    provider,
    id,
    name: model.name?.trim() || id,
    ...(protocol !== undefined && { protocol }),
    ...(model.contextWindow !== undefined && { contextTokens: model.contextWindow }),
    ...(model.maxTokens !== undefined && { outputTokens: model.maxTokens }),
    ...(input !== undefined && { input }),
    ...(model.reasoning !== undefined && { reasoning: model.reasoning }),
    ...(usdPerMTok !== undefined && { usdPerMTok }),
  };
}

/** Older agents write 0 where no price was given, so four zeros say "free" only of a server of one's own. */
function priceOf(cost: ModelEntry["cost"], server: Server): ModelSpec["usdPerMTok"] {
  if (cost?.input === undefined || cost.output === undefined) return undefined;
  const isAllZero = [cost.input, cost.output, cost.cacheRead ?? 0, cost.cacheWrite ?? 0].every((price) => price === 0);
  if (isAllZero && server === "vendor") return undefined;
  return {
    input: cost.input,
    output: cost.output,
    ...(cost.cacheRead !== undefined && { cacheRead: cost.cacheRead }),
    ...(cost.cacheWrite !== undefined && { cacheWrite: cost.cacheWrite }),
  };
}
