import type { Usage } from "../chat/event.ts";
import { costOfAnswer, usageEventOf } from "../gateway/note-use.ts";
import type { Ran } from "../routing/run-types.ts";
import type { UsageEvent } from "../state/state-store.ts";
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
export function noteUse({ host, store }: Engine, used: Used): void {
  const { ran, usage } = used;
  const requestId = `lib-${host.nowMs().toString(36)}-${Math.floor(host.random() * 2 ** 40).toString(36)}`;
  const costUsd = ran.kind === "opened" ? costOfAnswer(ran.candidate, usage) : undefined;
  void store.append(usageEventOf(host, { ...used, requestId, client: "library", reason: used.reason, costUsd })).catch(() => undefined);
}
