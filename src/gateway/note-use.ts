import { refText } from "../catalog/model-ref.ts";
import type { Usage } from "../chat/event.ts";
import type { UsdPerMTok } from "../provider/model-spec.ts";
import type { UsageEvent } from "../state/state-store.ts";
import type { Over } from "./inference.ts";
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
  const servedBy = opened === undefined ? undefined : refText(opened.model.ref);
  const costUsd = opened?.model.spec?.usdPerMTok === undefined ? undefined : costOf(end.usage, opened.model.spec.usdPerMTok);
  const reason = end.failure?.reason ?? (opened === undefined ? ran.refusals.at(-1)?.failure.reason : undefined);
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = end.usage;
  const event: UsageEvent = {
    atMs: host.nowMs(),
    requestId,
    client,
    asked,
    ...(servedBy !== undefined && { servedBy }),
    ...(opened?.profile !== undefined && { profileId: opened.profile.id }),
    outcome: opened === undefined && end.kind !== "cancelled" ? "failed" : end.kind,
    ...(reason !== undefined && { reason }),
    attempts: ran.refusals.map(({ candidate, failure, tookMs }) => ({
      model: refText(candidate.model.ref),
      ...(candidate.profile !== undefined && { profileId: candidate.profile.id }),
      reason: failure.reason,
      tookMs: Math.round(tookMs),
    })),
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(cacheReadTokens !== undefined && { cacheReadTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(costUsd !== undefined && { costUsd }),
    ...(opened !== undefined && { firstContentMs: Math.round(openedMs - startedMs) }),
    tookMs: Math.round(host.monotonicMs() - startedMs),
    streamed,
  };
  void store.append(event).catch(() => undefined);
  for (const { candidate, failure } of ran.refusals) counters.add("attempts", { model: refText(candidate.model.ref), outcome: failure.reason });
  if (end.droppedCount > 0) counters.add("dropped_events", {}, end.droppedCount);
  if (servedBy === undefined) return;
  counters.add("attempts", { model: servedBy, outcome: end.kind });
  counters.observe("first_content_seconds", {}, (openedMs - startedMs) / 1000);
  if (inputTokens !== undefined) counters.add("tokens", { model: servedBy, kind: "input" }, inputTokens);
  if (outputTokens !== undefined) counters.add("tokens", { model: servedBy, kind: "output" }, outputTokens);
  if (costUsd !== undefined) counters.add("cost_usd", { model: servedBy }, costUsd);
}

/** By the prices that are stated; undefined where the vendor counted nothing. */
export function costOf({ inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 }: Usage, price: UsdPerMTok): number | undefined {
  if (inputTokens === undefined && outputTokens === undefined) return undefined;
  const fresh = Math.max(0, (inputTokens ?? 0) - cacheReadTokens - cacheWriteTokens);
  const read = cacheReadTokens * (price.cacheRead ?? price.input);
  const written = cacheWriteTokens * (price.cacheWrite ?? price.input);
  return (fresh * price.input + read + written + (outputTokens ?? 0) * price.output) / 1e6;
}
