import { refText } from "../catalog/model-ref.ts";
import type { Glance } from "../catalog/catalog.ts";
import { expected } from "../kernel/errors.ts";
import { type ProviderId, toModelId } from "../kernel/ids.ts";
import type { ModelSpec, UsdPerMTok } from "../provider/model-spec.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { Route } from "../routing/route.ts";
import type { RouteNeeds } from "../routing/route-request.ts";
import type { Dialect } from "./dialect.ts";
import { type GatewayKey, mayAsk } from "./gateway-key.ts";
import type { Generation } from "./generation.ts";

/** A name that a client may send as `model`. */
export interface ModelRow {
  readonly id: string;
  readonly name: string;
  /** For words: "provider/model". */
  readonly means?: string;
  /** Seconds since 1970; 0 where nobody states the day. */
  readonly created: number;
  readonly contextTokens?: number;
  readonly outputTokens?: number;
  readonly usdPerMTok?: UsdPerMTok;
}

/** Formats that are answered at the paths of a client's own where nothing is translated. */
const ANSWERED: Readonly<Record<Dialect, readonly ProtocolId[]>> = {
  "openai-chat": ["openai-chat", "openai-responses"],
  "openai-responses": ["openai-chat", "openai-responses"],
  "anthropic-messages": ["anthropic-messages"],
};

const EVERY: readonly ProtocolId[] = ["openai-chat", "openai-responses", "anthropic-messages", "google-generate", "bedrock-converse"];

/** Words first, then the models of every provider that has an account or needs none. Only what this client can ask in its format. */
export function listModels(generation: Generation, { owner, dialect }: { readonly owner: GatewayKey | "self"; readonly dialect: Dialect }): ModelRow[] {
  const { broker } = generation;
  const registry = broker.registry();
  const formats = generation.limits.translation === "off" ? ANSWERED[dialect] : EVERY;
  const rows = [...wordRows(generation, formats)];
  const seen = new Set<string>();
  for (const provider of providersToAsk(generation)) {
    const registered = registry.get(provider);
    if (registered === undefined || registered.provider.serves !== undefined) continue;
    for (const glance of broker.catalog().glances(provider, "facts")) {
      const id = `${provider}/${glance.id}`;
      const protocol = broker.catalog().find({ provider, model: toModelId(glance.id) })?.spec.protocol ?? registered.provider.protocol;
      if (seen.has(id) || !formats.includes(protocol)) continue;
      seen.add(id);
      rows.push(rowOf(id, glance));
    }
  }
  return owner === "self" ? rows : rows.filter(({ id, means }) => mayAsk(owner, id, ...(means === undefined ? [] : [means])));
}

function* wordRows(generation: Generation, formats: readonly ProtocolId[]): Generator<ModelRow> {
  const { broker } = generation;
  const words = ["default", ...broker.agents().all.map(({ id }) => `agent:${id}`), ...broker.chain().aliases.all.map(({ alias }) => alias)];
  for (const word of words) {
    // A word that leads nowhere is no model; `models status` says why.
    const first = routeTo(word, generation, { serves: "chat" })?.models.find(({ provider }) => formats.includes(provider.protocol));
    if (first !== undefined) yield { ...factsOf(first.spec), id: word, name: word, means: refText(first.ref) };
  }
}

/** undefined for what cannot be asked from here. Throws a bug of ours. */
export function routeTo(asked: string, generation: Generation, needs: RouteNeeds): Route | undefined {
  try {
    return generation.route(asked, needs);
  } catch (thrown) {
    expected(thrown);
    return undefined;
  }
}

function providersToAsk({ broker }: Generation): ProviderId[] {
  const credentials = broker.credentials();
  const withAccount = credentials.profiles.map(({ provider }) => provider);
  const own = broker
    .registry()
    .customised.map(({ provider }) => broker.registry().idOf(provider.id))
    .filter((id) => credentials.standingOf(id)?.kind === "not needed");
  return [...new Set([...withAccount, ...own])].toSorted();
}

function rowOf(id: string, { name, contextTokens, outputTokens, usdPerMTok, releasedOn }: Glance): ModelRow {
  return {
    id,
    name,
    created: secondsOf(releasedOn),
    ...(contextTokens !== null && { contextTokens }),
    ...(outputTokens !== null && { outputTokens }),
    ...(usdPerMTok !== null && { usdPerMTok }),
  };
}

function factsOf(spec: ModelSpec | undefined): Omit<ModelRow, "id" | "name"> {
  const { contextTokens, outputTokens, usdPerMTok } = spec ?? {};
  return {
    created: secondsOf(spec?.releasedOn ?? null),
    ...(contextTokens !== undefined && { contextTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(usdPerMTok !== undefined && { usdPerMTok }),
  };
}

function secondsOf(day: string | null): number {
  const ms = day === null ? Number.NaN : Date.parse(day);
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1000);
}
