import type { ErrorKind } from "./formats.ts";

/** What a vendor does with one request, step by step. */
export type Act =
  | { readonly kind: "good" }
  | { readonly kind: "error"; readonly status: number; readonly error: ErrorKind; readonly headers?: Readonly<Record<string, string>> }
  /** The connection cannot be made, or breaks before a byte of an answer. */
  | { readonly kind: "broken"; readonly code: "ECONNREFUSED" | "ECONNRESET" | "ENOTFOUND" | "CERT_HAS_EXPIRED" }
  /** Takes the request and says nothing for so long. */
  | { readonly kind: "silent"; readonly forMs: number }
  /** Headers at once, the first word only after so long. */
  | { readonly kind: "slow first word"; readonly afterMs: number }
  /** So many words, and then the connection ends (`close`), breaks (`reset`), goes silent (`stall`), or an error stands in the stream. */
  | { readonly kind: "cut"; readonly words: number; readonly how: "close" | "reset" | "stall" | "error event" }
  /** One event of the stream is no JSON. */
  | { readonly kind: "garbled" }
  /** All words, and not the mark of the end. */
  | { readonly kind: "no last mark" }
  /** 200 with nothing in it, with a web page, with an error. */
  | { readonly kind: "hollow"; readonly body: "empty" | "page" | "error" };

/** A fault of the first choice; all other vendors of the chain are well. */
export interface Fault {
  readonly id: string;
  readonly title: string;
  /** What the first choice does with its n-th request, counted from 1, so many milliseconds after the fault began. */
  readonly act: (n: number, elapsedMs: number) => Act;
  /** What a client should see: the whole answer, or an error that says what happened. */
  readonly ideal: "answer" | "error";
  /** In one piece there is nothing to be cut: it is drilled streamed alone. */
  readonly streamedOnly?: true;
  /** Several requests, one after the other. */
  readonly sequence?: { readonly count: number; readonly everyMs: number };
  /** The others refuse a request that puts the first words into their mouth. */
  readonly noPrefill?: true;
  /** More attempts at the first choice than these are hammering. */
  readonly mostAttempts: number;
}

const GOOD: Act = { kind: "good" };
const always = (act: Act) => (): Act => act;
const once =
  (act: Act) =>
  (n: number): Act =>
    n === 1 ? act : GOOD;
const SECOND = 1000;

/** The sixteen of failoverbench v0.1 (github.com/failoverbench/failoverbench, scenarios/catalogue.yaml, read on 2026-11-21), and more that vendors and the ways to them were seen to do. */
export const FAULTS: readonly Fault[] = [
  {
    id: "S01",
    title: "429, come back in 2 s",
    act: once({ kind: "error", status: 429, error: "rate_limit", headers: { "retry-after": "2" } }),
    ideal: "answer",
    mostAttempts: 2,
  },
  { id: "S02", title: "429 always, no hint", act: always({ kind: "error", status: 429, error: "rate_limit" }), ideal: "answer", mostAttempts: 4 },
  { id: "S03", title: "500 once", act: once({ kind: "error", status: 500, error: "server" }), ideal: "answer", mostAttempts: 2 },
  { id: "S04", title: "503 always", act: always({ kind: "error", status: 503, error: "overloaded" }), ideal: "answer", mostAttempts: 6 },
  { id: "S05", title: "connection reset", act: once({ kind: "broken", code: "ECONNRESET" }), ideal: "answer", mostAttempts: 2 },
  { id: "S06", title: "silent for 120 s", act: always({ kind: "silent", forMs: 120 * SECOND }), ideal: "answer", mostAttempts: 1 },
  {
    id: "S07",
    title: "first word after 20 s",
    act: always({ kind: "slow first word", afterMs: 20 * SECOND }),
    ideal: "answer",
    mostAttempts: 1,
    streamedOnly: true,
  },
  {
    id: "S08",
    title: "cut after 40 words",
    act: always({ kind: "cut", words: 40, how: "close" }),
    ideal: "answer",
    mostAttempts: 2,
    streamedOnly: true,
  },
  {
    id: "S09",
    title: "stalls after 20 words",
    act: always({ kind: "cut", words: 20, how: "stall" }),
    ideal: "answer",
    mostAttempts: 2,
    streamedOnly: true,
  },
  { id: "S10", title: "one event is garbled", act: always({ kind: "garbled" }), ideal: "answer", mostAttempts: 1, streamedOnly: true },
  { id: "S11", title: "no mark of the end", act: always({ kind: "no last mark" }), ideal: "answer", mostAttempts: 1, streamedOnly: true },
  { id: "S12", title: "context too long", act: always({ kind: "error", status: 400, error: "context_length" }), ideal: "answer", mostAttempts: 1 },
  { id: "S13", title: "content filter", act: always({ kind: "error", status: 400, error: "content_filter" }), ideal: "error", mostAttempts: 1 },
  {
    id: "S14",
    title: "cut, prefill refused",
    act: always({ kind: "cut", words: 40, how: "reset" }),
    ideal: "answer",
    noPrefill: true,
    mostAttempts: 2,
    streamedOnly: true,
  },
  {
    id: "S15",
    title: "down 60 s, 20 requests",
    act: (_, elapsedMs) => (elapsedMs < 60 * SECOND ? { kind: "error", status: 503, error: "overloaded" } : GOOD),
    ideal: "answer",
    sequence: { count: 20, everyMs: 4 * SECOND },
    mostAttempts: 40,
  },
  { id: "S16", title: "503 always, once more", act: always({ kind: "error", status: 503, error: "overloaded" }), ideal: "answer", mostAttempts: 6 },
  { id: "D01", title: "key rejected", act: always({ kind: "error", status: 401, error: "auth" }), ideal: "answer", mostAttempts: 6 },
  { id: "D02", title: "nothing to pay with", act: always({ kind: "error", status: 429, error: "billing" }), ideal: "answer", mostAttempts: 6 },
  { id: "D03", title: "connection refused", act: always({ kind: "broken", code: "ECONNREFUSED" }), ideal: "answer", mostAttempts: 2 },
  { id: "D04", title: "no such host", act: always({ kind: "broken", code: "ENOTFOUND" }), ideal: "answer", mostAttempts: 2 },
  { id: "D05", title: "certificate expired", act: always({ kind: "broken", code: "CERT_HAS_EXPIRED" }), ideal: "answer", mostAttempts: 2 },
  { id: "D06", title: "a web page, status 200", act: always({ kind: "hollow", body: "page" }), ideal: "answer", mostAttempts: 2 },
  { id: "D07", title: "nothing, status 200", act: always({ kind: "hollow", body: "empty" }), ideal: "answer", mostAttempts: 2 },
  { id: "D08", title: "an error, status 200", act: always({ kind: "hollow", body: "error" }), ideal: "answer", mostAttempts: 4 },
  {
    id: "D09",
    title: "error before a word",
    act: always({ kind: "cut", words: 0, how: "error event" }),
    ideal: "answer",
    mostAttempts: 4,
    streamedOnly: true,
  },
  {
    id: "D10",
    title: "error after 30 words",
    act: always({ kind: "cut", words: 30, how: "error event" }),
    ideal: "answer",
    mostAttempts: 2,
    streamedOnly: true,
  },
  {
    id: "D11",
    title: "come back in 10 hours",
    act: always({ kind: "error", status: 429, error: "rate_limit", headers: { "retry-after": "36000" } }),
    ideal: "answer",
    mostAttempts: 4,
  },
];
