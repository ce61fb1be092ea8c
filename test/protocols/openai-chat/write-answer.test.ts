import { expect, test } from "vitest";
import { createWriter } from "../../../src/protocols/openai-chat/write-answer.ts";

const head = { id: "1", model: "p/m", createdSeconds: 1, wantsUsage: false };

test("a whole answer keeps what was spoken, as a stream does", () => {
  const writer = createWriter(head);
  const { choices } = writer.whole([
    { kind: "audio", block: 0, base64: "UklG" },
    { kind: "audio", block: 0, base64: "Rg==" },
    { kind: "done", stop: "end", isEmpty: false, droppedCount: 0 },
  ]);
  expect([choices, writer.losses]).toMatchObject([[{ message: { role: "assistant", audio: { data: "UklGRg==" } } }], []]);
});

test("arguments of what is no call of the client are nobody's", () => {
  const writer = createWriter(head);
  const written = [
    writer.event({ kind: "vendor", block: 0, dialect: "anthropic-messages", value: { type: "server_tool_use" } }),
    writer.event({ kind: "tool_arguments", block: 0, json: '{"query":"q"}' }),
    writer.event({ kind: "tool_call", block: 1, id: "c", name: "look" }),
    writer.event({ kind: "tool_arguments", block: 1, json: "{}" }),
  ];
  expect(written.join("")).not.toContain("query");
  expect([written[3], writer.losses.map(({ field }) => field)]).toEqual([expect.stringContaining('"index":0'), ["answer[0]"]]);
});
