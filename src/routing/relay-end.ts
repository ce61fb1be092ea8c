import type { ChatEvent, Usage } from "../chat/event.ts";
import type { RelayEnd } from "./relay-call.ts";

/** What it comes to where the client leaves before anything was counted. */
export const LEFT: RelayEnd = { kind: "cancelled", usage: {}, droppedCount: 0 };

/** The end of an answer that was whole before the client saw a byte of it. */
export function wholeEnd(usage: Usage): RelayEnd {
  return { kind: "answered", usage, droppedCount: 0 };
}

/** The end of an answer that is still to come: `over` resolves with what `finish` is told first. */
export function openEnd(): { readonly over: Promise<RelayEnd>; readonly finish: (end: RelayEnd) => void } {
  let finish: (end: RelayEnd) => void = () => undefined;
  const over = new Promise<RelayEnd>((resolve) => {
    finish = resolve;
  });
  return { over, finish };
}

/** How an answer stands behind one more of its events. */
export function endAfter(end: RelayEnd, event: ChatEvent): RelayEnd {
  if (event.kind === "usage") return { ...end, usage: { ...end.usage, ...event.usage } };
  if (event.kind === "done") return { ...end, kind: "answered", droppedCount: event.droppedCount };
  return event.kind === "failed" ? { ...end, kind: "cut", failure: event.failure, droppedCount: event.droppedCount } : end;
}
