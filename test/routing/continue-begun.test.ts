import { expect, test } from "vitest";
import { createBegunReader } from "../../src/routing/continue-begun.ts";

const created = { type: "response.created", sequence_number: 0, response: { id: "resp_a", model: "m", created_at: 5 } };
const added = (index: number) => ({ type: "response.output_item.added", sequence_number: 1, output_index: index, item: { id: `msg_${index}` } });
const part = (sequence: number) => ({ type: "response.content_part.added", sequence_number: sequence, part: { type: "output_text" } });

const begun = (...events: readonly object[]) => {
  const reader = createBegunReader("openai-responses");
  for (const event of events) reader.see(event);
  return reader.begun("One");
};

test("a response goes on in its one open text", () => {
  expect(begun(created, added(0), part(2))).toEqual({
    ...{ id: "resp_a", model: "m", createdSeconds: 5, text: "One", block: 0, isOpen: true, lastEvent: 2, itemId: "msg_0" },
    announced: created.response,
  });
});

test.each([
  ["without its beginning", [added(0), part(2)]],
  ["before its text", [created, added(0)]],
  ["with two items", [created, added(0), added(1), part(2)]],
  ["with two texts", [created, added(0), part(2), part(3)]],
  ["behind its text", [created, added(0), part(2), { type: "response.output_text.done" }]],
])("and not %s", (_, events) => {
  expect(begun(...events)).toBe(undefined);
});
