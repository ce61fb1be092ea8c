import { refText } from "../catalog/model-ref.ts";
import { type AliasTable, aliasTable, parseRef, type Resolution, resolveRef } from "../catalog/resolve.ts";
import type { Agent, Agents } from "../config/agents.ts";
import type { KeyPath, LoadedConfig } from "../config/loaded-config.ts";
import { cliBackends } from "../credentials/cli-backends.ts";
import { type AppError, assertNever, expected } from "../kernel/errors.ts";
import { type ProviderId, toAgentId, toProviderId } from "../kernel/ids.ts";
import { nearest } from "../kernel/nearest.ts";
import type { Place } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";
import type { ProviderRegistry } from "../provider/registry.ts";
import type { RefusedRequest } from "./failure-policy.ts";
import { limitKeyProblems } from "./limit-keys.ts";

export type ChainRole = "default" | "fallback" | "image" | "image-fallback";

/** One place in the chosen agent's chain. */
export interface ChainEntry {
  readonly role: ChainRole;
  /** From 1 within its role. */
  readonly position: number;
  /** As written. */
  readonly raw: string;
  /** undefined when the reference leads nowhere; `problem` then says why. */
  readonly resolution: Resolution | undefined;
  readonly problem?: Problem;
  readonly from: "agent" | "defaults" | "built-in";
  /** The key that says so; undefined for what nobody wrote. */
  readonly keyPath: KeyPath | undefined;
  /** Costs a second reading of the file: ask only when it is shown. */
  placeOf(): Place | undefined;
}

/** A model that is asked where others refused the request itself. As a ChainEntry, though it has no place in the chain. */
export interface RefusalFallback extends Pick<ChainEntry, "raw" | "keyPath" | "resolution" | "problem" | "placeOf"> {
  readonly follows: RefusedRequest;
}

/** The models that answer for the chosen agent, in order: default, fallbacks, image model, image fallbacks. */
export interface Chain {
  readonly entries: readonly ChainEntry[];
  /** As `contentPolicyFallbacks` and `formatFallbacks` list them, for every agent. */
  readonly refusalFallbacks: readonly RefusalFallback[];
  readonly aliases: AliasTable;
  readonly defaultProvider: ProviderId;
  /** Of everything in the config that names a model to be asked, or limits one. */
  readonly problems: readonly Problem[];
  /** Whose list of fallbacks counts, also when it is empty. */
  readonly fallbacksFrom: "agent" | "defaults";
  /** As the chain's own references are resolved. Throws MODEL_REF_INVALID or PROVIDER_UNKNOWN. */
  resolve(text: string): Resolution;
}

/** What counts where nobody chose a model. */
const BUILT_IN_DEFAULT = "anthropic/claude-opus-4-6";
const DEFAULTS: KeyPath = ["agents", "defaults"];
const BUILT_IN_PROVIDER = toProviderId("anthropic");

type Written = Pick<ChainEntry, "raw" | "keyPath"> & (Pick<ChainEntry, "role" | "position"> | Pick<RefusalFallback, "follows">);
type Listed = Pick<ChainEntry, "role" | "position" | "raw" | "from" | "keyPath">;
type Settled = Pick<ChainEntry, "resolution" | "problem" | "placeOf">;

/** Aliases resolved; a reference that leads nowhere stays as an entry with its problem, and the others go on. */
export function readChain(config: LoadedConfig, agents: Agents, registry: ProviderRegistry): Chain {
  const aliases = aliasTable(config.value.agents?.defaults?.models);
  const backends = cliBackends(config);
  const resolveWith = (text: string, defaultProvider: ProviderId): Resolution => resolveOrBackend(text, { aliases, defaultProvider, registry }, backends);
  const settle = <W extends Written>(written: W, provider: ProviderId): W & Settled => settled(written, config, (text) => resolveWith(text, provider));

  const primary = settle(primaryOf(config, agents.chosen), BUILT_IN_PROVIDER);
  const defaultProvider = primary.resolution?.ref.provider ?? BUILT_IN_PROVIDER;
  const entries = [primary, ...othersOf(config, agents.chosen).map((written) => settle(written, defaultProvider))];
  const refusalFallbacks = refusalListsOf(config).map((written) => settle(written, defaultProvider));
  const ofRefs = [...entries, ...refusalFallbacks].flatMap((entry) => entry.problem ?? mistypedAlias(entry, aliases) ?? []);
  return {
    entries,
    refusalFallbacks,
    aliases,
    defaultProvider,
    problems: [...ofRefs, ...limitKeyProblems(config, registry)],
    fallbacksFrom: agents.chosen.model?.fallbacks === undefined ? "defaults" : "agent",
    resolve: (text) => resolveWith(text, defaultProvider),
  };
}

/** A CLI-backed provider is none of the registry's when only the config names it. */
function resolveOrBackend(text: string, context: Parameters<typeof resolveRef>[1], backends: ReadonlySet<ProviderId>): Resolution {
  const alias = context.aliases.find(text);
  const ref = parseRef(alias?.target ?? text, context.registry);
  if (ref === undefined || !backends.has(ref.provider)) return resolveRef(text, context);
  return { ref: { provider: ref.provider, model: ref.model }, ...(alias === undefined ? { via: "reference" } : { via: "alias", alias }) };
}

