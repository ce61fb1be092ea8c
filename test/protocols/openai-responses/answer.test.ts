import { describe, expect, test } from "vitest";
import type { Said } from "../../../src/protocols/answer-fold.ts";
import { createReader } from "../../../src/protocols/openai-responses/answer.ts";

const call = { type: "function_call", id: "fc", call_id: "c", name: "look" };
const added = { type: "response.output_item.added", output_index: 0, item: { ...call, arguments: "" } };
const message = (text: string) => ({ type: "message", id: "m", content: [{ type: "output_text", text }] });
const completed = (...output: object[]) => ({ type: "response.completed", response: { id: "r", status: "completed", output } });
const CALLED: Said[] = [
  { kind: "tool_call", block: 0, id: "c", name: "look" },
  { kind: "tool_arguments", block: 0, json: '{"path":"/x"}' },
  { kind: "stop", stop: "tool_calls" },
  { kind: "last" },
];
const SPOKEN: Said[] = [{ kind: "text", block: 0, text: "Hello" }, { kind: "stop", stop: "end" }, { kind: "last" }];

function said(...events: object[]): Said[] {
  const { event } = createReader();
  return events.flatMap((value) => event(value, ""));
}

describe("what a stream says only when it closes it", () => {
  const delta = (text: string) => ({ type: "response.function_call_arguments.delta", output_index: 0, delta: text });
  const argumentsDone = { type: "response.function_call_arguments.done", output_index: 0, arguments: '{"path":"/x"}' };
  const itemDone = { type: "response.output_item.done", output_index: 0, item: { ...call, arguments: '{"path":"/x"}' } };

  test.each([
    ["arguments", [added, argumentsDone, itemDone]],
    ["arguments, with the item alone", [added, itemDone]],
    ["a call that was never added", [itemDone]],
    ["arguments that stood there when it was added", [{ ...added, item: { ...call, arguments: '{"path":"/x"}' } }, itemDone]],
  ])("is said: %s", (_, events) => {
    expect(said(...events, completed())).toEqual(CALLED);
  });

  test("a call that is in the end of the answer alone is said", () => {
    expect(said(completed({ ...call, arguments: '{"path":"/x"}' }))).toEqual(CALLED);
  });

  test("of arguments of which a part was said, the rest is", () => {
    expect(said(added, delta('{"path"'), itemDone, completed()).filter(({ kind }) => kind === "tool_arguments")).toEqual([
      { kind: "tool_arguments", block: 0, json: '{"path"' },
      { kind: "tool_arguments", block: 0, json: ':"/x"}' },
    ]);
  });

  test("a text is said, by whatever closes it", () => {
    const textDone = { type: "response.output_text.done", output_index: 0, content_index: 0, text: "Hello" };
    const done = { type: "response.output_item.done", output_index: 0, item: message("Hello") };
    for (const events of [[textDone, done, completed()], [done, completed(message("Hello"))], [completed(message("Hello"))]]) {
      expect(said(...events)).toEqual(SPOKEN);
    }
  });

  test("nothing is said twice", () => {
    const events = [
      { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Hello" },
      { type: "response.output_text.done", output_index: 0, content_index: 0, text: "Hello" },
      { type: "response.output_item.done", output_index: 0, item: message("Hello") },
      completed(message("Hello")),
    ];
    expect(said(...events)).toEqual(SPOKEN);
    const reasoning = { type: "reasoning", id: "rs", summary: [{ text: "So" }], encrypted_content: "sealed" };
    const thought = { type: "response.reasoning_summary_text.delta", output_index: 0, delta: "So" };
    const finished = { type: "response.output_item.done", output_index: 0, item: reasoning };
    expect(said(thought, finished, completed(reasoning)).map(({ kind }) => kind)).toEqual(["thinking", "signature", "stop", "last"]);
    const search = { type: "web_search_call", id: "ws" };
    const searched = { type: "response.output_item.done", output_index: 0, item: search };
    expect(said(searched, completed(search)).map(({ kind }) => kind)).toEqual(["vendor", "stop", "last"]);
  });
});
