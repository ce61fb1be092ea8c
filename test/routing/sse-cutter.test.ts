import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventCutter } from "../../src/routing/sse-cutter.ts";

const utf8 = new TextEncoder();

/** The events' names and data, and all their bytes as text, for any way to cut the stream into chunks. */
function read(text: string, sizes: readonly number[]): { events: string[]; bytes: string } {
  const cutter = createEventCutter({ eventBytes: 1000 });
  const all = utf8.encode(text);
  const events: string[] = [];
  const pieces: number[] = [];
  const take = ({ bytes, events: found }: ReturnType<typeof cutter.push>): void => {
    for (const { start, end, name, data } of found) {
      events.push(`${name}|${data}`);
      pieces.push(...bytes.subarray(start, end));
    }
  };
  let at = 0;
  for (let i = 0; at < all.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    take(cutter.push(all.subarray(at, at + size)));
    at += size;
  }
  take(cutter.end());
  return { events, bytes: new TextDecoder().decode(new Uint8Array(pieces)) };
}

test.each([
  ["line feeds", "\n"],
  ["both", "\r\n"],
  ["carriage returns", "\r"],
])("events are cut at empty lines of %s, however the bytes arrive, and none of them is lost", (_, line) => {
  const lines = ["event: a", "data: wörld", "", ": ping", "", "data: 1", "data:2", "", "id: 7", "data", "", 'data: {"x":"\\n\\n"}', "", ""];
  const text = lines.join(line);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), (sizes) => {
      expect(read(text, sizes)).toEqual({ events: ["a|wörld", "|", "|1\n2", "|", '|{"x":"\\n\\n"}'], bytes: text });
    }),
  );
});

test("a last event without its empty line gets one", () => {
  expect(read("data: a\n\ndata: b", [3])).toEqual({ events: ["|a", "|b"], bytes: "data: a\n\ndata: b\n\n" });
});

test("an event that does not end is not gathered without end", () => {
  const cutter = createEventCutter({ eventBytes: 10 });
  expect([cutter.push(utf8.encode("data: 0123456789")).events, cutter.isTooLarge, cutter.push(utf8.encode("\n\n")).events]).toEqual([[], true, []]);
});
