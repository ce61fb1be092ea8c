import { type Broker, openBroker } from "../broker.ts";
import type { InstallationNames } from "../config/installation.ts";
import { configuredAuth } from "../credentials/configured-auth.ts";
import { renewingProgram } from "../credentials/refresh/renewing-program.ts";
import type { RefreshInput } from "../credentials/refresh/refresh-input.ts";
import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { AgentId } from "../kernel/ids.ts";
import { rememberedBy } from "../kernel/remember.ts";
import { accountParts } from "../probe/account-parts.ts";
import { configuredLimits, type Limits } from "../routing/limits.ts";
import { type PlanFacts, planFacts } from "../routing/plan-facts.ts";
import { type RouteFacts, routeOf } from "../routing/route-request.ts";
import type { Route, RoutedModel } from "../routing/route.ts";
import type { RouteNeeds } from "../routing/route-request.ts";
import { type Address, addressOf } from "./upstream-request.ts";
import type { Endpoint } from "./routes.ts";

/** Everything that the files said at one moment. A request keeps the one that it began with. */
export interface Generation {
  readonly broker: Broker;
  readonly limits: Limits;
  readonly loadedAtMs: number;
  /** Throws what `routeOf` throws. */
  route(asked: string, needs: RouteNeeds): Route;
  /** Accounts of the agent whose chain it is. */
  factsOf(agentId: AgentId): PlanFacts;
  refreshInputOf(agentId: AgentId): RefreshInput;
  addressOf(endpoint: Endpoint, model: RoutedModel): Address;
  /** What the environment knows of the account, for addresses that are made of it. */
  readonly account: ReturnType<typeof accountParts>;
  /** What it was made from, to tell whether it changed. */
  readonly files: readonly string[];
}

export interface GenerationInput {
  readonly host: Host;
  readonly names: InstallationNames;
  readonly agent: string | undefined;
  readonly warn: (text: string) => void;
}

const MOST_KEPT = 500;

/** Throws CONFIG_… where the config is broken. */
export async function loadGeneration(input: GenerationInput): Promise<Generation> {
  const { host, names, agent, warn } = input;
  const broker = await openBroker({ host, names, agent });
  const config = broker.config();
  const limits = configuredLimits(config, broker.registry());
  const chosen = broker.agents().chosen.id;
  const others = broker.agents().all.filter(({ id }) => id !== chosen);
  const brokers = new Map<AgentId, Broker>([[chosen, broker]]);
  for (const { id } of others) brokers.set(id, await openBroker({ host, names, agent: id }));
  const brokerOf = (id: AgentId): Broker => brokers.get(id) ?? broker;
  const routeFacts: RouteFacts = {
    config,
    registry: broker.registry(),
    catalog: broker.catalog(),
    agentId: chosen,
    chainOf: (id) => (brokers.has(id) ? brokerOf(id).chain() : unknownAgent(id)),
  };
  const account = accountParts(config.environment);
  const facts = rememberedBy((id: AgentId) => factsFor(brokerOf(id), limits));
  const refreshing = rememberedBy((id: AgentId) => refreshFor(brokerOf(id), names, warn));
  const routes = new Map<string, Route>();
  const addresses = new WeakMap<RoutedModel, Map<Endpoint, Address>>();
  return {
    broker,
    limits,
    loadedAtMs: host.nowMs(),
    route: (asked, needs) => kept(routes, `${needs.strict} ${needs.image} ${needs.serves} ${needs.protocol} ${asked}`, () => routeOf(asked, routeFacts, needs)),
    factsOf: facts,
    refreshInputOf: refreshing,
    account,
    addressOf: (endpoint, model) => {
      const own = addresses.get(model) ?? new Map<Endpoint, Address>();
      addresses.set(model, own);
      return kept(own, endpoint, () => addressOf(endpoint, model, account));
    },
    files: filesOf(brokers, host),
  };
}

function factsFor(broker: Broker, limits: Limits): PlanFacts {
  const registry = broker.registry();
  const configured = configuredAuth(broker.config(), registry);
  return planFacts({ credentials: broker.credentials(), configured, registry, limits, sha256: (text) => broker.host.sha256(text) });
}

function refreshFor(broker: Broker, names: InstallationNames, warn: (text: string) => void): RefreshInput {
  const registry = broker.registry();
  const base = { host: broker.host, names, config: broker.config(), agents: broker.agents() };
  return { ...base, idOf: (text) => registry.idOf(text), by: "gateway", lives: "long", warn, programOf: (provider) => renewingProgram(provider, broker) };
}

function unknownAgent(id: AgentId): never {
  throw new AppError("AGENT_UNKNOWN", `no agent is configured as "${id}"`, { hint: "`{cli} agents list` shows them." });
}

function filesOf(brokers: ReadonlyMap<AgentId, Broker>, host: Host): string[] {
  const files = [...brokers.values()].flatMap((broker) => {
    const { dir } = broker.agents().chosen;
    return [host.paths.join(dir, "auth-profiles.json"), host.paths.join(dir, "models.json"), broker.credentials().storePath];
  });
  const [first] = brokers.values();
  const config = first?.config();
  const own = config === undefined ? [] : [".env", "extensions"].map((name) => host.paths.join(config.stateDir, name));
  const manifests = (first?.plugins().plugins ?? []).flatMap(({ place }) => (place === undefined ? [] : [place.file]));
  return [...new Set([...(config === undefined ? [] : [config.path, ...config.files]), ...files, ...own, ...manifests])];
}

function kept<K, T>(known: Map<K, T>, key: K, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  // Clients choose the names: nothing grows with them.
  if (known.size >= MOST_KEPT) known.clear();
  known.set(key, made);
  return made;
}
