import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSseDecoder, type SseEvent } from "../../src/protocols/sse.ts";
import { bytesOf, cut, placesIn } from "./chunks.ts";

const MIB = 2 ** 20;

function decode(chunks: readonly Uint8Array[], eventCharacters = MIB): SseEvent[] {
  const decoder = createSseDecoder({ eventCharacters });
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}
const read = (text: string): SseEvent[] => decode([bytesOf(text)]);
const event = (data: string, name = "", id?: string): SseEvent => ({ name, data, id });

describe("a stream of events", () => {
  test.each([
    ["line feeds", "\n"],
    ["carriage returns", "\r"],
    ["both", "\r\n"],
  ])("may end its lines with %s", (_, end) => {
    expect(read(["event: a", "data: 1", "", "data:2", "", ""].join(end))).toEqual([event("1", "a"), event("2")]);
  });

  test("may have spaces after the colon or none, several lines of data, and an id that stays", () => {
    expect(read("id: 7\nevent:a\ndata:x\ndata:  y\ndata\n\ndata: z\n\n")).toEqual([event("x\n y\n", "a", "7"), event("z", "", "7")]);
  });

  test("may have comments, unknown fields and events without data, which are no events", () => {
    expect(read(": keep-alive\n\nretry: 10\nfoo: bar\n\nevent: ping\n\n:\ndata: 1\n\n")).toEqual([event("1")]);
  });

  test("may begin with a byte order mark", () => {
    expect(decode([Uint8Array.of(0xef, 0xbb), Uint8Array.of(0xbf), bytesOf("data: 1\n\n")])).toEqual([event("1")]);
  });

  test.each(["data: 1", "data: 1\n", "data: 1\r", "data: 1\r\n", "data: 1\n\n", "data: 1\r\n\r\n"])("may end without its last empty line: %j", (text) => {
    expect(read(text)).toEqual([event("1")]);
  });

  test("may be split between a carriage return and its line feed", () => {
    expect(decode([bytesOf("data: 1\r"), bytesOf("\ndata: 2\r"), bytesOf(""), bytesOf("\n\r"), bytesOf("\n")])).toEqual([event("1\n2")]);
  });

  test("may be split within a character", () => {
    const bytes = bytesOf("data: Grüße 🚦\n\n");
    expect(decode(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual([event("Grüße 🚦")]);
  });

  test("gives an event at once, when its last line ends", () => {
    const decoder = createSseDecoder({ eventCharacters: MIB });
    expect(decoder.push(bytesOf("data: 1\r\n\r"))).toEqual([event("1")]);
    expect(decoder.push(bytesOf("\ndata: 2\n\n"))).toEqual([event("2")]);
  });
});

describe("what is too large", () => {
  test.each([
    ["a line", ["data: ", "x".repeat(90), "x".repeat(90)]],
    ["an event of many lines", Array.from({ length: 40 }, () => "data: 12345\n")],
    ["a comment", [":", "x".repeat(200)]],
  ])("%s ends the stream", (_, parts) => {
    const decoder = createSseDecoder({ eventCharacters: 100 });
    expect([...parts.flatMap((part) => decoder.push(bytesOf(part))), ...decoder.push(bytesOf("\n\ndata: 1\n\n")), ...decoder.end()]).toEqual([]);
    expect(decoder.isTooLarge).toBe(true);
  });

  test("what comes before it still counts", () => {
    expect(decode([bytesOf(`data: 1\n\ndata: ${"x".repeat(200)}\n\n`)], 100)).toEqual([event("1")]);
  });

  test("as many characters as allowed are allowed", () => {
    expect(decode([bytesOf(`data: ${"x".repeat(94)}\n\n`)], 100)).toHaveLength(1);
  });
});

describe("however the bytes are cut", () => {
  const line = fc.oneof(
    fc.constantFrom("", "data: 1", "data:", "data", "event: a", "id: 3", ": ping", "data: [DONE]", "data: \u{1F6A6}ü"),
    fc.string({ unit: "binary", maxLength: 8 }).map((text) => `data: ${text.replace(/[\r\n]/g, "")}`),
  );
  const stream = fc.array(fc.tuple(line, fc.constantFrom("\n", "\r", "\r\n")), { maxLength: 20 }).map((lines) => lines.flat().join(""));
  const cutStream = stream.chain((text) => placesIn(bytesOf(text)).map((places) => ({ text, places })));

  test("the events are the same", () => {
    fc.assert(
      fc.property(cutStream, ({ text, places }) => {
        const bytes = bytesOf(text);
        expect(decode(cut(bytes, places))).toEqual(decode([bytes]));
      }),
      { numRuns: 2000 },
    );
  });

  test("any bytes at all give events or nothing, never an error", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }).chain((bytes) => placesIn(bytes).map((places) => ({ bytes, places }))),
        ({ bytes, places }) => {
          expect(decode(cut(bytes, places))).toEqual(decode([bytes]));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
