import { describe, expect, test } from "vitest";
import { readRequest } from "../../../src/protocols/anthropic-messages/read-request.ts";

const body = { model: "m", messages: [{ role: "user", content: "Hi" }] };

test.each([
  { output_config: { effort: "low" }, thinking: { type: "disabled" } },
  { output_config: { effort: "utmost" } },
  { output_config: { format: { type: "grammar" } } },
  { metadata: { user_id: "u", team: "t" } },
])("what the one language has no word for stays an extra: %j", (more) => {
  const reading = readRequest({ ...body, ...more });
  const { thinking: _, ...extra } = more;
  expect(reading.kind === "request" && reading.chat.extras).toEqual({ "anthropic-messages": extra });
});

test("what a caller calls as every object calls something is no better understood", () => {
  const metadata: unknown = JSON.parse('{"user_id":"u","constructor":"t"}');
  const reading = readRequest({ ...body, metadata });
  expect(reading.kind === "request" && reading.chat.extras).toEqual({ "anthropic-messages": { metadata } });
});

test("an empty list before the conversation says nothing, and what is no list is a fault", () => {
  const plain = readRequest(body);
  expect(readRequest({ ...body, system: [] })).toEqual(plain);
  expect([{}, 7].map((system) => readRequest({ ...body, system }))).toEqual(
    [{}, 7].map(() => ({ kind: "wrong", field: "system", why: "is neither a text nor a list of texts" })),
  );
});

describe("what a tool answers", () => {
  const answered = (...content: object[]) => {
    const called = { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "f", input: {} }] };
    const reading = readRequest({
      ...body,
      messages: [...body.messages, called, { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content }] }],
    });
    if (reading.kind === "wrong") return reading;
    const [result] = reading.chat.messages.at(-1)?.content ?? [];
    return [result?.kind === "tool_result" && result.content, reading.losses.map(({ how, field }) => `${how} ${field}`)];
  };

  test("is a text where a search has found it", () => {
    const found = {
      type: "search_result",
      source: "https://example.com/a",
      title: "Cats",
      content: [
        { type: "text", text: "They sleep." },
        { type: "text", text: "A lot." },
      ],
    };
    expect(answered({ ...found, cache_control: { type: "ephemeral" }, citations: { enabled: true } })).toEqual([
      [{ kind: "text", text: "Cats\nhttps://example.com/a\nThey sleep.\nA lot.", cache: {} }],
      ["lost messages[2].content[0].content[0].citations", "changed messages[2].content[0].content[0]"],
    ]);
  });

  test("is left out and named where no other format has it", () => {
    expect(answered({ type: "tool_reference", tool_name: "g" }, { type: "text", text: "Done." })).toEqual([
      [{ kind: "text", text: "Done." }],
      ["lost messages[2].content[0].content[0]"],
    ]);
  });

  test("is a fault where it has no type", () => {
    expect(answered({ text: "Done." })).toEqual({ kind: "wrong", field: "messages[2].content[0].content[0]", why: "has no type" });
  });
});
