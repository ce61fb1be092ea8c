import type { Catalog } from "../catalog/catalog.ts";
import { endpointOf } from "../catalog/endpoint.ts";
import { refText } from "../catalog/model-ref.ts";
import { parseRef, type Resolution } from "../catalog/resolve.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { AppError } from "../kernel/errors.ts";
import { type AgentId, toAgentId } from "../kernel/ids.ts";
import { didYouMean } from "../kernel/nearest.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import { readAllowlist } from "./allowlist.ts";
import type { Chain, ChainEntry, RefusalFallback } from "./chain.ts";
import type { RefusedRequest } from "./failure-policy.ts";
import type { Needs } from "./failover-plan.ts";
import { mappedName } from "./mapped-name.ts";
import type { LeftOut, Route, RoutedModel } from "./route.ts";

/** What the words for models mean on this machine. */
export interface RouteFacts {
  readonly config: LoadedConfig;
  readonly registry: ProviderRegistry;
  readonly catalog: Pick<Catalog, "find" | "models">;
  /** Whose chain counts where no agent is named. */
  readonly agentId: AgentId;
  /** Throws AGENT_UNKNOWN. */
  chainOf(agentId: AgentId): Chain;
}

export interface RouteNeeds extends Needs {
  /** Nobody but the model that was asked for may answer. */
  readonly strict?: boolean;
}

/**
 * The models that may answer for a word: `default`, `agent:<id>`, an alias, `provider/model`, `provider/model@profile`, or a bare name that the config
 * maps. Throws MODEL_REF_INVALID, MODEL_UNKNOWN, PROVIDER_UNKNOWN, AGENT_UNKNOWN.
 */
export function routeOf(asked: string, facts: RouteFacts, needs: RouteNeeds = {}): Route {
  const word = mappedName(asked.trim(), facts.config.value.gateway?.modelNames);
  const agentId = word.startsWith("agent:") ? toAgentId(word.slice("agent:".length)) : facts.agentId;
  const chain = facts.chainOf(agentId);
  if (word === "default" || word.startsWith("agent:")) return chainRoute(asked, agentId, chain, facts, needs);
  const resolution = resolved(word, chain, facts);
  const model = routed(resolution, "asked", facts);
  if (resolution.profile !== undefined) return { asked, models: [model], strict: "target", agentId, leftOut: [] };
  if (needs.strict === true) return { asked, models: [model], strict: "model", agentId, leftOut: [] };
  const { entries, refusalFallbacks, leftOut } = usableOf(chain, facts);
  // The default comes after its own fallbacks, as it does for the agents.
  const others = [...entries.filter(({ role }) => role === "fallback"), ...entries.filter(({ role }) => role === "default")];
  const inOrder = seeingFirst([model, ...models(others, facts)], entries, facts, needs);
  return { asked, strict: "no", agentId, models: withFollowers(inOrder, refusalFallbacks, facts), leftOut };
}

function chainRoute(asked: string, agentId: AgentId, chain: Chain, facts: RouteFacts, needs: RouteNeeds): Route {
  const { entries, refusalFallbacks, leftOut } = usableOf(chain, facts);
  const own = models(
    entries.filter(({ role }) => role === "default" || role === "fallback"),
    facts,
  );
  const route = { asked, agentId, leftOut };
  if (needs.strict === true && own[0] !== undefined) return { ...route, strict: "model", models: own.slice(0, 1) };
  const all = withFollowers(seeingFirst(own, entries, facts, needs), refusalFallbacks, facts);
  if (all.length > 0) return { ...route, strict: "no", models: all };
  const first = leftOut.find(({ reason }) => reason === "delegated");
  throw new AppError("MODEL_UNKNOWN", `no model of the chain of ${agentId} can be asked${first === undefined ? "" : `: ${first.model} ${first.why}`}`, {
    hint: "`{cli} models explain` says why: `{cli} models set` chooses another.",
  });
}

/** Image models come first where the first model cannot see; then the others. */
function seeingFirst(own: readonly RoutedModel[], entries: readonly Usable[], facts: RouteFacts, needs: Needs): readonly RoutedModel[] {
  const [first, ...rest] = own;
  if (needs.image !== true || first?.spec?.input === undefined || first.spec.input.includes("image")) return own;
  const seeing = entries.filter(({ role }) => role === "image" || role === "image-fallback");
  return [...models(seeing, facts), asDefault(first), ...rest];
}

/** One that was asked for by name is sent images that it cannot see, and a default is not: here others are asked before it. */
function asDefault(model: RoutedModel): RoutedModel {
  return model.from === "asked" ? { ...model, from: "default" } : model;
}

