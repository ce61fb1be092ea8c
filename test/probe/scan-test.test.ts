import { inflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Heard } from "../../src/probe/hear-answer.ts";
import { scanTests, type ScanTestName } from "../../src/probe/scan-test.ts";

const QUIET: Heard = {
  ...{ status: 200, text: "", calls: [], stop: "end", outputTokens: undefined, isEventStream: false, pieceCount: 0, chunkCount: 1, firstMs: 1, endMs: 2 },
};
const judged = (name: ScanTestName, heard: Partial<Heard>): unknown => scanTests[name].judge({ ...QUIET, ...heard });
const ping = (args: string): Partial<Heard> => ({ calls: [{ name: "ping", arguments: args }], stop: "tool_calls" });
const ROOM = { outputTokens: 256, server: undefined };

describe("the tool test", () => {
  test.each(["{}", "", '{"extra": 1}'])("passes with the arguments %j", (args) => {
    expect(judged("tool", ping(args))).toEqual({ kind: "passed" });
  });

  test("passes with words around the call, and with a call among others", () => {
    expect(judged("tool", { ...ping("{}"), text: "Sure!" })).toEqual({ kind: "passed" });
    expect(
      judged("tool", {
        calls: [
          { name: "pong", arguments: "{" },
          { name: "ping", arguments: "{}" },
        ],
      }),
    ).toEqual({ kind: "passed" });
  });

  test.each<[string, Partial<Heard>, string, string | undefined]>([
    ["arguments that do not parse", ping("{"), "called the tool with arguments that are no JSON object", "{"],
    ["a list for arguments", ping("[1]"), "called the tool with arguments that are no JSON object", "[1]"],
    ["null for arguments", ping("null"), "called the tool with arguments that are no JSON object", "null"],
    ["a call of another tool", { calls: [{ name: "Ping", arguments: "{}" }] }, "called a tool that it was not given", "Ping"],
    ["text alone", { text: "I called  ping\nfor you" }, "answered with text and did not call the tool", "I called ping for you"],
    ["nothing", {}, "answered with nothing", undefined],
    ["no room", { stop: "length", outputTokens: 256, text: "Well" }, "was cut off after 256 tokens, before it called the tool", undefined],
    ["no room, uncounted", { stop: "length" }, "was cut off, before it called the tool", undefined],
  ])("fails with %s", (_, heard, error, answer) => {
    expect(judged("tool", heard)).toEqual({ kind: "failed", error, ...(answer !== undefined && { answer }) });
  });

  test("gives one tool without arguments, and asks for nothing unusual", () => {
    const { messages, tools, ...rest } = scanTests.tool.request(ROOM);
    expect([messages.length, tools, rest]).toEqual([
      1,
      [{ kind: "function", name: "ping", description: expect.any(String), parameters: { type: "object", properties: {} } }],
      { maxOutputTokens: 256 },
    ]);
  });
});

describe("the image test", () => {
  test("passes with the colour, and says what was answered", () => {
    expect(judged("image", { text: "It is Red." })).toEqual({ kind: "passed", answer: "It is Red." });
  });

  test.each(["Blue", "Infrared", "I cannot see images."])("passes with a note with %s", (text) => {
    expect(judged("image", { text })).toEqual({ kind: "passed", answer: text, note: `was shown a red square and answered "${text}"` });
  });

  test("fails without an answer", () => {
    expect(judged("image", {})).toEqual({ kind: "failed", error: "answered with nothing" });
    expect(judged("image", { stop: "length", outputTokens: 9 })).toEqual({ kind: "failed", error: "was cut off after 9 tokens, before it said what it sees" });
  });

  test("a long answer is shown in part", () => {
    expect(judged("image", { text: `red ${"x".repeat(100)}` })).toEqual({ kind: "passed", answer: `red ${"x".repeat(56)}…` });
  });

  test("really sends a picture: 32 by 32 pixels, all of them red", () => {
    const [message] = scanTests.image.request(ROOM).messages;
    const [, image] = message?.content ?? [];
    const base64 = image?.kind === "image" && image.source.kind === "data" ? image.source.base64 : "";
    const png = Buffer.from(base64, "base64");
    const size = [png.subarray(1, 4).toString(), png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]];
    const start = png.indexOf("IDAT");
    const pixels = inflateSync(png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4)));
    const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(96, Buffer.from([255, 0, 0]))]);
    expect([size, pixels.equals(Buffer.concat(Array.from({ length: 32 }, () => line)))]).toEqual([["PNG", 32, 32, 8, 2], true]);
  });
});

describe("the JSON test", () => {
  test("passes with an object, whatever is in it", () => {
    expect([judged("json", { text: '{"ok":true}' }), judged("json", { text: "{}" })]).toEqual([{ kind: "passed" }, { kind: "passed" }]);
  });

  test.each([
    ['```json\n{"ok":true}\n```', "put its JSON into a code block", '```json {"ok":true} ```'],
    ['Here: {"ok":true}', "answered with something other than a JSON object", 'Here: {"ok":true}'],
    ["[true]", "answered with something other than a JSON object", "[true]"],
    ["true", "answered with something other than a JSON object", "true"],
    ["null", "answered with something other than a JSON object", "null"],
  ])("fails with %j", (text, error, answer) => {
    expect(judged("json", { text })).toEqual({ kind: "failed", error, answer });
  });

  test("fails without an answer", () => {
    expect(judged("json", {})).toEqual({ kind: "failed", error: "answered with nothing" });
    expect(judged("json", { stop: "length" })).toEqual({ kind: "failed", error: "was cut off, before it wrote its JSON" });
  });

  test("asks for JSON mode; LM Studio, which has none, for a schema", () => {
    expect(scanTests.json.request(ROOM).output).toEqual({ kind: "json" });
    expect(scanTests.json.request({ ...ROOM, server: "vllm" }).output).toEqual({ kind: "json" });
    expect(scanTests.json.request({ ...ROOM, server: "lmstudio" }).output).toMatchObject({ kind: "json_schema" });
  });
});

describe("the stream test", () => {
  const stream: Partial<Heard> = { isEventStream: true, pieceCount: 9, chunkCount: 9, text: "1 2 3" };

  test("passes with events", () => {
    expect(judged("stream", stream)).toEqual({ kind: "passed" });
  });

  test("passes with a note where a long answer came all at once", () => {
    expect(judged("stream", { ...stream, chunkCount: 1, text: "1".repeat(41) })).toMatchObject({ kind: "passed", note: expect.stringContaining("at once") });
    expect(judged("stream", { ...stream, chunkCount: 2, text: "1".repeat(41) })).toEqual({ kind: "passed" });
    expect(judged("stream", { ...stream, chunkCount: 1, text: "1".repeat(40) })).toEqual({ kind: "passed" });
  });

  test("fails with an answer in one piece, and with an empty stream", () => {
    expect(judged("stream", { ...stream, isEventStream: false })).toEqual({
      kind: "failed",
      error: "answered in one piece although a stream was asked for",
    });
    expect(judged("stream", { ...stream, pieceCount: 0 })).toEqual({ kind: "failed", error: "answered with nothing" });
    expect(judged("stream", { ...stream, pieceCount: 0, stop: "length" })).toEqual({ kind: "failed", error: "was cut off, before it said anything" });
  });

  test("asks for a stream", () => {
    expect(scanTests.stream.request(ROOM)).toMatchObject({ stream: true, maxOutputTokens: 256 });
  });
});
