import type { InstallationNames } from "../config/installation.ts";
import { renewalsDone } from "../credentials/refresh/fresh-credential.ts";
import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { ServeLimits, ServerMachine, Serving } from "../kernel/server-machine.ts";
import { openRouting } from "../routing/open-routing.ts";
import { openState } from "../state/open-state.ts";
import { createAdmissions } from "./admission.ts";
import { createCounters } from "./counters.ts";
import { type Current, openCurrent } from "./current.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { hostRule, isLoopback } from "./host-names.ts";
import { keyFilePath, type KeyRing, openKeyRing } from "./key-file.ts";
import type { LogEvent } from "./log-event.ts";
import { noteRunning, noteStopped } from "./run-file.ts";
import type { Shared } from "./work.ts";

export interface OpenInput {
  readonly host: Host;
  readonly machine: ServerMachine;
  readonly names: InstallationNames;
  readonly agent: string | undefined;
  readonly addresses: readonly string[];
  readonly port: number;
  /** Further names by which clients may call it. */
  readonly hostNames: readonly string[];
  readonly log: (event: LogEvent) => void;
  readonly warn: (text: string) => void;
}

export interface OpenedGateway {
  readonly serving: Serving;
  readonly keys: KeyRing;
  readonly current: Current;
  /** Sends new requests away and lets the others end, for 30 s at most; those that are left then end with an error in their stream. */
  stop(): Promise<void>;
}

const DRAIN_MS = 30_000;
/** For errors that are on their way to their clients. */
const LAST_WORDS_MS = 1000;
const QUEUE_WAIT_MS = 10_000;

const SERVE_LIMITS: Omit<ServeLimits, "connections"> = {
  headerBytes: 16_384,
  headers: 100,
  headersMs: 10_000,
  requestMs: 60_000,
  keepAliveMs: 5000,
  requestsPerConnection: 1000,
};

/** Listens when it resolves. Throws what is wrong with the config, GATEWAY_SETTING, GATEWAY_PORT_TAKEN, GATEWAY_LISTEN_FAILED. */
export async function openGateway(input: OpenInput): Promise<OpenedGateway> {
  const { host, machine, names, agent, addresses, port, log, warn } = input;
  const tell = (kind: "notice" | "fault", message: string): void => log({ kind, at: new Date(host.nowMs()).toISOString(), message });
  const current = await openCurrent({ host, names, agent, warn }, tell);
  const { limits, broker } = current.latest;
  refuseContinuing(limits.onCut);
  const { stateDir } = broker.config();
  const keys = openKeyRing(host, keyFilePath(host, stateDir), machine);
  refuseOpenDoor(addresses, keys);
  const shared = share(input, current, stateDir);
  const ownKey = machine.randomToken(32);
  let isOurs: (name: string) => boolean = () => false;
  const gateway = createGateway({ shared, keys, isOurs: (name) => isOurs(name), ownDigest: machine.digest(ownKey) });
  await host.prepareHttp();
  const serving = await machine.serve({ hosts: addresses, port, limits: { ...SERVE_LIMITS, connections: limits.gateway.connections } }, gateway.answer);
  isOurs = hostRule({ addresses: serving.hosts, port: serving.port, names: input.hostNames });
  await noteRunning(host, stateDir, { url: serving.url, pid: machine.pid, startedAtMs: host.nowMs(), key: ownKey });
  return { serving, keys, current, stop: () => stop({ gateway, serving, shared, stateDir }) };
}

function share({ host, machine, log }: OpenInput, current: Current, stateDir: string): Shared {
  const store = openState(host, stateDir);
  const { limits, broker } = current.latest;
  const routing = openRouting({ host, store, limits, markOf: (profile) => current.latest.factsOf(broker.agents().chosen.id).markOf(profile) });
  const admissions = createAdmissions(() => ({ ...current.latest.limits.gateway, waitMs: QUEUE_WAIT_MS }), { nowMs: host.monotonicMs, after: machine.after });
  return { host, machine, current, store, routing, admissions, counters: createCounters(), log, underWay: new Set() };
}

interface Stopping {
  readonly gateway: Gateway;
  readonly serving: Serving;
  readonly shared: Shared;
  readonly stateDir: string;
}

async function stop({ gateway, serving, shared, stateDir }: Stopping): Promise<void> {
  const { host } = shared;
  gateway.drain();
  if ((await serving.drain(DRAIN_MS)) === "late") {
    gateway.cut();
    await serving.drain(LAST_WORDS_MS);
  }
  await serving.close();
  await shared.routing.ledger.flush();
  await shared.store.flush();
  await renewalsDone({ host });
  await noteStopped(host, stateDir, shared.machine.pid);
}

function refuseContinuing(onCut: "error" | "continue"): void {
  if (onCut === "error") return;
  throw new AppError("GATEWAY_SETTING", "gateway.streams.onCut is continue, which this version of the gateway cannot do yet", {
    hint: "Take it out, and a stream that breaks off ends with an honest error: `{cli} config unset gateway.streams.onCut`.",
    keyPath: "gateway.streams.onCut",
  });
}

/** Beyond this machine nobody listens without a key that somebody made on purpose. */
function refuseOpenDoor(addresses: readonly string[], keys: KeyRing): void {
  if (addresses.every(isLoopback) || keys.count > 0) return;
  throw new AppError("GATEWAY_LISTEN_FAILED", "the gateway is to listen beyond this machine, and there is no gateway key yet", {
    hint: "Make one first: `{cli} gateway keys create <name>`.",
  });
}
