import { jsonSchema, streamText, tool } from "ai";
import { describe, expect, test } from "vitest";
import { createSignalboxProvider } from "../../../src/ai.ts";
import type { ChatEvent } from "../../../src/chat/event.ts";
import { createPartWriter } from "../../../src/library/ai/stream-parts.ts";
import type { StreamEvent } from "../../../src/library/conversation.ts";
import type { Signalbox } from "../../../src/library/signalbox.ts";

const OPENED: StreamEvent = { kind: "opened", servedBy: { model: "lab/m" }, attempts: [], passedOver: [], lost: [] };
const USAGE: ChatEvent = { kind: "usage", usage: { inputTokens: 3, outputTokens: 5, reasoningTokens: 2 } };
const DONE: ChatEvent = { kind: "done", stop: "tool_calls", isEmpty: false, droppedCount: 0 };
const FAILED: ChatEvent = { kind: "failed", failure: { reason: "network", rule: "test" }, droppedCount: 0 };

const text = (block: number, said: string): ChatEvent => ({ kind: "text", block, text: said });
const thinking = (block: number, said: string): ChatEvent => ({ kind: "thinking", block, text: said });
const signature = (block: number): ChatEvent => ({ kind: "signature", block, signature: { dialect: "lab", value: "signed" } });
const call = (block: number, id: string): ChatEvent => ({ kind: "tool_call", block, id, name: "look" });
const json = (block: number, piece: string): ChatEvent => ({ kind: "tool_arguments", block, json: piece });

const look = tool({ inputSchema: jsonSchema<object>({ type: "object" }), execute: async (input) => input });

/** What the SDK makes of it: the answer's content in its order, the reason, the counts and the errors. */
async function through(events: readonly ChatEvent[]) {
  async function* stream(): AsyncGenerator<StreamEvent> {
    yield OPENED;
    yield* events;
  }
  const box = { chat: () => undefined, stream } as unknown as Signalbox;
  const errors: unknown[] = [];
  const result = streamText({
    model: createSignalboxProvider({ signalbox: box })(),
    prompt: "hi",
    tools: { look },
    onError: ({ error }) => void errors.push((error as Error).message),
  });
  const types: string[] = [];
  for await (const part of result.fullStream) types.push(part.type);
  const [step] = await result.steps;
  const content = step?.content.flatMap((part) => {
    if (part.type === "text" || part.type === "reasoning") return [`${part.type} ${part.text}`];
    return part.type === "tool-call" ? [`call ${part.toolCallId} ${JSON.stringify(part.input)}`] : [];
  });
  return { content, types, errors, finishReason: step?.finishReason, usage: step?.usage };
}

describe("in the order of the answer", () => {
  test.each<[string, ChatEvent[], string[]]>([
    [
      "text, a call, text",
      [text(0, "Let me "), text(0, "look."), call(1, "a"), json(1, '{"x"'), json(1, ":1}"), text(2, "Looked."), USAGE, DONE],
      ["text Let me look.", 'call a {"x":1}', "text Looked."],
    ],
    [
      "calls side by side, whose arguments alternate",
      [call(0, "a"), call(1, "b"), json(0, '{"x"'), json(1, '{"y":2}'), json(0, ":1}"), text(2, "Both."), USAGE, DONE],
      ['call a {"x":1}', 'call b {"y":2}', "text Both."],
    ],
    [
      "text before a call's arguments are all there",
      [call(0, "a"), json(0, '{"x"'), text(1, "Mean"), json(0, ":1}"), text(1, "while."), USAGE, DONE],
      ['call a {"x":1}', "text Meanwhile."],
    ],
    [
      "a call without arguments",
      [call(0, "a"), text(1, "So."), thinking(2, "Hm."), text(3, "Yes."), USAGE, DONE],
      ["call a {}", "text So.", "reasoning Hm.", "text Yes."],
    ],
    [
      "reasoning, text, reasoning, a call",
      [thinking(0, "Hm."), signature(0), text(1, "I look."), thinking(2, "Now."), call(3, "a"), json(3, "{}"), USAGE, DONE],
      ["reasoning Hm.", "text I look.", "reasoning Now.", "call a {}"],
    ],
  ])("%s", async (_, events, content) => {
    const told = await through(events);
    expect([told.content, told.finishReason, told.errors]).toEqual([content, "tool-calls", []]);
    expect(told.usage).toMatchObject({ inputTokens: 3, outputTokens: 5, totalTokens: 8 });
  });
});

test("a call is told as soon as something follows it, and a signature that comes late is its reasoning's", () => {
  const write = createPartWriter([]);
  const parts = [OPENED, thinking(0, "Hm."), call(1, "a"), json(1, "{}"), text(2, "So"), signature(0), json(1, "more"), DONE].map((event) =>
    write(event).map(({ type }) => type),
  );
  expect(parts.slice(1)).toEqual([
    ["reasoning-start", "reasoning-delta"],
    ["tool-input-start"],
    ["tool-input-delta"],
    ["tool-input-end", "tool-call", "text-start", "text-delta"],
    [],
    [],
    ["reasoning-end", "text-end", "finish"],
  ]);
  const ends = createPartWriter([]);
  for (const event of [OPENED, thinking(0, "Hm."), text(1, "So"), signature(0)]) ends(event);
  expect(ends(DONE)[0]).toEqual({ type: "reasoning-end", id: "0", providerMetadata: { signalbox: { signature: { dialect: "lab", value: "signed" } } } });
});

test("a call that broke off is carried out by nobody, and what was held back behind it is told", async () => {
  const told = await through([text(0, "I look."), call(1, "a"), json(1, '{"x"'), text(2, "And"), FAILED]);
  expect([told.content, told.finishReason, told.errors]).toEqual([["text I look.", "text And"], "error", [expect.stringContaining("broke off")]]);
  expect(told.types.filter((type) => type === "tool-call" || type === "tool-result")).toEqual([]);
});
