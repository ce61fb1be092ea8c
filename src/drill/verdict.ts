import type { Seen } from "./ask.ts";
import type { Fault } from "./faults.ts";

/**
 * `pass`: the client got what it should. `slow`: it did, later than it had to. `honest`: no whole answer, but an error that says so, in time.
 * `fail`: a part of an answer that looks like a whole one, nothing at all, hammering, or a wait that nobody bears.
 */
export interface Verdict {
  readonly word: "pass" | "slow" | "honest" | "fail";
  /** For all but `pass`: a sentence's end. */
  readonly why?: string;
}

/** Who waits longer for a first word has gone. */
const PATIENCE_MS = 15_000;
/** Nobody's client waits longer for anything. */
const HANG_MS = 130_000;

export interface Judged {
  readonly fault: Fault;
  readonly all: readonly Seen[];
  /** At the first choice. */
  readonly attempts: number;
  readonly isWhole: (seen: Seen) => boolean;
}

export function judge({ fault, all, attempts, isWhole }: Judged): Verdict {
  const deceived = all.find((seen) => seen.end === "answer" && !isWhole(seen));
  if (deceived !== undefined) return { word: "fail", why: "a part of an answer looked like a whole one" };
  if (all.some(({ end }) => end === "nothing")) return { word: "fail", why: "the client got neither an answer nor an error" };
  const longest = Math.max(...all.map(({ tookMs }) => tookMs));
  if (longest > HANG_MS) return { word: "fail", why: `the client waited ${seconds(longest)}` };
  // Where nobody else is left, once more is all that can be done.
  const once = all.every(({ end }) => end === "error") ? 1 : 0;
  if (attempts > fault.mostAttempts + once) return { word: "fail", why: `the first choice was asked ${attempts} times` };
  if (fault.ideal === "error")
    return all.every(({ end }) => end === "error") ? { word: "pass" } : { word: "slow", why: "another model answered what a filter had stopped" };
  const missed = all.filter((seen) => !isWhole(seen));
  if (missed.length > 0)
    return { word: "honest", why: missed.length === all.length ? shown(missed[0]) : `${missed.length} of ${all.length} requests ended in an error` };
  const waited = Math.max(...all.map(({ firstWordMs = 0 }) => firstWordMs));
  return waited > PATIENCE_MS ? { word: "slow", why: `the first word came after ${seconds(waited)}` } : { word: "pass" };
}

function shown(seen: Seen | undefined): string {
  if (seen === undefined || seen.text === "") return "the client got an error and no part of an answer";
  return `the client got ${seen.text.trim().split(/\s+/).length} words and then an error`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}
