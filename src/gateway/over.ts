import { type Soon, whenThere } from "../kernel/soon.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { Relayed, RelayEnd } from "../routing/relay-call.ts";
import type { Ran } from "../routing/run-types.ts";
import { type Asked, type Inference, isStreamed } from "./asked.ts";

/** What became of it, for the log and the ledger of use. */
export interface Over {
  readonly ran: Ran<Relayed>;
  readonly end: RelayEnd;
  /** When the first content was in hand, on the clock that never goes back. */
  readonly openedMs: number;
}

/** Gives the place back when it is over, however it ends. */
export function overOf(running: Soon<Ran<Relayed>>, all: Asked, leave: () => void): Soon<Over> {
  const over = whenThere(running, (ran) => overAfter(ran, all));
  if (over instanceof Promise) return over.finally(leave);
  leave();
  return over;
}

function overAfter(ran: Ran<Relayed>, all: Asked): Soon<Over> {
  const { inference, shared } = all;
  const openedMs = shared.host.monotonicMs();
  const openedAtMs = shared.host.nowMs();
  if (ran.kind === "exhausted") {
    const kind = ran.stoppedBy === "cancelled" || inference.request.signal.aborted ? "cancelled" : "cut";
    return { ran, end: { kind, usage: {}, droppedCount: 0 }, openedMs };
  }
  return whenThere(ran.value.over, (ended) => {
    const end = leftByClient(ended, inference);
    noteEnd(all, end.takenOver?.candidate ?? ran.candidate, end, openedAtMs);
    if (end.takenOver === undefined) return { ran, end, openedMs };
    const { candidate, attempts, refusals } = end.takenOver;
    return { ran: { ...ran, candidate, attempts, refusals }, end, openedMs };
  });
}

/** Where a stream was to go on, its failures are noted before others are asked. */
function noteEnd(all: Asked, candidate: Candidate, { kind, failure }: RelayEnd, openedAtMs: number): void {
  const { ledger } = all.shared.routing;
  if (kind === "answered" && isStreamed(all)) ledger.completed(candidate, openedAtMs);
  if (kind !== "cut" || failure === undefined || failure.reason === "cancelled" || all.goesOn) return;
  if (isStreamed(all)) ledger.brokeOff(candidate, failure, openedAtMs);
  else ledger.failed(candidate, failure, openedAtMs);
}

/** A stream that ends with its client was not broken off by its vendor. */
function leftByClient(end: RelayEnd, { request }: Inference): RelayEnd {
  return end.kind === "cut" && end.failure?.reason === "cancelled" && request.signal.aborted ? { ...end, kind: "cancelled" } : end;
}