/** Each once. Those that the config names for refusals of the request itself come last, and are marked wherever they stand. */
function withFollowers(own: readonly RoutedModel[], fallbacks: readonly Usable<RefusalFallback>[], facts: RouteFacts): RoutedModel[] {
  if (fallbacks.length === 0) return once(own);
  const named = fallbacks.map(({ resolution, follows }) => ({ model: routed(resolution, "refusal-fallback", facts), follows }));
  return once([...own, ...named.map(({ model }) => model)]).map((model) => {
    const isNamed = (reason: RefusedRequest): boolean => named.some((one) => one.follows === reason && refText(one.model.ref) === refText(model.ref));
    return { ...model, follows: REFUSALS.filter(isNamed) };
  });
}

const REFUSALS: readonly RefusedRequest[] = ["content_filter", "format"];

type Usable<Entry = ChainEntry> = Entry & { readonly resolution: Resolution };

interface UsableModels {
  readonly entries: readonly Usable[];
  readonly refusalFallbacks: readonly Usable<RefusalFallback>[];
  readonly leftOut: readonly LeftOut[];
}

/** Without references that lead nowhere, programs of this machine, and what an allowlist keeps out. */
function usableOf(chain: Chain, { config, registry }: RouteFacts): UsableModels {
  const allowlist = readAllowlist(config, chain.resolve);
  const leftOut: LeftOut[] = [];
  const usable = <Entry extends ChainEntry | RefusalFallback>(entry: Entry): Usable<Entry>[] => {
    const { resolution, raw, problem } = entry;
    if (resolution === undefined) {
      leftOut.push({ model: raw, reason: "broken_reference", why: problem?.message ?? "leads nowhere" });
      return [];
    }
    const model = refText(resolution.ref);
    const isFallback = "role" in entry && (entry.role === "fallback" || entry.role === "image-fallback");
    if (registry.get(resolution.ref.provider) === undefined)
      leftOut.push({ model, reason: "delegated", why: "is answered by a program of this machine, with a login of its own" });
    else if (isFallback && allowlist?.allows(resolution.ref) === false)
      leftOut.push({ model, reason: "not_allowed", why: `is not in ${allowlist.keyPath.join(".")}` });
    else return [{ ...entry, resolution }];
    return [];
  };
  const [entries, refusalFallbacks] = [chain.entries.flatMap(usable), chain.refusalFallbacks.flatMap(usable)];
  return { entries, refusalFallbacks, leftOut };
}

function models(entries: readonly Usable[], facts: RouteFacts): RoutedModel[] {
  return entries.map(({ resolution, role }) => routed(resolution, role, facts));
}

/** A model's own protocol and address count before its provider's; one that no list has is asked all the same. */
function routed({ ref, profile }: Resolution, from: RoutedModel["from"], { registry, catalog }: RouteFacts): RoutedModel {
  const registered = registry.get(ref.provider);
  if (registered === undefined) {
    throw new AppError("MODEL_UNKNOWN", `${refText(ref)} is answered by a program of this machine, which cannot be asked from here`, {
      hint: "Ask another model, or use that program.",
    });
  }
  const entry = catalog.find(ref);
  const { provider } = registered;
  return { ref, provider: { ...provider, ...endpointOf(provider, entry) }, spec: entry?.spec, from, ...(profile !== undefined && { profile }) };
}

/** A bare word that is no alias is a model of the first provider that has it: the default one, then those of the chain. */
function resolved(word: string, chain: Chain, { catalog, registry }: RouteFacts): Resolution {
  const resolution = chain.resolve(word);
  if (resolution.via !== "default-provider" || catalog.find(resolution.ref) !== undefined) return resolution;
  const providers = [...new Set(chain.entries.flatMap((entry) => entry.resolution?.ref.provider ?? []))];
  for (const provider of providers) {
    const ref = parseRef(`${provider}/${resolution.ref.model}`, registry);
    if (ref !== undefined && catalog.find(ref) !== undefined) return { ...resolution, ref: { provider: ref.provider, model: ref.model } };
  }
  if (catalog.models(chain.defaultProvider).length === 0) return resolution;
  const known = chain.aliases.all.map(({ alias }) => alias);
  throw new AppError("MODEL_UNKNOWN", `"${word.slice(0, 100)}" is no alias, and no provider of the chain has such a model`, {
    hint: `Write provider/model, or say what it means: \`{cli} config set 'gateway.modelNames["${word.slice(0, 100)}"]' default\`.${didYouMean(word, known)}`,
  });
}

function once(all: readonly RoutedModel[]): RoutedModel[] {
  const seen = new Set<string>();
  return all.filter(({ ref, profile }) => {
    const key = `${refText(ref)}@${profile ?? ""}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
