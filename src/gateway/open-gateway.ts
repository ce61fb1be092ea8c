import type { InstallationNames } from "../config/installation.ts";
import { renewalsDone } from "../credentials/refresh/fresh-credential.ts";
import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { Roll } from "../kernel/roll.ts";
import type { ServeLimits, ServerMachine, Serving } from "../kernel/server-machine.ts";
import type { Limits } from "../routing/limits.ts";
import { openRouting, type RoutingInput } from "../routing/open-routing.ts";
import { openState } from "../state/open-state.ts";
import { type AdmissionLimits, createAdmissions } from "./admission.ts";
import { createCounters } from "./counters.ts";
import { type Current, latestCooldowns, openCurrent } from "./current.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { hostRule, isLoopback } from "./host-names.ts";
import { keyFilePath, type KeyRing, openKeyRing } from "./key-file.ts";
import { noteRunning, noteStopped } from "./run-file.ts";
import { gatewayWindows, keepYoung } from "./usage-windows.ts";
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
  readonly log: Shared["log"];
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

/** Listens when it resolves. Throws what is wrong with the config, GATEWAY_PORT_TAKEN, GATEWAY_LISTEN_FAILED. */
export async function openGateway(input: OpenInput): Promise<OpenedGateway> {
  const { host, machine, names, agent, addresses, port, log, warn } = input;
  const tell = (kind: "notice" | "fault", message: string): void => log?.({ kind, at: new Date(host.nowMs()).toISOString(), message });
  const current = await openCurrent({ host, names, agent, warn }, tell);
  const { limits, broker } = current.latest;
  const { stateDir } = broker.config();
  const keys = openKeyRing(host, keyFilePath(host, stateDir), machine);
  refuseOpenDoor(addresses, keys);
  const known = gatewayWindows({ host, current, stateDir });
  const shared = share(input, current, stateDir, known.latest);
  const ownKey = machine.randomToken(32);
  let isOurs: (name: string) => boolean = () => false;
  const gateway = createGateway({ shared, keys, isOurs: (name) => isOurs(name), ownDigest: machine.digest(ownKey) });
  await host.prepareHttp();
  const serving = await machine.serve({ hosts: addresses, port, limits: { ...SERVE_LIMITS, connections: limits.gateway.connections } }, gateway.answer);
  isOurs = hostRule({ addresses: serving.hosts, port: serving.port, names: input.hostNames });
  await noteRunning(host, stateDir, { url: serving.url, pid: machine.pid, startedAtMs: host.nowMs(), key: ownKey });
  const letGo = keepYoung({ host, machine, current, stateDir }, known, (message) => tell("fault", message));
  return { serving, keys, current, stop: () => stop({ gateway, serving, shared, stateDir, letGo }) };
}

type WindowsOf = NonNullable<RoutingInput["windowsOf"]>;

function share({ host, machine, log }: OpenInput, current: Current, stateDir: string, windowsOf: WindowsOf): Shared {
  const store = openState(host, stateDir);
  const { broker } = current.latest;
  const markOf: RoutingInput["markOf"] = (profile) => current.latest.factsOf(broker.agents().chosen.id).markOf(profile);
  const routing = openRouting({ host, store, limits: latestCooldowns(current), markOf, windowsOf, sha256: machine.digest });
  const admissions = createAdmissions(admissionLimits(current), { nowMs: host.monotonicMs, after: machine.after });
  return { host, machine, current, store, routing, admissions, counters: createCounters(), log, underWay: new Roll() };
}

/** Made anew with the config alone: they are asked for at every request. */
function admissionLimits(current: Current): () => AdmissionLimits {
  let from: Limits["gateway"] | undefined;
  let made: AdmissionLimits = { concurrency: 0, queue: 0, waitMs: QUEUE_WAIT_MS };
  return () => {
    const { gateway } = current.latest.limits;
    if (gateway !== from) made = { concurrency: gateway.concurrency, queue: gateway.queue, waitMs: QUEUE_WAIT_MS };
    from = gateway;
    return made;
  };
}

const LAST_TURNS = 100;

interface Stopping {
  readonly gateway: Gateway;
  readonly serving: Serving;
  readonly shared: Shared;
  readonly stateDir: string;
  readonly letGo: () => void;
}

async function stop({ gateway, serving, shared, stateDir, letGo }: Stopping): Promise<void> {
  const { host } = shared;
  letGo();
  gateway.drain();
  if ((await serving.drain(DRAIN_MS)) === "late") {
    gateway.cut();
    await serving.drain(LAST_WORDS_MS);
  }
  await serving.close();
  // Who left last is noted some turns later: what was asked and begun belongs into the books.
  for (let turn = 0; shared.underWay.size > 0 && turn < LAST_TURNS; turn++) await host.wait(0);
  await shared.routing.ledger.flush();
  await shared.store.flush();
  await renewalsDone({ host });
  await noteStopped(host, stateDir, shared.machine.pid);
}

/** Beyond this machine nobody listens without a key that somebody made on purpose. */
function refuseOpenDoor(addresses: readonly string[], keys: KeyRing): void {
  if (addresses.every(isLoopback) || keys.count > 0) return;
  throw new AppError("GATEWAY_LISTEN_FAILED", "the gateway is to listen beyond this machine, and there is no gateway key yet", {
    hint: "Make one first: `{cli} gateway keys create <name>`.",
  });
}
