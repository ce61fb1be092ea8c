import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StopReason } from "../../src/chat/event.ts";
import type { ChatRequest } from "../../src/chat/request.ts";
import { protocols } from "../../src/protocols/index.ts";
import type { GoodEvent, ServedDialect } from "../../src/protocols/server-protocol.ts";
import { serverProtocols } from "../../src/protocols/servers.ts";
import { encodeAs } from "../../src/protocols/translation.ts";
import { PROTOCOL_IDS, type ProtocolId } from "../../src/provider/protocol-id.ts";
import { disorder } from "../support/call-order.ts";
import { everyLeaf } from "../support/every-leaf.ts";
import { breaches, type Published } from "../support/published-schemas.ts";
import { bodyOf, conversation, model, providerOf } from "./conversation.ts";
import { answers } from "./generated-answers.ts";
import { chatBodies, claudeBodies, responsesBodies } from "./generated-requests.ts";

/** What we send and answer, before strict validators of what the vendors publish: `test/support/published-schemas.ts`. */
type Json = Record<string, unknown>;

const BODIES: Readonly<Record<ServedDialect, fc.Arbitrary<Json>>> = {
  "openai-chat": chatBodies,
  "anthropic-messages": claudeBodies,
  "openai-responses": responsesBodies,
};
const CLIENTS = Object.keys(BODIES) as ServedDialect[];
const PAIRS = CLIENTS.flatMap((from) => PROTOCOL_IDS.map((to) => [from, to] as const));
const SIGNED = PROTOCOL_IDS.flatMap((to) =>
  PROTOCOL_IDS.flatMap((by) => [true, false].map((stream) => ({ to, by, stream, how: stream ? "streamed" : "whole" }))),
);

/** In Google's and Bedrock's formats the address says whether to stream. */
function publishedAs(protocol: ProtocolId, chat: ChatRequest): Published {
  const inBody = protocol !== "google-generate" && protocol !== "bedrock-converse";
  return `${protocol}${inBody && chat.stream === true ? " streamed" : ""} request` as Published;
}

function sent(protocol: ProtocolId, chat: ChatRequest) {
  const encoding = encodeAs(protocols[protocol], chat, model, providerOf(protocol));
  if (encoding.kind !== "request") throw new Error("no address");
  return encoding;
}

const breachesOf = (protocol: ProtocolId, chat: ChatRequest): string[] => breaches(publishedAs(protocol, chat), bodyOf(sent(protocol, chat)));

describe("a conversation that holds nearly everything", () => {
  test.each(SIGNED)("signed by $by, goes $how to $to as its vendor publishes it", ({ to, by, stream }) => {
    expect(breachesOf(to, { ...conversation(by), stream })).toEqual([]);
  });

  test.each(SIGNED)("signed by $by, $how to $to: whatever of it changes, the request changes, or its field is named", ({ to, by, stream }) => {
    const chat = { ...conversation(by), stream };
    const { request, losses } = sent(to, chat);
    // An id of what is signed is of use to Responses alone, which is the one that gives it.
    const isOwn = (field: string): boolean => to !== "openai-responses" && field.endsWith(".signature.id");
    const isNamed = (field: string, named: typeof losses): boolean => named.some((one) => field.startsWith(one.field) || one.field.startsWith(field));
    const silent = [...everyLeaf(chat, ["kind", "role", "dialect"])].filter(({ field, value }) => {
      const altered = sent(to, value);
      return JSON.stringify(altered.request) === JSON.stringify(request) && !isNamed(field, [...losses, ...altered.losses]) && !isOwn(field);
    });
    expect(silent.map(({ field }) => field)).toEqual([]);
  });
});

describe("what callers write", () => {
  test.each(PAIRS)("in %s goes to %s as its vendor publishes it", (from, to) => {
    fc.assert(
      fc.property(BODIES[from], (body) => {
        const reading = serverProtocols[from].readRequest(body);
        expect(reading.kind === "request" ? breachesOf(to, reading.chat) : reading).toEqual([]);
        expect(reading.kind === "request" ? disorder(to, bodyOf(sent(to, reading.chat))) : reading).toEqual([]);
      }),
      { numRuns: 300, seed: 20261121 },
    );
  });
});

describe("what goes besides", () => {
  const counting = PROTOCOL_IDS.filter((protocol) => protocols[protocol].encodeCount !== undefined);
  test.each(CLIENTS.flatMap((from) => counting.map((to) => [from, to] as const)))("a count of what is written in %s, by %s", (from, to) => {
    fc.assert(
      fc.property(BODIES[from], (body) => {
        const reading = serverProtocols[from].readRequest(body);
        const encoding = reading.kind === "request" ? protocols[to].encodeCount?.(reading.chat, model, providerOf(to)) : undefined;
        expect(encoding === undefined ? "none" : breaches(`${to} count` as Published, bodyOf(encoding))).toEqual([]);
      }),
      { numRuns: 100, seed: 20261121 },
    );
  });

  test.each(["openai-chat", "google-generate"] as const)("vectors, in %s", (protocol) => {
    const asked = [{ texts: ["one"] }, { texts: ["one", "two"], dimensions: 256 }];
    const bodies = asked.map((request) => protocols[protocol].encodeEmbedding?.(request, model, providerOf(protocol))).map((encoding) => bodyOf(encoding!));
    expect(bodies.map((body) => breaches(`${protocol} embedding`, body))).toEqual([[], []]);
  });
});

