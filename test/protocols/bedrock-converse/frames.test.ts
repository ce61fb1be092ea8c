import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc32 } from "../../../src/protocols/bedrock-converse/crc32.ts";
import { createFrameDecoder } from "../../../src/protocols/bedrock-converse/frames.ts";
import { frame } from "../answer-fixtures.ts";
import { cut, placesIn } from "../chunks.ts";

const decode = (chunks: readonly Uint8Array[], eventBytes = 10_000) => {
  const decoder = createFrameDecoder({ eventBytes });
  const events = chunks.flatMap((chunk) => decoder.push(chunk));
  return { events: [...events, ...decoder.end()], fault: decoder.fault };
};
const two = Buffer.concat([frame("messageStart", { role: "assistant" }), frame("!throttlingException", { message: "slow" })]);
const events = [
  { name: "messageStart", value: { role: "assistant" } },
  { name: "error", value: { message: "slow", __type: "throttlingException" } },
];

test("the checksum is that of zlib", () => {
  expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === zlibCrc32(bytes)));
});

describe("frames", () => {
  test("are read however their bytes are cut", () => {
    fc.assert(
      fc.property(placesIn(two), (places) => {
        expect(decode(cut(two, places))).toEqual({ events, fault: undefined });
      }),
    );
  });

  test("of which a byte of the payload is wrong are dropped, and the next ones read", () => {
    const [first] = [frame("messageStart", { role: "assistant" })];
    const broken = Buffer.concat([first.map((byte, i) => (i === first.length - 6 ? byte ^ 1 : byte)), frame("messageStop", {})]);
    expect(decode([broken])).toEqual({
      events: [
        { name: "", value: undefined },
        { name: "messageStop", value: {} },
      ],
      fault: undefined,
    });
  });

  test("of which the lengths are wrong end the stream", () => {
    const garbage = Buffer.concat([frame("messageStart", {}), Buffer.from("HTTP/1.1 500 and so on")]);
    expect(decode([garbage])).toEqual({
      events: [{ name: "messageStart", value: {} }],
      fault: { reason: "unknown", detail: "unreadable", rule: "answer/unreadable" },
    });
  });

  test("that are too large end the stream before they are held", () => {
    const large = frame("contentBlockDelta", { delta: { text: "x".repeat(500) } });
    expect(decode([large.slice(0, 20)], 100)).toEqual({ events: [], fault: { reason: "format", detail: "answer_too_large", rule: "answer/too-large" } });
  });

  test("of any bytes at all give no error", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => decode([two, bytes]).events.length >= 2));
  });
});
