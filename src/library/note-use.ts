import { refText } from "../catalog/model-ref.ts";
import type { Usage } from "../chat/event.ts";
import { isAmbiguous } from "../gateway/maybe-billed.ts";
import type { Ran } from "../routing/run-plan.ts";
import type { UsageEvent } from "../state/state-store.ts";
import { costUsd } from "./answer.ts";
import type { Engine } from "./engine.ts";

/** How one request ended. */
export interface Used {
  readonly ran: Ran<unknown>;
  readonly asked: string;
  readonly streamed: boolean;
  readonly outcome: UsageEvent["outcome"];
  readonly reason?: string;
  readonly usage: Usage;
  /** On the clock that never goes back. */
  readonly startedMs: number;
  readonly openedMs: number;
}

/** One event for the ledger of use, as the gateway notes it. Never a word of what was said; what the disk does fails no request. */
export function noteUse({ host, store }: Engine, { ran, asked, streamed, outcome, reason, usage, startedMs, openedMs }: Used): void {
  const opened = ran.kind === "opened" ? ran.candidate : undefined;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const cost = opened === undefined ? undefined : costUsd(opened, usage);
  const why = reason ?? (opened === undefined ? ran.refusals.at(-1)?.failure.reason : undefined);
  const event: UsageEvent = {
    atMs: host.nowMs(),
    requestId: `lib-${host.nowMs().toString(36)}-${Math.floor(host.random() * 2 ** 40).toString(36)}`,
    client: "library",
    asked,
    ...(opened !== undefined && { servedBy: refText(opened.model.ref), firstContentMs: Math.round(openedMs - startedMs) }),
    ...(opened?.profile !== undefined && { profileId: opened.profile.id }),
    outcome,
    ...(why !== undefined && { reason: why }),
    attempts: ran.refusals.map(({ candidate, failure, tookMs }) => ({
      model: refText(candidate.model.ref),
      ...(candidate.profile !== undefined && { profileId: candidate.profile.id }),
      reason: failure.reason,
      tookMs: Math.round(tookMs),
      ...(isAmbiguous(failure) && { maybeBilled: true as const }),
    })),
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(cacheReadTokens !== undefined && { cacheReadTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(cost !== undefined && { costUsd: cost }),
    tookMs: Math.round(host.monotonicMs() - startedMs),
    streamed,
  };
  void store.append(event).catch(() => undefined);
}
