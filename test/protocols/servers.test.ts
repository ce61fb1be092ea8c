import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatEvent } from "../../src/chat/event.ts";
import { answerOf } from "../../src/protocols/answer-blocks.ts";
import { writeExact } from "../../src/protocols/exact-json.ts";
import { protocols } from "../../src/protocols/index.ts";
import type { GoodEvent, ServedDialect } from "../../src/protocols/server-protocol.ts";
import { serverProtocols } from "../../src/protocols/servers.ts";
import { PROTOCOL_IDS, type ProtocolId } from "../../src/provider/protocol-id.ts";
import { frame } from "./answer-fixtures.ts";
import { answers } from "./generated-answers.ts";

const DIALECTS = Object.keys(serverProtocols) as ServedDialect[];
const head = { id: "1", model: "groq/llama", createdSeconds: 1_795_000_000, wantsUsage: true };
const READING = { providerId: "openai" };

async function decoded(dialect: ProtocolId, bytes: Uint8Array, contentType: string, step = bytes.length || 1): Promise<ChatEvent[]> {
  const body = (async function* () {
    for (let at = 0; at < bytes.length; at += step) yield bytes.slice(at, at + step);
  })();
  const events: ChatEvent[] = [];
  for await (const event of protocols[dialect].decode({ status: 200, headers: { "content-type": contentType }, body }, READING)) events.push(event);
  return events;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const streamOf = (dialect: ServedDialect, events: readonly GoodEvent[]): string => {
  const writer = serverProtocols[dialect].createWriter(head);
  return events.map((event) => writer.event(event)).join("");
};
/** Blocks, how it ended, what it cost; without the ids, which are ours. */
const meaning = (events: readonly ChatEvent[]) => ({ ...answerOf(events), end: events.at(-1)?.kind });
/** Usage details that a format states as 0. */
const without0 = (found: ReturnType<typeof meaning>) => ({
  ...found,
  usage: Object.fromEntries(Object.entries(found.usage).filter(([, count]) => count !== 0)),
  blocks: found.blocks.map((block) => (block.kind === "tool_call" ? { ...block, json: JSON.stringify(JSON.parse(block.json || "{}")) } : block)),
});

describe.each(DIALECTS)("an answer written in %s", (dialect) => {
  test("says, streamed, what its events say", async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (events) => {
        const found = await decoded(dialect, bytesOf(streamOf(dialect, events)), "text/event-stream");
        expect(without0(meaning(found))).toEqual(without0(meaning(events)));
      }),
      { numRuns: 300 },
    );
  });

  test("says, as a whole, what its events say", async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (events) => {
        const whole = serverProtocols[dialect].createWriter(head).whole(events);
        const found = await decoded(dialect, bytesOf(JSON.stringify(whole)), "application/json");
        expect(without0(meaning(found))).toEqual(without0(meaning(events)));
      }),
      { numRuns: 300 },
    );
  });

  test("is the same answer wherever its bytes are split", async () => {
    const [events] = fc.sample(answers, { seed: 7, numRuns: 1 });
    const bytes = bytesOf(streamOf(dialect, events ?? []));
    const whole = await decoded(dialect, bytes, "text/event-stream");
    for (const step of [1, 2, 3, 7, 64]) expect(answerOf(await decoded(dialect, bytes, "text/event-stream", step))).toEqual(answerOf(whole));
  });
});

