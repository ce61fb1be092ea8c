import type { Broker } from "../broker.ts";
import { configuredAuth } from "../credentials/configured-auth.ts";
import { renewalsDone } from "../credentials/refresh/fresh-credential.ts";
import { memoryState } from "../state/memory-state.ts";
import { type Current, latestCooldowns, openCurrent } from "../gateway/current.ts";
import type { Generation } from "../gateway/generation.ts";
import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { AgentId } from "../kernel/ids.ts";
import { remembered, rememberedBy } from "../kernel/remember.ts";
import { openRouting, type Routing, type RoutingInput } from "../routing/open-routing.ts";
import { planFacts } from "../routing/plan-facts.ts";
import { openState } from "../state/open-state.ts";
import type { StateStore } from "../state/state-store.ts";
import { openKnownWindows } from "../usage/known-windows.ts";
import { knownAccounts } from "../usage/account-key.ts";
import type { KnownAccount } from "../usage/windows.ts";
import { type GivenCredentials, givenAccounts, withGiven } from "./given-accounts.ts";
import { givenStore } from "./given-store.ts";
import type { LibraryNames } from "./names.ts";

/** What one opened library works with. */
export interface Engine {
  readonly host: Host;
  readonly names: LibraryNames;
  readonly store: StateStore;
  readonly routing: Routing;
  /** What is left of the accounts, as somebody was told it. */
  readonly windowsOf: NonNullable<RoutingInput["windowsOf"]>;
  readonly warn: (text: string) => void;
  /** The files as they are now, with what the program gave in their place. */
  now(): Promise<Generation>;
  /** A signal that fires with any of the given ones and when the library is closed. `over`: nobody listens any more. Throws LIBRARY_CLOSED. */
  enter(...signals: readonly (AbortSignal | undefined)[]): { readonly signal: AbortSignal; over(): void };
  close(): Promise<void>;
}

export interface EngineInput {
  readonly host: Host;
  readonly names: LibraryNames;
  readonly agent: string | undefined;
  readonly credentials: GivenCredentials;
  readonly state: "files" | "memory" | StateStore;
  readonly warn: (text: string) => void;
}

/** Throws what is wrong with the config, PROVIDER_UNKNOWN, CREDENTIAL_SHAPE. */
export async function openEngine({ host, names, agent, credentials, state, warn }: EngineInput): Promise<Engine> {
  const current = await openCurrent({ host, names, agent, warn }, (kind, message) => (kind === "fault" ? warn(message) : undefined));
  const generationOf = generations(credentials, host);
  const { broker } = current.latest;
  generationOf(current.latest);
  const store = state === "files" ? openState(host, broker.config().stateDir) : state === "memory" ? memoryState(host) : givenStore(state, warn);
  const latest = (): Generation => generationOf(current.latest);
  const markOf: Parameters<typeof openRouting>[0]["markOf"] = (profile) => latest().factsOf(broker.agents().chosen.id).markOf(profile);
  const known = openKnownWindows(host, broker.config().stateDir, () => accountsOf(latest()));
  const windowsOf: Engine["windowsOf"] = () => {
    known.lookIfDue();
    return known.latest();
  };
  const routing = openRouting({ host, store, limits: latestCooldowns(current), markOf, windowsOf });
  const calls = openCalls();
  return {
    host,
    names,
    store,
    routing,
    windowsOf,
    warn,
    now: async () => generationOf(await current.get()),
    enter: calls.enter,
    close: () => close(calls, routing, store, host),
  };
}

function accountsOf({ broker }: Generation): KnownAccount[] {
  return knownAccounts({ config: broker.config(), registry: broker.registry(), credentials: broker.credentials() });
}

/** Long enough for calls that were ended to say what they came to. One whose reader has paused is waited for no longer. */
const SETTLING_MS = 1000;

/** What a call leaves behind is noted when it ends: what is kept before is kept without it. */
async function close(calls: Calls, routing: Routing, store: StateStore, host: Host): Promise<void> {
  const settled = new AbortController();
  const tooLong = host.wait(SETTLING_MS, settled.signal).catch(() => undefined);
  await Promise.race([calls.endAll(), tooLong]);
  settled.abort();
  await routing.ledger.flush();
  await store.flush();
  await renewalsDone({ host });
}

/** Made once from each reading of the files. */
function generations(given: GivenCredentials, host: Host): (generation: Current["latest"]) => Generation {
  const known = new WeakMap<Generation, Generation>();
  return (generation) => {
    const found = known.get(generation) ?? withCredentials(generation, given, host);
    known.set(generation, found);
    return found;
  };
}

function withCredentials(generation: Generation, given: GivenCredentials, host: Host): Generation {
  const { broker, limits } = generation;
  const registry = broker.registry();
  const accounts = givenAccounts(given, registry, broker.config());
  if (accounts.length === 0) return generation;
  const credentials = remembered(() => withGiven(broker.credentials(), accounts));
  const factsOf = rememberedBy((agentId: AgentId) =>
    planFacts({
      credentials: withGiven({ ...broker.credentials(), ...generation.factsOf(agentId).credentials }, accounts),
      configured: configuredAuth(broker.config(), registry),
      registry,
      limits,
      sha256: (text) => host.sha256(text),
    }),
  );
  const own: Broker = { ...broker, credentials };
  return { ...generation, broker: own, factsOf };
}

interface Calls {
  readonly enter: Engine["enter"];
  /** Resolves when none is under way any more. */
  endAll(): Promise<void>;
}

/** Those that are under way. */
function openCalls(): Calls {
  const underWay = new Set<AbortController>();
  const closing: (() => void)[] = [];
  let isClosed = false;
  return {
    enter: (...signals) => {
      for (const signal of signals) signal?.throwIfAborted();
      if (isClosed) throw closed();
      const controller = new AbortController();
      const leave = (): void => controller.abort(signals.find((signal) => signal?.aborted)?.reason);
      for (const signal of signals) signal?.addEventListener("abort", leave, { once: true });
      underWay.add(controller);
      const over = (): void => {
        for (const signal of signals) signal?.removeEventListener("abort", leave);
        underWay.delete(controller);
        if (underWay.size === 0) for (const done of closing.splice(0)) done();
      };
      return { signal: controller.signal, over };
    },
    endAll: () => {
      isClosed = true;
      const none = underWay.size === 0 ? Promise.resolve() : new Promise<void>((resolve) => closing.push(resolve));
      for (const controller of underWay) controller.abort(closed());
      return none;
    },
  };
}

function closed(): AppError {
  return new AppError("LIBRARY_CLOSED", "this signalbox is closed", { hint: "Open another one: `await openSignalbox()`." });
}