const STOPS: readonly StopReason[] = ["end", "length", "tool_calls", "stop_sequence", "content_filter", "refusal", "window", "pause", "other", "unstated"];
const head = { id: "1", model: "groq/llama", createdSeconds: 1_795_000_000, wantsUsage: true };

/** All that an answer can hold, two calls at once among it. */
function everything(dialect: ServedDialect, stop: StopReason): GoodEvent[] {
  return [
    { kind: "start", id: "x", model: "m" },
    { kind: "thinking", block: 0, text: "Look it up." },
    { kind: "signature", block: 0, signature: { dialect, value: "c2ln", id: "rs_1" } },
    { kind: "signature", block: 1, signature: { dialect, value: "c2VjcmV0", isHidden: true } },
    { kind: "text", block: 2, text: "It " },
    { kind: "text", block: 2, text: "rains." },
    { kind: "tool_call", block: 3, id: "call_a", name: "look" },
    { kind: "tool_call", block: 4, id: "call_b", name: "look" },
    { kind: "tool_arguments", block: 3, json: '{"at":' },
    { kind: "tool_arguments", block: 4, json: "{}" },
    { kind: "tool_arguments", block: 3, json: "1}" },
    { kind: "refusal", block: 5, text: "No more." },
    { kind: "usage", usage: { inputTokens: 9, outputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 1, reasoningTokens: 2 } },
    { kind: "done", stop, ...(stop === "stop_sequence" && { stopSequence: "###" }), isEmpty: false, droppedCount: 0 },
  ];
}

function breachesOfAnswer(dialect: ServedDialect, events: readonly GoodEvent[]): string[] {
  const writer = serverProtocols[dialect].createWriter(head);
  const text = events.map((event) => writer.event(event)).join("");
  const data = text.split("\n").filter((line) => line.startsWith("data: ") && line !== "data: [DONE]");
  const whole: unknown = JSON.parse(JSON.stringify(serverProtocols[dialect].createWriter(head).whole(events)));
  return [...data.flatMap((line) => breaches(`${dialect} event`, JSON.parse(line.slice(6)))), ...breaches(`${dialect} answer`, whole)];
}

describe.each(CLIENTS)("an answer in %s, event by event and whole, is as its vendor publishes it", (dialect) => {
  test.each(STOPS)("with everything in it, ended by %s", (stop) => {
    expect(breachesOfAnswer(dialect, everything(dialect, stop))).toEqual([]);
  });

  test("whatever it says", () => {
    fc.assert(
      fc.property(answers, (events) => {
        expect(breachesOfAnswer(dialect, events)).toEqual([]);
      }),
      { numRuns: 100, seed: 20261121 },
    );
  });
});

/** Where anything may stand: arguments, schemas, what a tool answered. */
const FREE = ["input", "parameters", "input_schema", "parametersJsonSchema", "inputSchema", "args", "response", "metadata"];

/** The value once for each object in it, with a field more there. */
function* surprised(value: unknown): Generator {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield { ...value, surprise: 1 };
  for (const [key, inner] of Object.entries(value)) {
    if (FREE.includes(key) && !Array.isArray(inner)) continue;
    for (const one of surprised(inner)) yield Array.isArray(value) ? value.map((old, i) => (i === Number(key) ? one : old)) : { ...value, [key]: one };
  }
}

describe("the validators find", () => {
  test.each(PROTOCOL_IDS)("a field that nobody publishes, anywhere in a request to %s", (protocol) => {
    const chat = conversation(protocol);
    const planted = [...surprised(bodyOf(sent(protocol, chat)))];
    expect(planted.length).toBeGreaterThan(15);
    expect(planted.filter((body) => breaches(publishedAs(protocol, chat), body).length === 0)).toEqual([]);
  });

  test.each(CLIENTS)("one in an answer in %s, and one that is missing", (dialect) => {
    const whole = JSON.parse(JSON.stringify(serverProtocols[dialect].createWriter(head).whole(everything(dialect, "end")))) as Json;
    const planted = [...surprised(whole)];
    expect(planted.length).toBeGreaterThan(6);
    expect(planted.filter((body) => breaches(`${dialect} answer`, body).length === 0)).toEqual([]);
    expect(breaches(`${dialect} answer`, { ...whole, model: undefined })).not.toEqual([]);
  });

  test.each(PROTOCOL_IDS)("a call in a request to %s whose result is not the next thing", (protocol) => {
    const chat = conversation(protocol);
    const [system, user, calls, results, thanks] = chat.messages;
    const broken = (...messages: (typeof system)[]) => disorder(protocol, bodyOf(sent(protocol, { ...chat, messages: messages.map((one) => one!) })));
    expect(broken(system, user, calls, results, thanks)).toEqual([]);
    expect(broken(system, user, calls, thanks)).toHaveLength(1);
    expect(broken(system, user, calls, thanks, results)).toHaveLength(1);
  });

  test("a name that Bedrock does not take, a share beyond one, and two members of a union", () => {
    const ofText = (part: object) => ({ messages: [{ role: "user", content: [part] }] });
    const wrong = [
      ofText({ document: { format: "pdf", name: "a.pdf", source: { bytes: "JVBE" } } }),
      { ...ofText({ text: "Hi" }), inferenceConfig: { temperature: 1.5 } },
      ofText({ text: "Hi", cachePoint: { type: "default" } }),
      ofText({ toolResult: { toolUseId: "functions.look:0", content: [] } }),
    ];
    expect(wrong.map((body) => breaches("bedrock-converse request", body).length > 0)).toEqual([true, true, true, true]);
    expect(breaches("bedrock-converse request", ofText({ text: "Hi" }))).toEqual([]);
  });
});
