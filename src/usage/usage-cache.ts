import { expected } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { listAt, numberAt, objectAt, parseJson, textAt } from "../kernel/json-value.ts";
import { readUsageText, usageFile } from "./usage-file.ts";
import type { UsageFacts } from "./usage-facts.ts";
import type { UsageFailure } from "./usage-failure.ts";

/** What is remembered of one account. No secret is in it, and nothing of a vendor's that was not looked for. Times are milliseconds since 1970. */
export interface KeptUsage {
  readonly provider: string;
  /** Whose it is: the credential's fingerprint, of a login the e-mail address. Another credential under the same name is another account. */
  readonly account: string;
  /** As it may be shown. */
  readonly url: string;
  readonly isOfficial: boolean;
  readonly told?: { readonly atMs: number; readonly facts: UsageFacts };
  readonly last: {
    readonly atMs: number;
    readonly outcome: "told" | "silent" | "failed";
    readonly failure?: UsageFailure;
    readonly failures: number;
    readonly freshUntilMs: number;
    readonly heldUntilMs: number;
  };
}

/** By profile id. */
export type UsageCache = ReadonlyMap<string, KeptUsage>;

const VERSION = 1;
const FORGOTTEN_AFTER_MS = 31 * 24 * 3_600_000;

/** Empty when there is none, or none that can be used: it is asked for again. */
export function readUsageCache(host: Host, stateDir: string): UsageCache {
  const read = readUsageText(host, stateDir);
  return read.kind === "text" ? parseUsageCache(read.text, host.nowMs()) : new Map();
}

export function parseUsageCache(text: string, nowMs: number): UsageCache {
  const root = parseJson(text);
  if (numberAt(root, "v") !== VERSION) return new Map();
  return new Map(Object.entries(objectAt(root, "accounts") ?? {}).flatMap(([id, entry]) => (isKept(entry, nowMs) ? [[id, entry] as const] : [])));
}

/** Adds to what is there now: other processes write it as well. That it cannot be kept is no reason not to go on. */
export function keepUsage(host: Host, stateDir: string, changed: UsageCache): void {
  if (changed.size === 0) return;
  const all = new Map([...readUsageCache(host, stateDir), ...changed]);
  const young = [...all].filter(([, { last }]) => host.nowMs() - last.atMs < FORGOTTEN_AFTER_MS);
  try {
    host.replaceFile(usageFile(host, stateDir), `${JSON.stringify({ v: VERSION, accounts: Object.fromEntries(young) })}\n`, "unflushed");
  } catch (thrown) {
    expected(thrown);
  }
}

/** As `keepUsage` wrote it; whoever changed it since, nothing of another shape is believed, and nothing that is said to come from the future. */
function isKept(entry: unknown, nowMs: number): entry is KeptUsage {
  const atMs = numberAt(entry, "last", "atMs");
  const isWhole = ["provider", "account", "url"].every((name) => textAt(entry, name) !== undefined) && atMs !== undefined && atMs <= nowMs;
  const outcome = textAt(entry, "last", "outcome");
  if (!isWhole || (outcome !== "told" && outcome !== "silent" && outcome !== "failed") || !areNumbers(entry)) return false;
  const failure = objectAt(entry, "last", "failure");
  if (failure !== undefined && (textAt(failure, "reason") === undefined || textAt(failure, "why") === undefined)) return false;
  return objectAt(entry, "told") === undefined ? outcome !== "told" : isTold(objectAt(entry, "told"), nowMs);
}

function areNumbers(entry: unknown): boolean {
  return ["failures", "freshUntilMs", "heldUntilMs"].every((name) => numberAt(entry, "last", name) !== undefined);
}

function isTold(told: unknown, nowMs: number): boolean {
  const atMs = numberAt(told, "atMs");
  if (atMs === undefined || atMs > nowMs || objectAt(told, "facts") === undefined) return false;
  const all = (list: string, fits: (item: unknown) => boolean): boolean =>
    Array.isArray(objectAt(told, "facts")?.[list]) && listAt(told, "facts", list).every(fits);
  const isAmount = (item: unknown): boolean => numberAt(item, "amount") !== undefined && textAt(item, "currency") !== undefined;
  return (
    all("windows", (item) => textAt(item, "label") !== undefined && numberAt(item, "usedPercent") !== undefined) &&
    all("limits", (item) => textAt(item, "name") !== undefined && numberAt(item, "remaining") !== undefined) &&
    all("balances", isAmount) &&
    all("spent", (item) => isAmount(item) && textAt(item, "period") !== undefined)
  );
}
