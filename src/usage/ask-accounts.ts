import type { ResolveOptions } from "../credentials/resolve-secret.ts";
import type { Host } from "../kernel/host.ts";
import { shownAddress } from "../kernel/shown-address.ts";
import type { StopSignal } from "../kernel/stop-signal.ts";
import { mapLimit } from "../probe/map-limit.ts";
import { followedSecret } from "../probe/secret-of.ts";
import type { Answered } from "./answered.ts";
import { askUsage } from "./ask-usage.ts";
import { keepUsage, type KeptUsage, readUsageCache } from "./usage-cache.ts";
import { knownRow, unaskedRow, type UsageRow } from "./usage-row.ts";
import { nextAsk } from "./usage-schedule.ts";
import type { UsageTarget, UsageWay } from "./usage-targets.ts";

export interface UsageAsking {
  readonly host: Host;
  readonly stateDir: string;
  readonly secrets: ResolveOptions;
  /** For each account. */
  readonly timeoutMs: number;
  /** `anew`: also of those whose last answer still counts. Whom a vendor holds off is not asked either way. */
  readonly ask: "when stale" | "anew";
  /** Once it has fired, nothing is kept: a question that was given up says nothing of an account. */
  readonly stop?: StopSignal;
}

/** An account that can be asked, and what is kept of it. */
interface Askable {
  readonly target: UsageTarget;
  readonly way: UsageWay;
  readonly kept: KeptUsage | undefined;
}

const AT_ONCE = 8;

/** Asks every account once that is due, several at a time, and keeps what was told. One row an account, in their order. */
export async function askAccounts(targets: readonly UsageTarget[], asking: UsageAsking): Promise<UsageRow[]> {
  const { host, stateDir, secrets } = asking;
  const cache = readUsageCache(host, stateDir);
  const rows = new Map<UsageTarget, UsageRow>(targets.map((target) => [target, unaskedRow(target)]));
  const due: Askable[] = [];
  for (const target of targets) {
    if (target.way.kind === "obstacle") continue;
    const kept = ofSameAccount(cache.get(target.profile.id), target, target.way);
    if (isDue(kept, asking)) due.push({ target, way: target.way, kept });
    else if (kept !== undefined) rows.set(target, knownRow(target, kept, "kept", host.nowMs()));
  }
  if (due.length > 0) await host.prepareHttp();
  // Programs and the keychain stop everything else while they are asked: before any clock runs.
  const ready = [];
  for (const askable of due) ready.push({ askable, secret: await followedSecret(askable.target.profile, { host, ...secrets }) });
  const changed = new Map<string, KeptUsage>();
  await mapLimit(ready, AT_ONCE, async ({ askable, secret }) => {
    const { target, way } = askable;
    if (secret.kind === "unresolved" || secret.credential === undefined) return void rows.set(target, unresolvedRow(target, secret));
    const answered = await askUsage(host, way, secret.credential, asking.timeoutMs);
    if (answered.outcome === "withheld") return void rows.set(target, withheldRow(target, answered.why));
    const kept = keptOf(askable, answered, host.nowMs());
    changed.set(target.profile.id, kept);
    rows.set(target, knownRow(target, kept, "asked", host.nowMs()));
  });
  if (asking.stop?.aborted !== true) keepUsage(host, stateDir, changed);
  return [...rows.values()];
}

/** How many are going to be asked: for a line of progress. */
export function dueCount(targets: readonly UsageTarget[], asking: Pick<UsageAsking, "host" | "stateDir" | "ask">): number {
  const cache = readUsageCache(asking.host, asking.stateDir);
  return targets.filter((target) => target.way.kind === "way" && isDue(ofSameAccount(cache.get(target.profile.id), target, target.way), asking)).length;
}

/** Another secret or another address is another account, whatever its name is. */
function ofSameAccount(kept: KeptUsage | undefined, { account, profile }: UsageTarget, { request }: UsageWay): KeptUsage | undefined {
  return kept?.account === account && kept.provider === profile.provider && kept.url === shownAddress(request.url) ? kept : undefined;
}

function isDue(kept: KeptUsage | undefined, { ask, host }: Pick<UsageAsking, "ask" | "host">): boolean {
  if (kept === undefined) return true;
  const nowMs = host.nowMs();
  const { freshUntilMs, heldUntilMs } = kept.last;
  return heldUntilMs <= nowMs && (ask === "anew" || freshUntilMs <= nowMs || hasBegunAnew(kept, nowMs));
}

/** A window has reset since it was told: what is kept of it says nothing any more. */
function hasBegunAnew({ told }: KeptUsage, nowMs: number): boolean {
  return told !== undefined && told.facts.windows.some(({ resetsAt }) => resetsAt !== null && resetsAt > told.atMs && resetsAt <= nowMs);
}

function keptOf({ target, way, kept }: Askable, answered: Exclude<Answered, { outcome: "withheld" }>, nowMs: number): KeptUsage {
  const isOfficial = way.reader?.isOfficial ?? true;
  const failures = answered.outcome === "failed" ? (kept?.last.failures ?? 0) + 1 : 0;
  const failure = answered.outcome === "failed" ? answered.failure : undefined;
  const told = answered.outcome === "told" ? { atMs: nowMs, facts: answered.facts } : kept?.told;
  const { freshMs, heldMs } = nextAsk({ isOfficial, failures, ...answered, ...(failure !== undefined && { reason: failure.reason }) });
  return {
    provider: target.profile.provider,
    account: target.account,
    url: shownAddress(way.request.url),
    isOfficial,
    ...(told !== undefined && { told }),
    last: {
      atMs: nowMs,
      outcome: answered.outcome,
      ...(failure !== undefined && { failure }),
      failures,
      freshUntilMs: nowMs + freshMs,
      heldUntilMs: nowMs + heldMs,
    },
  };
}

function unresolvedRow(target: UsageTarget, secret: Awaited<ReturnType<typeof followedSecret>>): UsageRow {
  const says = secret.kind === "unresolved" ? secret.says : { error: "holds no secret", hint: null };
  return { ...unaskedRow(target), reason: "unresolved_reference", detail: says.error, hint: says.hint };
}

function withheldRow(target: UsageTarget, why: string): UsageRow {
  return { ...unaskedRow(target), reason: "withheld", detail: `was not asked: the credential ${why}` };
}