function settled<W extends Written>(written: W, config: LoadedConfig, resolve: (text: string) => Resolution): W & Settled {
  const placeOf = (): Place | undefined => placeOfKey(config, written.keyPath);
  try {
    return { ...written, resolution: resolve(written.raw), placeOf };
  } catch (thrown) {
    return { ...written, resolution: undefined, problem: brokenRef(written, expected(thrown), placeOf()), placeOf };
  }
}

/** A model written as a text alone has its place where the long form has its object. */
function placeOfKey(config: LoadedConfig, keyPath: KeyPath | undefined): Place | undefined {
  return keyPath === undefined ? undefined : (config.placeOf(keyPath) ?? config.placeOf(keyPath.slice(0, -1)));
}

function brokenRef(written: Written, error: AppError, place: Place | undefined): Problem {
  return {
    code: "REF_BROKEN",
    severity: "error",
    subject: (written.keyPath ?? []).join("."),
    message: `${whatOf(written)} "${written.raw.slice(0, 100)}" leads nowhere: ${error.message}`,
    hint: error.hint,
    ...(place !== undefined && { place }),
  };
}

/** A word that is no alias is a model of the default provider; where an alias is that near, it was hardly meant so. */
function mistypedAlias(entry: Written & Settled, aliases: AliasTable): Problem | undefined {
  const { raw, resolution, keyPath, placeOf } = entry;
  if (resolution?.via !== "default-provider") return undefined;
  const [near] = nearest(
    raw,
    aliases.all.map(({ alias }) => alias),
    1,
  );
  if (near === undefined) return undefined;
  const place = placeOf();
  return {
    code: "REF_BROKEN",
    severity: "warning",
    subject: (keyPath ?? []).join("."),
    message: `${whatOf(entry)} "${raw.slice(0, 100)}" is no alias, so it is read as ${refText(resolution.ref)}`,
    hint: `Did you mean the alias "${near}"? Otherwise write ${refText(resolution.ref)}.`,
    ...(place !== undefined && { place }),
  };
}

function whatOf(written: Written): string {
  return "follows" in written ? `the fallback after ${written.follows}` : roleText(written.role, written.position);
}

/** "the default model", "fallback 2", "image fallback 1". */
export function roleText(role: ChainRole, position: number): string {
  switch (role) {
    case "default":
      return "the default model";
    case "fallback":
      return `fallback ${position}`;
    case "image":
      return "the image model";
    case "image-fallback":
      return `image fallback ${position}`;
    default:
      return assertNever(role);
  }
}

function primaryOf(config: LoadedConfig, agent: Agent): Listed {
  const own = agent.model?.primary?.trim() ?? "";
  if (own !== "") return { role: "default", position: 1, raw: own, from: "agent", keyPath: [...agentPath(config, agent), "primary"] };
  const written = config.value.agents?.defaults?.model?.primary?.trim() ?? "";
  if (written === "") return { role: "default", position: 1, raw: BUILT_IN_DEFAULT, from: "built-in", keyPath: undefined };
  return { role: "default", position: 1, raw: written, from: "defaults", keyPath: [...DEFAULTS, "model", "primary"] };
}

function othersOf(config: LoadedConfig, agent: Agent): Listed[] {
  const { model, imageModel } = config.value.agents?.defaults ?? {};
  const own = agent.model?.fallbacks;
  const image = imageModel?.primary?.trim() ?? "";
  return [
    ...(own === undefined
      ? listed("fallback", model?.fallbacks, "defaults", [...DEFAULTS, "model", "fallbacks"])
      : listed("fallback", own, "agent", [...agentPath(config, agent), "fallbacks"])),
    ...(image === "" ? [] : [{ role: "image", position: 1, raw: image, from: "defaults", keyPath: [...DEFAULTS, "imageModel", "primary"] } as const]),
    ...listed("image-fallback", imageModel?.fallbacks, "defaults", [...DEFAULTS, "imageModel", "fallbacks"]),
  ];
}

function listed(role: ChainRole, texts: readonly string[] = [], from: "agent" | "defaults", path: KeyPath): Listed[] {
  return texts.map((raw, i) => ({ role, position: i + 1, raw, from, keyPath: [...path, i] }));
}

function refusalListsOf({ value }: LoadedConfig): (Written & Pick<RefusalFallback, "follows">)[] {
  const { contentPolicyFallbacks = [], formatFallbacks = [] } = value.signalbox?.routing ?? {};
  const path = ["signalbox", "routing"];
  return [
    ...contentPolicyFallbacks.map((raw, i) => ({ follows: "content_filter" as const, raw, keyPath: [...path, "contentPolicyFallbacks", i] })),
    ...formatFallbacks.map((raw, i) => ({ follows: "format" as const, raw, keyPath: [...path, "formatFallbacks", i] })),
  ];
}

function agentPath(config: LoadedConfig, agent: Agent): KeyPath {
  const index = (config.value.agents?.list ?? []).findIndex(({ id }) => toAgentId(id) === agent.id);
  return ["agents", "list", index, "model"];
}
