import { CLOCKS_DIFFER_MS } from "../kernel/duration.ts";
import type { Host } from "../kernel/host.ts";
import { objectAt, parseJson } from "../kernel/json-value.ts";
import { currentKey } from "./rest-subject.ts";
import type { RestRow } from "./state-store.ts";

/** What the state file holds: never secrets, and nothing whose loss would harm. */
export const STATE_VERSION = 1;
export const MAX_STATE_BYTES = 4 * 1024 * 1024;
const DAY_MS = 24 * 60 * 60_000;

export function statePath(host: Pick<Host, "paths">, stateDir: string): string {
  return host.paths.join(stateDir, "signalbox", "state.json");
}

/** The rests as they are in the file; empty where there is none. A damaged file has none. */
export function readRests(host: Pick<Host, "paths" | "readText" | "nowMs">, stateDir: string): ReadonlyMap<string, RestRow> {
  const read = host.readText(statePath(host, stateDir), MAX_STATE_BYTES);
  return read.kind === "text" ? restsIn(read.text, host.nowMs()) : new Map();
}

/**
 * Whether it was noted while the clock was ahead of what it says now. When its rest ends nobody knows then, and to try too early costs one request,
 * while to believe it may keep an account out of service for a year.
 */
export function isMisdated({ failures, sinceMs }: RestRow, nowMs: number): boolean {
  return failures > 0 && sinceMs > nowMs + CLOCKS_DIFFER_MS;
}

/** Without rows of no shape that we know, and without those that no store keeps. */
export function restsIn(text: string, nowMs: number): Map<string, RestRow> {
  return keptRests(
    Object.entries(restsOf(text) ?? {}).flatMap(([key, value]) => rowOf(currentKey(key), value) ?? []),
    nowMs,
  );
}

/** Clients choose the names of models. */
const MAX_ROWS = 2000;

/** Without those that ended more than a day ago, and without misdated ones; of too many, those that end first are lost first. */
export function keptRests(rows: Iterable<RestRow>, nowMs: number): Map<string, RestRow> {
  const kept = [...rows].filter((row) => row.untilMs > nowMs - DAY_MS && !isMisdated(row, nowMs));
  if (kept.length > MAX_ROWS) kept.sort((a, b) => b.untilMs - a.untilMs).length = MAX_ROWS;
  return new Map(kept.map((row) => [row.key, row]));
}

/** A file of a later version is not ours to write. */
export function isLaterVersion(text: string): boolean {
  const version = objectAt(parseJson(text))?.["version"];
  return typeof version === "number" && version > STATE_VERSION;
}

export function stateText(rests: ReadonlyMap<string, RestRow>): string {
  const rows = [...rests.values()].map(({ key, ...row }) => [key, row]);
  return `${JSON.stringify({ version: STATE_VERSION, rests: Object.fromEntries(rows) }, null, 1)}\n`;
}

type Fields = Readonly<Record<string, unknown>>;

function restsOf(text: string): Fields | undefined {
  return isLaterVersion(text) ? undefined : objectAt(parseJson(text), "rests");
}

function rowOf(key: string, value: unknown): RestRow | undefined {
  const fields = objectAt(value);
  const numbers = ["untilMs", "failures", "sinceMs", "lastRestMs"].map((name) => fields?.[name]);
  const [untilMs, failures, sinceMs, lastRestMs] = numbers.map((number) => (typeof number === "number" && Number.isFinite(number) ? number : undefined));
  if (untilMs === undefined || failures === undefined || sinceMs === undefined || lastRestMs === undefined) return undefined;
  const { reason, probedMs, credential } = fields ?? {};
  const trial = trialOf(fields?.["trial"]);
  return {
    key,
    untilMs,
    failures,
    reason: typeof reason === "string" ? reason : "unknown",
    sinceMs,
    lastRestMs,
    ...(typeof probedMs === "number" && { probedMs }),
    ...(typeof credential === "string" && { credential }),
    ...(trial !== undefined && { trial }),
  };
}

function trialOf(value: unknown): RestRow["trial"] {
  const { by, untilMs } = objectAt(value) ?? {};
  return typeof by === "string" && typeof untilMs === "number" ? { by, untilMs } : undefined;
}