test("calls whose arguments alternate are whole in every format", async () => {
  const call = (block: number): GoodEvent => ({ kind: "tool_call", block, id: `call_${block}`, name: `tool_${block}` });
  const part = (block: number, json: string): GoodEvent => ({ kind: "tool_arguments", block, json });
  const events: GoodEvent[] = [
    { kind: "text", block: 0, text: "I look." },
    call(1),
    call(2),
    part(1, '{"a"'),
    part(2, '{"b":'),
    part(1, ":1}"),
    part(2, "2}"),
    call(3),
    { kind: "done", stop: "tool_calls", isEmpty: false, droppedCount: 0 },
  ];
  for (const dialect of DIALECTS) {
    const writer = serverProtocols[dialect].createWriter(head);
    const found = await decoded(dialect, bytesOf(events.map((event) => writer.event(event)).join("")), "text/event-stream");
    const calls = answerOf(found).blocks.flatMap((block) => (block.kind === "tool_call" ? [[block.id, block.name, block.json || "{}"]] : []));
    expect({ dialect, calls, losses: writer.losses }).toEqual({
      dialect,
      calls: [
        ["call_1", "tool_1", '{"a":1}'],
        ["call_2", "tool_2", '{"b":2}'],
        ["call_3", "tool_3", "{}"],
      ],
      losses: [],
    });
  }
});

describe("numbers that JavaScript cannot hold", () => {
  const INPUT = '{"id":12345678901234567890,"share":0.12345678901234567891,"far":1e400,"list":[9007199254740993]}';
  const quoted = JSON.stringify(INPUT);
  const WHOLE: Readonly<Record<ProtocolId, string>> = {
    "openai-chat": `{"choices":[{"message":{"tool_calls":[{"id":"c","function":{"name":"look","arguments":${INPUT}}}]},"finish_reason":"tool_calls"}]}`,
    "openai-responses": `{"status":"completed","output":[{"type":"function_call","call_id":"c","name":"look","arguments":${quoted}}]}`,
    "anthropic-messages": `{"content":[{"type":"tool_use","id":"c","name":"look","input":${INPUT}}],"stop_reason":"tool_use"}`,
    "google-generate": `{"candidates":[{"content":{"parts":[{"functionCall":{"id":"c","name":"look","args":${INPUT}}}]},"finishReason":"STOP"}]}`,
    "bedrock-converse": `{"output":{"message":{"content":[{"toolUse":{"toolUseId":"c","name":"look","input":${INPUT}}}]}},"stopReason":"tool_use"}`,
  };
  /** Google streams whole answers in little, Anthropic and Amazon may begin a call with all of its input. */
  const STREAMED: Readonly<Record<ProtocolId, Uint8Array>> = {
    "openai-chat": bytesOf(`data: ${WHOLE["openai-chat"].replace('"message"', '"delta"')}\n\n`),
    "openai-responses": bytesOf(`data: {"type":"response.completed","response":${WHOLE["openai-responses"]}}\n\n`),
    "anthropic-messages": bytesOf(
      `data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"c","name":"look","input":${INPUT}}}\n\n` +
        'data: {"type":"message_delta","delta":{"stop_reason":"tool_use"}}\n\n',
    ),
    "google-generate": bytesOf(`data: ${WHOLE["google-generate"]}\n\n`),
    "bedrock-converse": Buffer.concat([
      frame("contentBlockStart", `{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"c","name":"look","input":${INPUT}}}}`),
      frame("messageStop", '{"stopReason":"tool_use"}'),
    ]),
  };
  const type = (from: ProtocolId): string => (from === "bedrock-converse" ? "application/vnd.amazon.eventstream" : "text/event-stream");

  test.each(PROTOCOL_IDS)("come digit for digit from %s to every client, streamed and whole", async (from) => {
    for (const [bytes, contentType] of [[bytesOf(WHOLE[from]), "application/json"] as const, [STREAMED[from], type(from)] as const]) {
      const events = await decoded(from, bytes, contentType);
      expect(answerOf(events).blocks).toEqual([{ kind: "tool_call", id: "c", name: "look", json: INPUT }]);
      for (const to of DIALECTS) {
        expect(streamOf(to, events as GoodEvent[]).replaceAll("\\", "")).toContain(INPUT);
        expect(writeExact(serverProtocols[to].createWriter(head).whole(events)).replaceAll("\\", "")).toContain(INPUT);
      }
    }
  });
});
