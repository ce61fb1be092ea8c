import fc from "fast-check";
import type { ChatEvent } from "../../src/chat/event.ts";
import type { HttpResponse } from "../../src/kernel/http.ts";

const utf8 = new TextEncoder();

export const bytesOf = (text: string): Uint8Array => utf8.encode(text);

/** The bytes, cut at these places. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, i) => bytes.slice(i === 0 ? 0 : ends[i - 1], end));
}

/** Places to cut `bytes` at: none, a few, or between every two of them. */
export function placesIn(bytes: Uint8Array): fc.Arbitrary<readonly number[]> {
  return fc.oneof(fc.array(fc.nat(bytes.length), { maxLength: 12 }), fc.constant(Array.from(bytes, (_, i) => i)));
}

export async function* bodyOf(chunks: readonly Uint8Array[], broken?: unknown): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk;
  if (broken !== undefined) throw broken instanceof Error ? broken : new Error("broken");
}

/** An answer as the machine hands it over. */
export function answer(
  body: string | readonly Uint8Array[],
  { status = 200, type = "text/event-stream", broken }: { status?: number; type?: string; broken?: Error } = {},
): HttpResponse {
  const chunks = typeof body === "string" ? [bytesOf(body)] : body;
  return { status, headers: type === "" ? {} : { "content-type": type }, body: bodyOf(chunks, broken) };
}

export async function all(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  const found: ChatEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

/** Pieces of one block as one: how a vendor cuts its answer says nothing. */
export function joined(events: readonly ChatEvent[]): ChatEvent[] {
  const whole: ChatEvent[] = [];
  for (const event of events) {
    const last = whole.at(-1);
    if (last !== undefined && "text" in last && "text" in event && last.kind === event.kind && last.block === event.block) {
      whole[whole.length - 1] = { ...last, text: last.text + event.text };
    } else if (last?.kind === "tool_arguments" && event.kind === "tool_arguments" && last.block === event.block) {
      whole[whole.length - 1] = { ...last, json: last.json + event.json };
    } else whole.push(event);
  }
  return whole;
}
