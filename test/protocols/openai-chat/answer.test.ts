import { describe, expect, test } from "vitest";
import type { Said } from "../../../src/protocols/answer-fold.ts";
import { DONE } from "../../../src/protocols/answer.ts";
import { createReader } from "../../../src/protocols/openai-chat/answer.ts";

const chunk = (index: number, delta: object, finish: string | null = null) => ({ id: "a1", choices: [{ index, delta, finish_reason: finish }] });
const CALL = { tool_calls: [{ index: 0, function: { name: "look", arguments: "{}" } }] };

function said(...events: unknown[]): Said[] {
  const { event } = createReader();
  return events.flatMap((value) => event(value, ""));
}

function ends(...events: unknown[]): unknown[] {
  return said(...events).flatMap((one) => (one.kind === "stop" ? one.stop : one.kind === "error" || one.kind === "last" ? one.kind : []));
}

describe("of several choices", () => {
  const both = [chunk(0, { content: "A" }), chunk(1, { content: "B" })];

  test("the answer is whole when all have ended, whichever is the last", () => {
    expect(ends(...both, chunk(0, {}, "stop"))).toEqual([]);
    expect(ends(...both, chunk(0, {}, "stop"), chunk(1, {}, "length"))).toEqual(["end"]);
    expect(ends(...both, chunk(1, {}, "length"), chunk(0, {}, "stop"))).toEqual(["end"]);
    expect(ends(...both, chunk(0, {}, "stop"), DONE)).toEqual(["end", "last"]);
  });

  test("the first one is what was said", () => {
    expect(said(...both).filter(({ kind }) => kind === "text")).toEqual([{ kind: "text", block: 0, text: "A" }]);
  });
});

test("a call that was asked for by its name ends with stop, and is a call all the same", () => {
  expect(ends(chunk(0, CALL), chunk(0, {}, "stop"))).toEqual(["tool_calls"]);
  const message = { role: "assistant", content: null, tool_calls: [{ id: "c", function: { name: "look", arguments: "{}" } }] };
  expect(createReader().whole({ choices: [{ message, finish_reason: "stop" }] })).toContainEqual({ kind: "stop", stop: "tool_calls" });
  expect(ends(chunk(0, CALL), chunk(0, {}, "length"))).toEqual(["length"]);
});

test("an answer that ends with an error is none", () => {
  expect(ends(chunk(0, { content: "A" }), chunk(0, {}, "error"))).toEqual(["error"]);
});

test("a call without an id gets one that another answer's does not have", () => {
  const ids = said(chunk(0, CALL)).flatMap((one) => (one.kind === "tool_call" ? one.id : []));
  expect(ids).toEqual(["call_a1_0"]);
});
