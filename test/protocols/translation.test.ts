import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatRequest } from "../../src/chat/request.ts";
import { keepDigits, parseExact } from "../../src/protocols/exact-json.ts";
import { protocols } from "../../src/protocols/index.ts";
import type { Loss } from "../../src/protocols/protocol.ts";
import type { ServedDialect } from "../../src/protocols/server-protocol.ts";
import { serverProtocols } from "../../src/protocols/servers.ts";
import { boundField, encodeAs } from "../../src/protocols/translation.ts";
import { carried, leafCount, meaning } from "./carried-request.ts";
import { model, providerOf } from "./conversation.ts";
import { PROTOCOL_IDS } from "../../src/provider/protocol-id.ts";
import { chatBodies, claudeBodies, responsesBodies } from "./generated-requests.ts";

const BODIES = { "openai-chat": chatBodies, "anthropic-messages": claudeBodies, "openai-responses": responsesBodies } as const;
const DIALECTS = Object.keys(BODIES) as ServedDialect[];
const PAIRS = DIALECTS.flatMap((from) => DIALECTS.filter((to) => to !== from).map((to) => [from, to] as const));

function read(dialect: ServedDialect, body: unknown): ChatRequest {
  const reading = serverProtocols[dialect].readRequest(body);
  if (reading.kind === "wrong") throw new Error(`${dialect}: ${reading.field} ${reading.why}`);
  expect(reading.losses).toEqual([]);
  return reading.chat;
}

function written(dialect: ServedDialect, chat: ChatRequest): { body: unknown; losses: readonly Loss[] } {
  const encoding = encodeAs(protocols[dialect], chat, model, providerOf(dialect));
  if (encoding.kind !== "request") throw new Error("no address");
  return { body: JSON.parse(encoding.request.body ?? ""), losses: encoding.losses };
}

interface Carriage {
  /** Of a hundred leaves of all requests, those that are compared. */
  readonly least: number;
  /** All that is ever named, whatever its place. */
  readonly named: readonly string[];
}

/** Taken on 2026-11-21; what is not compared is named, and what is named is this. */
const CARRIAGE: Readonly<Record<string, Carriage>> = {
  "openai-chat to anthropic-messages": {
    least: 87.7,
    named: [
      "logprobs",
      "messages (system)",
      "messages.content (audio)",
      "messages.content (refusal)",
      "messages.content.detail",
      "messages.name",
      "metadata",
      "output",
      "output.name",
      "reasoning.effort",
      "sampling.frequencyPenalty",
      "sampling.seed",
    ],
  },
  "openai-chat to openai-responses": {
    least: 89.3,
    named: [
      "logprobs",
      "maxOutputTokens",
      "messages.content (audio)",
      "messages.name",
      "metadata",
      "sampling.frequencyPenalty",
      "sampling.seed",
      "stopSequences",
    ],
  },
  "anthropic-messages to openai-chat": {
    least: 88.7,
    named: [
      "messages.content (document by text)",
      "messages.content (document by url)",
      "messages.content (thinking)",
      "messages.content.cache",
      "messages.content.content (document by text)",
      "messages.content.content (image by data)",
      "messages.content.content (image by url)",
      "messages.content.isError",
      "reasoning",
      "reasoning.budgetTokens",
      "reasoning.effort",
      "sampling.topK",
      "service_tier",
      "tools.cache",
    ],
  },
  "anthropic-messages to openai-responses": {
    least: 89.2,
    named: [
      "messages.content (document by text)",
      "messages.content (thinking)",
      "messages.content.cache",
      "messages.content.content (document by text)",
      "messages.content.isError",
      "reasoning",
      "reasoning.budgetTokens",
      "reasoning.effort",
      "sampling.topK",
      "service_tier",
      "stopSequences",
      "tools.cache",
    ],
  },
  "openai-responses to openai-chat": {
    least: 91.3,
    named: ["messages.content (document by url)", "messages.content (thinking)", "messages.content.content (image by url)", "metadata", "reasoning.shown"],
  },
  "openai-responses to anthropic-messages": {
    least: 89.9,
    named: ["messages.content (thinking)", "messages.content.detail", "metadata", "output", "output.name"],
  },
};

