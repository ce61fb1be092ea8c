import { describe, expect, test } from "vitest";
import type { GoodEvent } from "../../../src/protocols/server-protocol.ts";
import { createWriter } from "../../../src/protocols/anthropic-messages/write-answer.ts";

const head = { id: "1", model: "p/m", createdSeconds: 1, wantsUsage: false };
const done = (stop: "end" | "length"): GoodEvent => ({ kind: "done", stop, isEmpty: false, droppedCount: 0 });

describe("a refusal", () => {
  const events: GoodEvent[] = [{ kind: "refusal", block: 0, text: "No." }, done("end")];

  test("is told as one, whatever the other format called its end", () => {
    expect(createWriter(head).whole(events)).toMatchObject({ content: [{ type: "text", text: "No." }], stop_reason: "refusal" });
    const writer = createWriter(head);
    expect(events.map(writer.event).join("")).toContain('"stop_reason":"refusal"');
  });

  test("that was cut is told as cut", () => {
    expect(createWriter(head).whole([events[0] as GoodEvent, done("length")])).toMatchObject({ stop_reason: "max_tokens" });
  });
});

test.each([
  ['{"path":"/tmp', {}, ["answer[0]"]],
  ["[1,2]", {}, ["answer[0]"]],
  ["", {}, []],
  ['{"path":"/tmp"}', { path: "/tmp" }, []],
])("arguments %s become %o, and what is lost is named", (json, input, lost) => {
  const writer = createWriter(head);
  const events: GoodEvent[] = [
    { kind: "tool_call", block: 0, id: "c", name: "look" },
    ...(json === "" ? [] : [{ kind: "tool_arguments", block: 0, json } as const]),
    done("length"),
  ];
  expect(writer.whole(events)).toMatchObject({ content: [{ type: "tool_use", input }] });
  expect(writer.losses.map(({ field }) => field)).toEqual(lost);
});
