import { refText } from "../catalog/model-ref.ts";
import type { AuthProfile, Credential } from "../credentials/profile.ts";
import type { ResolveOptions } from "../credentials/resolve-secret.ts";
import type { Host } from "../kernel/host.ts";
import { mapLimit } from "./map-limit.ts";
import type { PlannedModel, PlannedTest } from "./plan-scan.ts";
import { listedRow, type ScanRow, type ScanTestRow, untested } from "./scan-row.ts";
import { SCAN_TESTS } from "./scan-test.ts";
import { type FollowedSecret, followedSecret } from "./secret-of.ts";
import { medianOf, summed, type Trial, tryOnce } from "./scan-trial.ts";

export interface ScanOptions {
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Trials of each test. */
  readonly repeat: number;
}

export interface ScanMachine extends ResolveOptions {
  readonly host: Host;
  /** Before each model: "provider/model". */
  readonly onStart?: (modelRef: string) => void;
  /** After each model. */
  readonly onRow?: (row: ScanRow, done: number, total: number) => void;
}

/** Tests models, some at a time, each test after the other. Nothing is written. One row a model, in their order. */
export async function runScan(plans: readonly PlannedModel[], options: ScanOptions, machine: ScanMachine): Promise<ScanRow[]> {
  const { host, onStart, onRow } = machine;
  await host.prepareHttp();
  // Programs and the keychain stop everything else while they are asked: before any clock runs, once an account.
  const secrets = new Map<AuthProfile | undefined, FollowedSecret>();
  for (const { candidate } of plans) {
    const { profile } = candidate.target;
    if (!secrets.has(profile)) secrets.set(profile, await followedSecret(profile, machine));
  }
  let done = 0;
  return mapLimit(plans, options.concurrency, async (plan) => {
    onStart?.(refText(plan.candidate.ref));
    const secret = secrets.get(plan.candidate.target.profile);
    const row =
      secret?.kind === "unresolved" ? unresolvedRow(plan, secret.says.error) : await testModel(host, plan, { credential: secret?.credential, ...options });
    onRow?.(row, ++done, plans.length);
    return row;
  });
}

function unresolvedRow({ candidate }: PlannedModel, error: string): ScanRow {
  const tests = Object.fromEntries(SCAN_TESTS.map((name) => [name, untested({ error, reason: "unresolved_reference" })]));
  return { ...listedRow(candidate), ...tests };
}

/** After one of these asking on would only make it worse. */
const LIMITS: ReadonlySet<string> = new Set(["billing", "rate_limit", "usage_limit"]);
/** Nor would a model that never answered answer anything else after one of these. */
const OUT_OF_REACH: ReadonlySet<string> = new Set(["auth", "permission", "overloaded", "timeout", "network", "model_not_found"]);

interface Asking extends Pick<ScanOptions, "timeoutMs" | "repeat"> {
  readonly credential: Credential | undefined;
}

async function testModel(host: Host, plan: PlannedModel, asking: Asking): Promise<ScanRow> {
  const row = listedRow(plan.candidate);
  let stopped: Pick<ScanTestRow, "error" | "reason"> | undefined;
  let hasAnswered = false;
  for (const test of plan.tests) {
    if (test.kind === "skipped") row[test.name] = untested(test.why);
    else if (stopped !== undefined) row[test.name] = untested(stopped);
    else {
      const trials = await trialsOf(host, plan, test, asking);
      row[test.name] = summed(trials, asking.repeat);
      hasAnswered ||= trials.some((trial) => trial.kind === "passed" || trial.reason === "answer");
      stopped = endedBy(trials.at(-1), hasAnswered ? "answered" : "silent");
      if (test.name === "stream") Object.assign(row, speedOf(trials));
    }
  }
  return row;
}

/** Why nothing more is asked of a model; undefined where that may still be worth it. */
function endedBy(trial: Trial | undefined, so: "answered" | "silent"): Pick<ScanTestRow, "error" | "reason"> | undefined {
  if (trial?.kind !== "failed" || trial.reason === undefined) return undefined;
  const isEnd = LIMITS.has(trial.reason) || (so === "silent" && OUT_OF_REACH.has(trial.reason));
  return isEnd ? { error: trial.error, reason: trial.reason } : undefined;
}

/** One after the other; none follows a failure that would repeat itself. */
async function trialsOf(host: Host, plan: PlannedModel, test: Extract<PlannedTest, { kind: "asked" }>, asking: Asking): Promise<Trial[]> {
  const trials: Trial[] = [];
  while (trials.length < asking.repeat) {
    const trial = await tryOnce(host, plan, test, asking);
    trials.push(trial);
    if (endedBy(trial, trials.some(({ kind }) => kind === "passed") ? "answered" : "silent") !== undefined) break;
  }
  return trials;
}

function speedOf(trials: readonly Trial[]): Pick<ScanRow, "firstPieceMs" | "tokensPerSecond"> {
  const passed = trials.filter((trial) => trial.kind === "passed");
  const speed = medianOf(passed.flatMap(({ tokensPerSecond }) => tokensPerSecond ?? []));
  const first = medianOf(passed.map(({ firstMs }) => firstMs));
  return { firstPieceMs: first === null ? null : Math.round(first), tokensPerSecond: speed === null ? null : Math.round(speed * 10) / 10 };
}
