import type { UpstreamFailure } from "../../src/chat/failure.ts";
import { refText } from "../../src/catalog/model-ref.ts";
import type { CatalogEntry } from "../../src/catalog/catalog.ts";
import { configuredAuth } from "../../src/credentials/configured-auth.ts";
import { toAgentId } from "../../src/kernel/ids.ts";
import type { ModelSpec } from "../../src/provider/model-spec.ts";
import type { Candidate, Needs } from "../../src/routing/failover-plan.ts";
import { configuredLimits } from "../../src/routing/limits.ts";
import { openRouting, type Routing } from "../../src/routing/open-routing.ts";
import { type PlanFacts, planFacts } from "../../src/routing/plan-facts.ts";
import { type RouteFacts, routeOf } from "../../src/routing/route-request.ts";
import type { Route } from "../../src/routing/route.ts";
import type { Ran, Refusal, Tried, TryFacts } from "../../src/routing/run-types.ts";
import { openState } from "../../src/state/open-state.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { type Facts, type FactsInput, openFacts } from "../credentials/open-facts.ts";

export const STATE_DIR = "/home/me/.nemo";

/** A reason, or what exactly an upstream answers. */
export type Scripted = UpstreamFailure["reason"] | Partial<UpstreamFailure> | "answers" | { readonly withheld: string };

export interface Rig extends Facts {
  readonly routing: Routing;
  readonly store: StateStore;
  readonly facts: PlanFacts;
  readonly routes: RouteFacts;
  /** "provider/model profile", in the order in which they were asked. */
  readonly asked: string[];
  /** The time at which each was asked, from the start of the rig. */
  readonly askedMs: number[];
  route(word?: string, needs?: Needs & { readonly strict?: boolean }): Route;
  /** One request. `upstream`: what each answers, by the words of `asked`, by profile, by model or by provider. */
  request(upstream: Upstream, more?: RequestMore): Promise<Ran<string>>;
  pass(ms: number): Promise<void>;
}

export type Upstream = Readonly<Record<string, Scripted>> | ((candidate: Candidate, facts: TryFacts) => Scripted | Promise<Tried<string>>);

export interface RequestMore {
  readonly word?: string;
  readonly needs?: Needs & { readonly strict?: boolean };
  readonly signal?: AbortSignal;
  readonly waits?: "yes" | "no";
  readonly renew?: (profile: NonNullable<Candidate["profile"]>) => Promise<Candidate["profile"]>;
  readonly facts?: Partial<PlanFacts>;
  readonly before?: readonly Refusal[];
}

export interface RigInput extends FactsInput {
  /** What the catalogue knows, by "provider/model". */
  readonly specs?: Readonly<Record<string, Partial<ModelSpec>>>;
  /** Another process on the same machine: its files are these. */
  readonly beside?: Rig;
}

/** A machine with accounts, and upstreams that answer by script. Waiting takes no time but moves the clock, and notes that were due are written. */
export function openRig({ specs = {}, beside, ...input }: RigInput): Rig {
  const facts = openFacts(input);
  const host = beside === undefined ? facts.host : beside.host;
  const { config, agents, registry, credentials, chain } = facts;
  const store = openState(host, STATE_DIR);
  const limits = configuredLimits(config, registry);
  const plan = planFacts({ credentials, configured: configuredAuth(config, registry), registry, limits, sha256: (text) => host.sha256(text) });
  // Nothing is written behind a test's back: it says when.
  const quiet = { ...host, wait: async (ms: number, signal?: AbortSignal) => (ms === 250 ? new Promise<void>(() => undefined) : host.wait(ms, signal)) };
  const routing = openRouting({ host: quiet, store, limits, markOf: plan.markOf });
  const catalog = {
    find: (ref: Parameters<RouteFacts["catalog"]["find"]>[0]): CatalogEntry | undefined => {
      const known = specs[refText(ref)];
      if (known === undefined) return undefined;
      return { spec: { provider: ref.provider, id: ref.model, name: ref.model, ...known }, knows: "facts", origin: "embedded", readings: {} };
    },
    models: () => [],
  };
  const routes: RouteFacts = {
    config,
    registry,
    catalog,
    agentId: toAgentId("main"),
    chainOf: (id) => (id === agents.chosen.id ? chain : openFacts({ ...input, agent: id }).chain),
  };
  const asked: string[] = [];
  const askedMs: number[] = [];
  const startMs = host.nowMs();
  const rig: Rig = {
    ...facts,
    host,
    routing,
    store,
    facts: plan,
    routes,
    asked,
    askedMs,
    route: (word = "default", needs = {}) => routeOf(word, routes, needs),
    request: async (upstream, { word, needs = {}, signal = new AbortController().signal, waits = "no", renew, before, facts: moreFacts } = {}) => {
      const tryOne = async (candidate: Candidate, tryFacts: TryFacts): Promise<Tried<string>> => {
        asked.push(nameOf(candidate));
        askedMs.push(host.nowMs() - startMs);
        return typeof upstream === "function" ? tried(await upstream(candidate, tryFacts), candidate) : tried(scripted(upstream, candidate), candidate);
      };
      const call = { tryOne, signal, waits, ...(renew !== undefined && { renew }), ...(before !== undefined && { before }) };
      return routing.answer(rig.route(word, needs), { ...plan, ...moreFacts }, needs, call);
    },
    pass: async (ms) => host.wait(ms),
  };
  return rig;
}

export function nameOf({ model, profile }: Pick<Candidate, "model" | "profile">): string {
  return profile === undefined ? refText(model.ref) : `${refText(model.ref)} ${profile.id}`;
}

function scripted(upstream: Readonly<Record<string, Scripted>>, candidate: Candidate): Scripted {
  const names = [nameOf(candidate), candidate.profile?.id ?? "", refText(candidate.model.ref), candidate.model.ref.provider];
  return names.map((name) => upstream[name]).find((one) => one !== undefined) ?? "answers";
}

function tried(answer: Scripted | Tried<string>, candidate: Candidate): Tried<string> {
  if (typeof answer === "object" && "kind" in answer) return answer;
  if (answer === "answers") return { kind: "opened", value: nameOf(candidate) };
  if (typeof answer === "object" && "withheld" in answer) return { kind: "withheld", why: answer.withheld };
  const failure = typeof answer === "string" ? { reason: answer } : answer;
  return { kind: "refused", failure: { reason: "unknown", rule: "test", ...failure } };
}
