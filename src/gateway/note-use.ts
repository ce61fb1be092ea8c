import { refText } from "../catalog/model-ref.ts";
import type { Usage } from "../chat/event.ts";
import type { Host } from "../kernel/host.ts";
import { sumOf } from "../protocols/usage.ts";
import type { UsdPerMTok } from "../provider/model-spec.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { Ran, Refusal } from "../routing/run-types.ts";
import type { AttemptEvent, UsageEvent } from "../state/state-store.ts";
import type { Counters } from "./counters.ts";
import type { Over } from "./over.ts";
import { isAmbiguous } from "./maybe-billed.ts";
import type { Shared } from "./work.ts";

export interface Used {
  readonly end: Over;
  readonly requestId: string;
  readonly client: string;
  readonly asked: string;
  readonly streamed: boolean;
  readonly startedMs: number;
}

/** One event for the ledger of use, and the counters. Never a word of what was said; what the disk does fails no request. */
export function noteUse({ end: { ran, end, openedMs }, requestId, client, asked, streamed, startedMs }: Used, { host, store, counters }: Shared): void {
  const opened = ran.kind === "opened" ? ran.candidate : undefined;
  const before = end.takenOver?.before ?? [];
  const own = opened === undefined ? undefined : costOfAnswer(opened, end.usage);
  const event = usageEventOf(host, {
    ran,
    requestId,
    client,
    asked,
    streamed,
    startedMs,
    openedMs,
    outcome: opened === undefined && end.kind !== "cancelled" ? "failed" : end.kind,
    reason: end.failure?.reason,
    usage: before.length === 0 ? end.usage : addedUp([...before.map(({ usage }) => usage), end.usage]),
    costUsd: before.length === 0 ? own : sumOf(...before.map(({ candidate, usage }) => costOfAnswer(candidate, usage)), own),
  });
  void store.append(event).catch(() => undefined);
  count(event, { ran, end, openedMs }, startedMs, counters);
}

/** How one request ended. */
export interface EndedRequest extends Omit<Used, "end"> {
  readonly ran: Ran<unknown>;
  readonly outcome: UsageEvent["outcome"];
  /** Why, where the answer that had begun failed; why the last candidate did not answer unless told. */
  readonly reason: string | undefined;
  readonly usage: Usage;
  readonly costUsd: number | undefined;
  /** On the clock that never goes back, as `startedMs`. */
  readonly openedMs: number;
}

export function usageEventOf(host: Pick<Host, "nowMs" | "monotonicMs">, ended: EndedRequest): UsageEvent {
  const { ran, requestId, client, asked, streamed, outcome, usage, costUsd, startedMs, openedMs } = ended;
  const opened = ran.kind === "opened" ? ran.candidate : undefined;
  const event: Event = {
    atMs: host.nowMs(),
    requestId,
    client,
    asked,
    outcome,
    attempts: ran.refusals.length === 0 ? NO_ATTEMPTS : ran.refusals.map(attemptOf),
    tookMs: Math.round(host.monotonicMs() - startedMs),
    streamed,
  };
  const reason = ended.reason ?? (opened === undefined ? ran.refusals.at(-1)?.failure.reason : undefined);
  if (reason !== undefined) event.reason = reason;
  if (opened !== undefined) {
    event.servedBy = refText(opened.model.ref);
    if (opened.profile !== undefined) event.profileId = opened.profile.id;
    putTokens(event, usage);
    if (costUsd !== undefined) event.costUsd = costUsd;
    event.firstContentMs = Math.round(openedMs - startedMs);
  }
  return event;
}

/** Put together bit by bit: there is one for every request. */
type Event = { -readonly [Name in keyof UsageEvent]: UsageEvent[Name] };

const NO_ATTEMPTS: readonly AttemptEvent[] = [];

function attemptOf({ candidate, failure, tookMs, hadBegun, without }: Refusal): AttemptEvent {
  return {
    model: refText(candidate.model.ref),
    ...(candidate.profile !== undefined && { profileId: candidate.profile.id }),
    reason: failure.reason,
    tookMs: Math.round(tookMs),
    ...(without !== undefined && { without }),
    ...((isAmbiguous(failure) || hadBegun === true) && { maybeBilled: true as const }),
  };
}

function putTokens(event: Event, { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): void {
  if (inputTokens !== undefined) event.inputTokens = inputTokens;
  if (outputTokens !== undefined) event.outputTokens = outputTokens;
  if (cacheReadTokens !== undefined) event.cacheReadTokens = cacheReadTokens;
  if (cacheWriteTokens !== undefined) event.cacheWriteTokens = cacheWriteTokens;
}

function count({ servedBy, inputTokens, outputTokens, costUsd }: UsageEvent, { ran, end, openedMs }: Over, startedMs: number, counters: Counters): void {
  for (const { candidate, failure, without } of ran.refusals)
    counters.add("attempts", { model: refText(candidate.model.ref), outcome: without === undefined ? failure.reason : "repaired" });
  if (end.droppedCount > 0) counters.add("dropped_events", {}, end.droppedCount);
  if (servedBy === undefined) return;
  counters.add("attempts", { model: servedBy, outcome: end.kind });
  counters.observe("first_content_seconds", {}, (openedMs - startedMs) / 1000);
  if (inputTokens !== undefined) counters.add("tokens", { model: servedBy, kind: "input" }, inputTokens);
  if (outputTokens !== undefined) counters.add("tokens", { model: servedBy, kind: "output" }, outputTokens);
  if (costUsd !== undefined) counters.add("cost_usd", { model: servedBy }, costUsd);
}

/** US dollars, by the stated prices; undefined where no price or no count is known. */
export function costOfAnswer({ model }: Candidate, usage: Usage): number | undefined {
  const price = model.spec?.usdPerMTok;
  return price === undefined ? undefined : costOf(usage, price);
}

/** Of all who spoke in one answer, as far as they counted. */
function addedUp(all: readonly Usage[]): Usage {
  const [only] = all;
  if (all.length <= 1) return only ?? {};
  const sums = (["inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens"] as const).map((name) => [
    name,
    sumOf(...all.map((usage) => usage[name])),
  ]);
  return Object.fromEntries(sums.filter(([, sum]) => sum !== undefined));
}

/** By the prices that are stated; undefined where the vendor counted nothing. */
export function costOf({ inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 }: Usage, price: UsdPerMTok): number | undefined {
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const fresh = Math.max(0, (inputTokens ?? 0) - cacheReadTokens - cacheWriteTokens);
  const read = cacheReadTokens * (price.cacheRead ?? price.input);
  const written = cacheWriteTokens * (price.cacheWrite ?? price.input);
  return (fresh * price.input + read + written + (outputTokens ?? 0) * price.output) / 1e6;
}
