import { expect, test } from "vitest";
import type { GoodEvent } from "../../../src/protocols/server-protocol.ts";
import { createWriter } from "../../../src/protocols/openai-responses/write-answer.ts";

const head = { id: "1", model: "p/m", createdSeconds: 1, wantsUsage: false };
const CUT: GoodEvent[] = [
  { kind: "text", block: 0, text: "Look:" },
  { kind: "tool_call", block: 1, id: "c", name: "look" },
  { kind: "tool_arguments", block: 1, json: '{"path":"/et' },
  { kind: "done", stop: "length", isEmpty: false, droppedCount: 0 },
];
const TORN = { type: "function_call", status: "incomplete", arguments: '{"path":"/et' };

test("of an answer that was cut by its limit, the item that was being said is incomplete", () => {
  expect(createWriter(head).whole(CUT)).toMatchObject({ status: "incomplete", output: [{ status: "completed" }, TORN] });
  const writer = createWriter(head);
  const events = CUT.flatMap((said) => writer.event(said).split("\n")).flatMap((line) => (line.startsWith("data: ") ? JSON.parse(line.slice(6)) : []));
  const finished = events.filter(({ type }) => type === "response.output_item.done").map(({ item }) => item);
  expect(finished).toMatchObject([{ status: "completed" }, TORN]);
  expect(events.at(-1)).toMatchObject({ type: "response.incomplete", response: { output: [{ status: "completed" }, TORN] } });
});
