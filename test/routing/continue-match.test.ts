import { describe, expect, test } from "vitest";
import type { ChatEvent } from "../../src/chat/event.ts";
import { CUT } from "../../src/protocols/body.ts";
import { behind } from "../../src/routing/continue-match.ts";

const text = (words: string, block = 0): ChatEvent => ({ kind: "text", block, text: words });
const DONE: ChatEvent = { kind: "done", stop: "end", isEmpty: false, droppedCount: 0 };
const USAGE: ChatEvent = { kind: "usage", usage: { inputTokens: 3 } };

interface Heard {
  readonly kind: string;
  readonly events?: readonly ChatEvent[];
  readonly closed: number;
}

async function matched(already: string, ...events: readonly ChatEvent[]): Promise<Heard> {
  let closed = 0;
  async function* all(): AsyncGenerator<ChatEvent> {
    try {
      yield* events;
    } finally {
      closed++;
    }
  }
  const found = await behind(already, all());
  if (found.kind !== "goes on") return { kind: found.kind, closed };
  const rest: ChatEvent[] = [];
  for await (const event of found.events) rest.push(event);
  return { kind: found.kind, events: rest, closed };
}

describe("what the client has is read off a second answer", () => {
  test("however it is cut, and what was counted meanwhile is kept", async () => {
    expect(await matched("One t", { kind: "start" }, text("O"), USAGE, text("ne"), text(" two"), text("."), DONE)).toEqual({
      kind: "goes on",
      events: [USAGE, text("wo"), text("."), DONE],
      closed: 1,
    });
  });

  test("with its text in the first block, whatever stood before it, and other parts behind it", async () => {
    const call: ChatEvent = { kind: "tool_call", block: 2, id: "c", name: "look" };
    const thought: ChatEvent = { kind: "thinking", block: 0, text: "Hm." };
    expect(await matched("One", thought, text("One ", 1), thought, text("two", 1), call, DONE)).toEqual({
      kind: "goes on",
      events: [text(" "), text("two"), { ...call, block: 3 }, DONE],
      closed: 1,
    });
  });

  test("so that nothing but the end may be left", async () => {
    expect(await matched("One", text("One"), DONE)).toEqual({ kind: "goes on", events: [DONE], closed: 1 });
    expect(await matched("", DONE)).toEqual({ kind: "goes on", events: [DONE], closed: 1 });
  });
});

describe("an answer that says something else is closed", () => {
  test.each([
    ["other words", [text("On the"), DONE]],
    ["other words in the middle of a piece", [text("One"), text(" Two"), DONE]],
    ["fewer words", [text("One"), DONE]],
    ["a part that is no text", [{ kind: "tool_call", block: 0, id: "c", name: "look" }, DONE]],
    ["nothing", []],
  ] as const)("%s", async (_, events) => {
    expect(await matched("One t", ...(events as readonly ChatEvent[]))).toEqual({ kind: "differs", closed: 1 });
  });

  test("and one that fails on the way has failed", async () => {
    expect((await matched("One t", text("One"), { kind: "failed", failure: CUT, droppedCount: 0 })).kind).toBe("failed");
  });
});
