import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProtocolId } from "../../src/provider/protocol-id.ts";
import { fitBody, mayBeSigned } from "../../src/routing/signed-body.ts";

const thought = (signature: string) => ({ type: "thinking", thinking: `thought of ${signature}`, signature });
const hidden = { type: "redacted_thinking", data: "foreign" };
const call = { type: "tool_use", id: "t1", name: "look", input: { n: 1 } };
const result = { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: "A cat." }] };
const isTaken = (signature: string): boolean => signature.startsWith("foreign");

function fit(dialect: ProtocolId, value: Readonly<Record<string, unknown>>, as: "drop" | "text" = "drop", space?: number) {
  const fitted = fitBody({ dialect, value, text: JSON.stringify(value, undefined, space) }, { isTaken, as });
  return fitted === undefined ? undefined : { ...fitted, text: JSON.parse(fitted.text) as Record<string, unknown> };
}

describe("a body of Messages", () => {
  test("keeps its own reasoning and loses the others', and a message of which nothing is left", () => {
    const messages = [
      { role: "user", content: "Is it?" },
      { role: "assistant", content: [thought("foreign 1"), hidden, thought("own"), { type: "text", text: "Yes." }] },
      { role: "user", content: "Sure?" },
      { role: "assistant", content: [thought("foreign 2")] },
      { role: "user", content: [{ type: "text", text: '{"type":"thinking","signature":"foreign"}' }] },
    ];
    const fitted = fit("anthropic-messages", { model: "m", messages }, "drop", 2);
    expect(fitted).toEqual({
      text: { model: "m", messages: [messages[0], { role: "assistant", content: [thought("own"), { type: "text", text: "Yes." }] }, messages[2], messages[4]] },
      lost: ["messages[1].content[0]", "messages[1].content[1]", "messages[3].content[0]"],
      signatures: ["foreign 1", "foreign", "foreign 2"],
    });
  });

  test("keeps what can be read of it as text", () => {
    const messages = [{ role: "assistant", content: [thought("foreign"), hidden, { type: "text", text: "Yes." }] }];
    expect(fit("anthropic-messages", { messages }, "text")?.text).toEqual({
      messages: [
        {
          role: "assistant",
          content: [
            { type: "text", text: "thought of foreign" },
            { type: "text", text: "Yes." },
          ],
        },
      ],
    });
  });

  test("goes without a budget where a call still waits and its reasoning is gone", () => {
    const thinking = { type: "enabled", budget_tokens: 2000 };
    const open = { thinking, messages: [{ role: "assistant", content: [thought("foreign"), call] }, result] };
    expect(fit("anthropic-messages", open)).toMatchObject({ text: { thinking: { type: "disabled" } }, lost: ["messages[0].content[0]", "thinking"] });
    const closed = { thinking, messages: [...open.messages, { role: "assistant", content: [thought("own"), call] }, result] };
    expect(fit("anthropic-messages", closed)).toMatchObject({ text: { thinking }, lost: ["messages[0].content[0]"] });
    const adaptive = { ...open, thinking: { type: "adaptive" } };
    expect(fit("anthropic-messages", adaptive)?.text["thinking"]).toEqual({ type: "adaptive" });
  });

  test("stays as it is where nothing is taken", () => {
    expect(fit("anthropic-messages", { messages: [{ role: "assistant", content: [thought("own"), call] }, result] })).toBe(undefined);
    expect(fit("anthropic-messages", { messages: [{ role: "user", content: [thought("foreign")] }] })).toBe(undefined);
    expect(fit("anthropic-messages", { messages: "none" })).toBe(undefined);
  });
});

describe("a body of Responses", () => {
  const seal = (encrypted_content: string) => ({ type: "reasoning", id: "rs", summary: [{ type: "summary_text", text: "Hm." }], encrypted_content });
  const said = { type: "message", id: "msg", role: "assistant", content: [{ type: "output_text", text: "Yes." }] };
  const called = { type: "function_call", id: "fc", call_id: "c", name: "look", arguments: "{}" };
  const without = (item: object): object => JSON.parse(JSON.stringify({ ...item, id: undefined })) as object;

  test("loses the ids of what the reasoning led to, up to the next that is its own", () => {
    const input = [
      seal("foreign"),
      called,
      { type: "function_call_output", call_id: "c", output: "A cat." },
      seal("own"),
      said,
      { role: "user", content: "?" },
    ];
    expect(fit("openai-responses", { input })).toEqual({
      text: { input: [without(called), ...input.slice(2)] },
      lost: ["input[0]"],
      signatures: ["foreign"],
    });
  });

  test("keeps its summary as text", () => {
    const text = { role: "assistant", content: "Hm." };
    expect(fit("openai-responses", { input: [seal("foreign"), said] }, "text")?.text).toEqual({ input: [text, without(said)] });
  });
});

test("a body of Chat Completions holds nothing that is signed", () => {
  expect([
    fit("openai-chat", { messages: [{ role: "assistant", content: [thought("foreign")] }] }),
    mayBeSigned({ dialect: "openai-chat", text: "signature" }),
  ]).toEqual([undefined, false]);
});

test("whatever stands beside it stays, character by character", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 12 });
  const other = fc.oneof(
    text.map((said) => ({ type: "text", text: said })),
    fc.jsonValue({ maxDepth: 2 }).map((input) => ({ type: "tool_use", id: "t", name: "f", input })),
  );
  const block = fc.oneof(other, fc.constantFrom(thought("foreign"), thought("own"), hidden));
  const message = fc.record({ role: fc.constantFrom("user", "assistant"), content: fc.oneof(text, fc.array(block, { minLength: 1, maxLength: 4 })) });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), fc.nat(3), (messages, extra, space) => {
      const value = { extra, messages, after: 1 };
      const isForeign = (part: unknown): boolean =>
        JSON.stringify(part) === JSON.stringify(thought("foreign")) || JSON.stringify(part) === JSON.stringify(hidden);
      const wanted = messages.flatMap(({ role, content }) => {
        if (role === "user" || typeof content === "string") return [{ role, content }];
        const kept = content.filter((part) => !isForeign(part));
        return kept.length === 0 ? [] : [{ role, content: kept }];
      });
      const fitted = fit("anthropic-messages", value, "drop", space);
      expect(JSON.stringify(fitted?.text ?? value)).toBe(JSON.stringify({ extra, messages: wanted, after: 1 }));
    }),
    { numRuns: 300, seed: 7 },
  );
});
