import { describe, expect, test } from "vitest";
import type { Begun, ServedDialect } from "../../src/protocols/server-protocol.ts";
import { createFollower } from "../../src/routing/continue-follow.ts";
import { bytesOf } from "../protocols/chunks.ts";

function begunOf(dialect: ServedDialect, ...events: readonly (object | string)[]): Begun | undefined {
  const follower = createFollower(dialect);
  for (const event of events) follower.see(bytesOf(typeof event === "string" ? event : `data: ${JSON.stringify(event)}\n\n`));
  return follower.begun();
}

const chunk = (delta: object, more: object = {}) => ({ id: "a", model: "m", created: 5, choices: [{ index: 0, delta, finish_reason: null, ...more }] });
const NOTHING = { block: -1, isOpen: false, lastEvent: -1, itemId: "", announced: {} };

describe("of OpenAI's chunks", () => {
  test("the text and the names are known, comments and pieces of events do not matter", () => {
    const [head, tail] = ['data: {"id":"a","model":"m","created":5,"choices":[{"index":0,"delta":{"con', 'tent":"One"}}]}\n\n'];
    expect(begunOf("openai-chat", ": still asking\n\n", head, tail, chunk({ content: " two" }))).toEqual({
      ...NOTHING,
      id: "a",
      model: "m",
      createdSeconds: 5,
      text: "One two",
    });
  });

  test.each([
    ["a call", chunk({ tool_calls: [{ index: 0, id: "c", function: { name: "f", arguments: "" } }] })],
    ["reasoning", chunk({ reasoning_content: "Hm" })],
    ["a refusal", chunk({ refusal: "No" })],
    ["a reason to stop", chunk({}, { finish_reason: "stop" })],
    ["another choice", chunk({ content: "!" }, { index: 1 })],
    ["the last mark", "data: [DONE]\n\n"],
  ])("nothing follows behind %s", (_, event) => {
    expect(begunOf("openai-chat", chunk({ content: "One" }), event)).toBe(undefined);
  });

  test("nor before the first of them", () => {
    expect(begunOf("openai-chat", ": still asking\n\n")).toBe(undefined);
  });
});

describe("of Anthropic's events", () => {
  const start = { type: "message_start", message: { id: "msg_a", model: "m" } };
  const open = (index: number) => ({ type: "content_block_start", index, content_block: { type: "text", text: "" } });
  const delta = (text: string) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } });

  test("the block is known, and whether it is open", () => {
    const known = { ...NOTHING, id: "msg_a", model: "m", createdSeconds: 0, block: 0, text: "One" };
    expect(begunOf("anthropic-messages", start, open(0), delta("One"))).toEqual({ ...known, isOpen: true });
    expect(begunOf("anthropic-messages", start, open(0), delta("One"), { type: "content_block_stop", index: 0 })).toEqual(known);
    expect(begunOf("anthropic-messages", start, open(0), delta("One"), { type: "content_block_stop", index: 0 }, open(1))).toEqual({
      ...known,
      block: 1,
      isOpen: true,
    });
  });

  test("nothing follows without a beginning, and behind what is signed", () => {
    const signed = { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "s" } };
    expect([begunOf("anthropic-messages", open(0), delta("One")), begunOf("anthropic-messages", start, signed)]).toEqual([undefined, undefined]);
  });
});

test("who says more than is remembered is not gone on with", () => {
  const long = "x".repeat(500_001);
  expect(begunOf("openai-chat", chunk({ content: long }), chunk({ content: long }))).toBe(undefined);
});
