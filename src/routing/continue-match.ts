import { type ChatEvent, isPiece } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";

/** What a second answer is to one that the client has the beginning of. */
export type Matched =
  /** `events`: what follows behind that beginning, its text in block 0. */
  | { readonly kind: "goes on"; readonly events: AsyncIterable<ChatEvent> }
  | { readonly kind: "differs" }
  | { readonly kind: "failed"; readonly failure: UpstreamFailure };

/**
 * Reads the beginning off, however it is cut into pieces. Reasoning is left out: it is another model's, and its place is before the text. Closes the
 * answer unless it goes on.
 */
export async function behind(already: string, answer: AsyncIterable<ChatEvent>): Promise<Matched> {
  const events = answer[Symbol.asyncIterator]();
  const counted: ChatEvent[] = [];
  let matched = 0;
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    const event = next.value;
    if (event.kind === "failed") return { kind: "failed", failure: event.failure };
    if (event.kind === "usage") counted.push(event);
    if (event.kind === "start" || event.kind === "usage" || isReasoning(event)) continue;
    const isAhead = matched < already.length;
    if (event.kind === "text" && isAhead) {
      const expected = already.slice(matched, matched + event.text.length);
      if (!event.text.startsWith(expected)) break;
      matched += expected.length;
      if (event.text.length === expected.length) continue;
      return { kind: "goes on", events: rest([...counted, { ...event, text: event.text.slice(expected.length) }], events) };
    }
    if (isAhead) break;
    if (event.kind === "done" || isPiece(event)) return { kind: "goes on", events: rest([...counted, event], events) };
  }
  await events.return?.();
  return { kind: "differs" };
}

function isReasoning({ kind }: ChatEvent): boolean {
  return kind === "thinking" || kind === "signature";
}

async function* rest(first: readonly ChatEvent[], events: AsyncIterator<ChatEvent>): AsyncGenerator<ChatEvent> {
  try {
    for (const event of first) yield placed(event);
    for (let next = await events.next(); next.done !== true; next = await events.next()) if (!isReasoning(next.value)) yield placed(next.value);
  } finally {
    await events.return?.();
  }
}

/** The text that the client has is block 0, and all text that follows belongs to it. */
function placed(event: ChatEvent): ChatEvent {
  if (event.kind === "text") return { ...event, block: 0 };
  return isPiece(event) ? { ...event, block: event.block + 1 } : event;
}
