import type { Rotation } from "../credentials/order.ts";
import { awaitsLookup } from "../credentials/profile.ts";
import { asAppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { anyOf, Stop, type StopSignal } from "../kernel/stop-signal.ts";
import { askAccounts } from "./ask-accounts.ts";
import { type KnownWindows, LOOK_EVERY_MS } from "./known-windows.ts";
import { type TargetFacts, type UsageTarget, usageTargets } from "./usage-targets.ts";

/** How often a vendor is asked so. */
export const ASK_EVERY_MS = 5 * 60_000;

export interface BackgroundFacts extends TargetFacts {
  rotationOf(provider: ProviderId, nowMs: number): Rotation;
}

export interface BackgroundAsking {
  readonly host: Host;
  /** Calls back once, unless it is taken back. */
  readonly after: (ms: number, act: () => void) => () => void;
  /** As the files say it now. */
  readonly factsNow: () => BackgroundFacts;
  readonly known: KnownWindows;
  /** That it does not work, in words; no request of anybody fails for it. */
  readonly tell: (message: string) => void;
}

const TIMEOUT_MS = 5000;

/**
 * Keeps what is known of accounts young, away from every request: what others were told is looked at each quarter of a minute, and each five minutes the
 * accounts are asked of which `worthAsking` says so. Ends when what it gives is called.
 */
export function askInBackground(asking: BackgroundAsking): () => void {
  const { host, after, known, tell } = asking;
  let state: "on" | "off" = "on";
  let turn = new Stop();
  let askedMs = Number.NEGATIVE_INFINITY;
  const act = async (): Promise<void> => {
    if (host.monotonicMs() - askedMs >= ASK_EVERY_MS) {
      askedMs = host.monotonicMs();
      turn = new Stop();
      await askOnce(asking, turn);
    }
    known.look();
  };
  const fail = (thrown: unknown): void => tell(`what is left of the accounts could not be asked: ${asAppError(thrown).message}`);
  const next = (): (() => void) => after(LOOK_EVERY_MS, () => void act().catch(fail).then(again));
  const again = (): void => {
    if (state === "on") takeBack = next();
  };
  known.look();
  let takeBack = next();
  return () => {
    state = "off";
    turn.abort();
    takeBack();
  };
}

async function askOnce({ host, factsNow }: BackgroundAsking, stop: StopSignal): Promise<void> {
  const facts = factsNow();
  const targets = worthAsking(facts);
  if (targets.length === 0) return;
  const machine: Host = { ...host, http: (request, signal, deadlines) => host.http(request, anyOf(signal, stop), deadlines) };
  const secrets = { homeDir: facts.config.homeDir, isInteractive: false, withheld: facts.registry.variables };
  await askAccounts(targets, { host: machine, stateDir: facts.config.stateDir, secrets, timeoutMs: TIMEOUT_MS, ask: "when stale", stop });
}

/**
 * Accounts among which there is a choice, whose vendor documents an address that tells of windows, and whose secret is in hand: programs and the
 * keychain would stop everything else while they are asked.
 */
export function worthAsking(facts: BackgroundFacts): UsageTarget[] {
  if (facts.config.value.signalbox?.usage?.background === false) return [];
  const isChoice = (provider: ProviderId): boolean => {
    const { explicit, candidates } = facts.rotationOf(provider, facts.nowMs);
    return explicit === undefined && candidates.length > 1;
  };
  return usageTargets(facts, { profileIds: [], unofficial: "left out" }).filter(({ profile, way }) => {
    const tells = way.kind === "way" && way.reader?.isOfficial === true && (way.reader.windows ?? []).length > 0;
    return tells && way.program === undefined && !awaitsLookup(profile) && isChoice(profile.provider);
  });
}
