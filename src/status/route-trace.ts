import { refText } from "../catalog/model-ref.ts";
import type { LoadedConfig } from "../config/loaded-config.ts";
import { asAppError } from "../kernel/errors.ts";
import { type AgentId, toAgentId } from "../kernel/ids.ts";
import type { ChainEntry } from "../routing/chain.ts";
import { mappedName } from "../routing/mapped-name.ts";
import { type RouteFacts, routeOf } from "../routing/route-request.ts";
import type { Route, RoutedModel } from "../routing/route.ts";
import { type PlaceRow, placeRow } from "./place-row.ts";
import { type LeftOutTrace, type ModelTrace, type TraceFacts, traceAsked, traceEntry } from "./trace.ts";

/** A name that the config gives a meaning. */
export interface MappedName {
  name: string;
  /** The key of `gateway.modelNames` that fits. */
  pattern: string;
  means: string;
  place: PlaceRow | null;
}

/** What the router makes of a word, a step for each place that it looks at, in the order in which they would be asked. */
export interface RouteTrace {
  /** undefined where no model of the chain can be asked. */
  readonly route: Route | undefined;
  readonly steps: readonly RouteStep[];
}

export interface RouteStep {
  readonly trace: ModelTrace;
  /** undefined where the route leaves it out. */
  readonly model: RoutedModel | undefined;
}

/** The agent whose chain and accounts a word names; undefined where it names none. */
export function agentAsked(asked: string | undefined, config: LoadedConfig): AgentId | undefined {
  const word = wordOf(asked, config);
  return word.startsWith("agent:") ? toAgentId(word.slice("agent:".length)) : undefined;
}

/** null where the name stands for itself. */
export function mappedNameOf(asked: string | undefined, config: LoadedConfig): MappedName | null {
  const name = asked?.trim() ?? "";
  const means = wordOf(asked, config);
  if (name === "" || means === name) return null;
  const names = config.value.gateway?.modelNames ?? {};
  const fitting = Object.keys(names).filter((key) => names[key] === means && mappedName(name, { [key]: means }) === means);
  const pattern = fitting.find((key) => key === name) ?? fitting[0] ?? name;
  return { name, pattern, means, place: placeRow(config.placeOf(["gateway", "modelNames", pattern])) };
}

/** Throws what `routeOf` throws of a word that leads nowhere; not of a chain in which nobody can be asked. */
export function traceRoute(asked: string | undefined, trace: TraceFacts): RouteTrace {
  const { examined, catalog } = trace;
  const { config, registry, chain, agents } = examined;
  const facts: RouteFacts = { config: withoutNames(config), registry, catalog, agentId: agents.chosen.id, chainOf: () => chain };
  const word = wordOf(asked, config);
  const isChain = word === "default" || word.startsWith("agent:");
  const route = isChain ? chainRouteOf(word, facts) : routeOf(word, facts, { serves: "chat" });
  const entries = isChain ? chain.entries : afterAsked(chain.entries);
  const inTurn = entries.filter(({ role }) => !isOfImages(role));
  const steps = stepsIn(route, inTurn, asked, trace);
  const images = isChain ? chain.entries.filter(({ role }) => isOfImages(role)) : [];
  return { route, steps: [...steps, ...images.map((entry) => ({ trace: traceEntry(entry, trace), model: undefined }))] };
}

export function isOfImages(role: ModelTrace["role"]): boolean {
  return role === "image" || role === "image-fallback";
}

function wordOf(asked: string | undefined, config: LoadedConfig): string {
  return asked === undefined ? "default" : mappedName(asked.trim(), config.value.gateway?.modelNames);
}

/** A name is looked up once, and the chain by itself has none. */
function withoutNames(config: LoadedConfig): LoadedConfig {
  const { modelNames: _, ...gateway } = config.value.gateway ?? {};
  return { ...config, value: { ...config.value, gateway } };
}

/** Each place of such a chain says by itself why it cannot be asked. */
function chainRouteOf(word: string, facts: RouteFacts): Route | undefined {
  try {
    return routeOf(word, facts, { serves: "chat" });
  } catch (thrown) {
    if (asAppError(thrown).code === "MODEL_UNKNOWN") return undefined;
    throw thrown;
  }
}

/** Those that answer in place of a model that was asked for: its agent's fallbacks, then its default model. */
function afterAsked(entries: readonly ChainEntry[]): readonly ChainEntry[] {
  return [...entries.filter(({ role }) => role === "fallback"), ...entries.filter(({ role }) => role === "default")];
}

/** The route's models in its order. What it leaves out stands where its turn would have been. */
function stepsIn(route: Route | undefined, entries: readonly ChainEntry[], asked: string | undefined, trace: TraceFacts): RouteStep[] {
  const steps: (RouteStep & { readonly turn: number })[] = [];
  const met = new Set<number>();
  for (const model of route?.models ?? []) {
    const turn = entries.findIndex((entry, i) => !met.has(i) && isPlaceOf(entry, model));
    const entry = entries[turn];
    met.add(turn);
    if (model.from === "asked") steps.push({ trace: traceAsked(asked ?? "", route?.asked ?? "", model.ref, trace), model, turn: -1 });
    else if (entry !== undefined) steps.push({ trace: traceEntry(entry, trace), model, turn });
  }
  entries.forEach((entry, turn) => {
    if (met.has(turn)) return;
    const leftOut = route === undefined ? null : leftOutOf(entry, route);
    if (leftOut?.reason === "repeated" && route?.models[0]?.from === "asked") return;
    const later = steps.findIndex((step) => step.turn > turn);
    steps.splice(later < 0 ? steps.length : later, 0, { trace: { ...traceEntry(entry, trace), leftOut }, model: undefined, turn });
  });
  return steps;
}

function isPlaceOf({ role, resolution }: ChainEntry, { from, ref, profile }: RoutedModel): boolean {
  return role === from && resolution !== undefined && refText(resolution.ref) === refText(ref) && resolution.profile === profile;
}

/** What the route does not name was there before. */
function leftOutOf({ raw, resolution }: ChainEntry, { leftOut }: Route): LeftOutTrace {
  const model = resolution === undefined ? raw : refText(resolution.ref);
  const found = leftOut.find((one) => one.model === model);
  return { reason: found?.reason ?? "repeated", why: found?.why ?? "stands before it already", until: null };
}
