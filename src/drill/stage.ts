import { configuredAuth } from "../credentials/configured-auth.ts";
import { licenceOf } from "../credentials/licence.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import { createAdmissions } from "../gateway/admission.ts";
import { createCounters } from "../gateway/counters.ts";
import { createGateway, type Gateway } from "../gateway/gateway.ts";
import type { Generation } from "../gateway/generation.ts";
import type { LogEvent } from "../gateway/log-event.ts";
import type { RequestEvent } from "../gateway/request-event.ts";
import type { Shared } from "../gateway/work.ts";
import type { Host } from "../kernel/host.ts";
import { Roll } from "../kernel/roll.ts";
import { type ProviderId, toProfileId } from "../kernel/ids.ts";
import { rememberedBy } from "../kernel/remember.ts";
import { Secret } from "../kernel/secret.ts";
import type { ServerMachine } from "../kernel/server-machine.ts";
import { openRouting } from "../routing/open-routing.ts";
import { type PlanFacts, planFacts } from "../routing/plan-facts.ts";
import { type DrillClock, drillClock } from "./clock.ts";
import { memoryState } from "../state/memory-state.ts";
import { buildWall, type Wall } from "./wall.ts";

/** A gateway of one's own config before vendors that are played: no key leaves, no time passes, nothing is written. */
export interface Stage {
  readonly gateway: Gateway;
  readonly clock: DrillClock;
  readonly wall: Wall;
  /** What the gateway's log says of a request, once it is over. */
  logged(requestId: string): Promise<RequestEvent | undefined>;
}

/** A new one for each fault: what one fault put to rest is fresh for the next. */
export function openStage(host: Host, generation: Generation): Stage {
  const clock = drillClock(() => host.wait(0));
  const wall = buildWall(clock);
  const startMs = host.nowMs();
  const played: Host = {
    ...host,
    nowMs: () => startMs + clock.nowMs(),
    monotonicMs: clock.nowMs,
    wait: clock.wait,
    random: () => 0.5,
    http: wall.http,
    prepareHttp: async () => undefined,
    changeFiles: async () => [],
    replaceFile: () => undefined,
    appendLine: () => undefined,
  };
  const facts = rememberedBy((id: Parameters<Generation["factsOf"]>[0]) => playedFacts(generation, generation.factsOf(id), host));
  const now: Generation = { ...generation, factsOf: facts };
  const machine = playedMachine(clock);
  const store = memoryState(played);
  const log: LogEvent[] = [];
  const { limits, broker } = now;
  const shared: Shared = {
    host: played,
    machine,
    current: { get: async () => now, latest: now, fault: undefined },
    store,
    routing: openRouting({ host: played, store, limits, markOf: (profile) => facts(broker.agents().chosen.id).markOf(profile) }),
    admissions: createAdmissions(() => ({ ...limits.gateway, waitMs: 10_000 }), { nowMs: clock.nowMs, after: clock.after }),
    counters: createCounters(),
    log: (event) => void log.push(event),
    underWay: new Roll(),
  };
  const owner = { name: "drill", digest: "", createdAtMs: 0 };
  const gateway = createGateway({ shared, keys: { ownerOf: () => owner }, isOurs: () => true, ownDigest: "none" });
  const logged = async (requestId: string): Promise<RequestEvent | undefined> => {
    await host.wait(0);
    return log.find((event) => event.kind === "request" && event.requestId === requestId) as RequestEvent | undefined;
  };
  return { gateway, clock, wall, logged };
}

/** The same accounts with secrets that open nothing; a provider of the chain that has none gets one, so that its part can be played. */
function playedFacts(generation: Generation, facts: PlanFacts, host: Host): PlanFacts {
  const config = generation.broker.config();
  const own = facts.credentials.profiles.filter((profile) => licenceOf(profile, config).use !== "vendor-tool-only").map(withoutSecret);
  const providers = new Set(generation.broker.chain().entries.flatMap(({ resolution }) => resolution?.ref.provider ?? []));
  const without = [...providers].filter((id) => !own.some(({ provider }) => provider === id) && facts.credentials.standingOf(id)?.kind !== "not needed");
  const registry = generation.broker.registry();
  return planFacts({
    credentials: { ...facts.credentials, profiles: [...own, ...without.map((id) => pretended(id))], cooldowns: [] },
    configured: configuredAuth(config, registry),
    registry,
    limits: generation.limits,
    sha256: (text) => host.sha256(text),
  });
}

/** What a pretended account's id ends in. */
export const PRETENDED = ":pretended";

function pretended(provider: ProviderId): AuthProfile {
  const id = toProfileId(`${provider}${PRETENDED}`);
  return { id, provider, origin: { kind: "env", variable: "none", setIn: "process" }, credential: keyOf(id) };
}

function withoutSecret({ id, provider, origin, email }: AuthProfile): AuthProfile {
  return { id, provider, origin, credential: keyOf(id), ...(email !== undefined && { email }) };
}

/** Different for each account: two of the same secret would count as one. */
function keyOf(id: string): AuthProfile["credential"] {
  return { kind: "api_key", key: new Secret(`drill-${id.replace(/[^\w:-]/g, "-")}`) };
}

function playedMachine(clock: DrillClock): ServerMachine {
  let count = 0;
  return {
    serve: () => Promise.reject(new Error("a drill serves nobody")),
    randomToken: () => `drill${++count}`,
    digest: (text) => text,
    isSameDigest: (one, other) => one === other,
    stopAsked: () => new Promise(() => undefined),
    after: clock.after,
    log: () => undefined,
    flushLog: () => undefined,
    memoryBytes: () => 0,
    pid: 0,
  };
}
