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