describe.each(PAIRS)("from %s to %s", (from, to) => {
  test("of every request all arrives that is not named as lost, and comes back", () => {
    let [compared, excepted] = [0, 0];
    const named = new Set<string>();
    fc.assert(
      fc.property(BODIES[from], (body) => {
        const chat = read(from, body);
        const there = written(to, chat);
        const arrived = read(to, there.body);
        const expected = carried(chat, there.losses, to);
        expect(meaning(arrived)).toEqual(meaning(expected.chat));
        const back = written(from, arrived);
        // A name that OpenAI wants with a schema is nobody's.
        expect(back.losses.filter(({ field }) => field !== "output.name" || chat.output === undefined || "name" in chat.output)).toEqual([]);
        const returned = carried(expected.chat, back.losses, from);
        expect(meaning(read(from, back.body))).toEqual(meaning(returned.chat));
        for (const name of expected.named) named.add(name);
        compared += leafCount(meaning(returned.chat));
        excepted += expected.exceptedCount + returned.exceptedCount;
      }),
      { numRuns: 1500, seed: 20261121 },
    );
    const share = (100 * compared) / (compared + excepted);
    expect([...named].toSorted()).toEqual(CARRIAGE[`${from} to ${to}`]?.named);
    expect(share).toBeGreaterThan(CARRIAGE[`${from} to ${to}`]?.least ?? 100);
  });

  test("a setting that only the other format has is named", () => {
    const body = { ...fc.sample(BODIES[from], { numRuns: 1, seed: 3 })[0], some_new_setting: 1 };
    expect(written(to, read(from, body)).losses.map(({ field }) => field)).toContain("some_new_setting");
  });
});

test("what is kept at a vendor binds a request to that vendor's format", () => {
  const chat = read("openai-responses", { model: "m", input: "Go on.", previous_response_id: "resp_1" });
  expect(boundField(chat, "openai-chat")).toBe("previous_response_id");
  expect(boundField(chat, "openai-responses")).toBe(undefined);
});

describe("a key of 64 bits, a long decimal and a number beyond all", () => {
  const INPUT = '{"id":12345678901234567890,"share":0.12345678901234567891,"far":1e400,"list":[9007199254740993]}';
  const quoted = JSON.stringify(INPUT);
  const schema = `{"type":"object","properties":{"id":{"enum":${INPUT}}}}`;
  const TEXTS: Readonly<Record<ServedDialect, string>> = {
    "openai-chat": `{"model":"m","messages":[{"role":"user","content":"Hi"},
      {"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"look","arguments":${quoted}}}]},
      {"role":"assistant","tool_calls":[{"id":"d","type":"function","function":{"name":"look","arguments":${INPUT}}}]},
      {"role":"tool","tool_call_id":"c","content":${quoted}}],
      "tools":[{"type":"function","function":{"name":"look","parameters":${schema}}}]}`,
    "openai-responses": `{"model":"m","input":[{"role":"user","content":"Hi"},{"type":"function_call","call_id":"c","name":"look","arguments":${quoted}},
      {"type":"function_call","call_id":"d","name":"look","arguments":${quoted}},
      {"type":"function_call_output","call_id":"c","output":${quoted}}],"tools":[{"type":"function","name":"look","parameters":${schema}}]}`,
    "anthropic-messages": `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"},
      {"role":"assistant","content":[{"type":"tool_use","id":"c","name":"look","input":${INPUT}},{"type":"tool_use","id":"d","name":"look","input":${INPUT}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":${quoted}}]}],"tools":[{"name":"look","input_schema":${schema}}]}`,
  };

  test.each(DIALECTS.flatMap((from) => PROTOCOL_IDS.map((to) => [from, to] as const)))("arrive digit for digit from %s to %s", (from, to) => {
    const value = JSON.parse(TEXTS[from]);
    const chat = read(from, keepDigits(TEXTS[from], value));
    const encoding = encodeAs(protocols[to], chat, model, providerOf(to));
    const body = (encoding.kind === "request" ? encoding.request.body : undefined) ?? "";
    // Twice as arguments, once as what the tool answered, once in what it takes.
    expect(body.replaceAll("\\", "").split(INPUT)).toHaveLength(5);
    expect(parseExact(body)).toBeDefined();
  });
});
