import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { protocols } from "../../src/protocols/index.ts";
import type { ServedDialect } from "../../src/protocols/server-protocol.ts";
import { serverProtocols } from "../../src/protocols/servers.ts";
import { model, providerOf } from "./conversation.ts";
import { chatBodies, claudeBodies, responsesBodies } from "./generated-requests.ts";

type Json = Record<string, unknown>;

const RUNS = 10_000;

/** There and back: read into the one language and written again in the same format. */
function back(dialect: ServedDialect, body: Json): { body: Json; losses: readonly unknown[] } {
  const reading = serverProtocols[dialect].readRequest(body);
  if (reading.kind === "wrong") throw new Error(`${reading.field} ${reading.why}`);
  const encoding = protocols[dialect].encode(reading.chat, model, providerOf(dialect));
  if (encoding.kind !== "request") throw new Error("no address");
  return { body: JSON.parse(encoding.request.body ?? "") as Json, losses: [...reading.losses, ...encoding.losses] };
}

/**
 * The written list of what may be different afterwards: docs/translation.md names each. Applied to both sides.
 */
const normalised: Record<ServedDialect, (body: Json) => Json> = {
  "openai-chat": (body) => ({
    ...body,
    model: "m",
    messages: (body["messages"] as Json[]).map((message) => ({
      ...message,
      // The older word: most servers know no other.
      role: message["role"] === "developer" ? "system" : message["role"],
      content: oneText(message["content"], "text"),
    })),
    ...("stop" in body && { stop: [body["stop"]].flat() }),
    // A stream always tells its usage.
    stream_options: undefined,
  }),
  "anthropic-messages": (body) => ({
    ...body,
    model: "m",
    ...("system" in body && { system: listOf(body["system"]) }),
    // Neighbours of one role are one message.
    messages: merged((body["messages"] as Json[]).map((message) => ({ ...message, content: listOf(message["content"]) }))),
  }),
  "openai-responses": ({ instructions, ...body }) => ({
    ...body,
    model: "m",
    // Instructions stand at the head of the input.
    input: [
      ...(instructions === undefined ? [] : [{ role: "system", content: instructions }]),
      ...(typeof body["input"] === "string" ? [{ role: "user", content: body["input"] }] : (body["input"] as Json[])),
    ].map((item: Json) => {
      const { type, ...message } = item;
      return type === undefined || type === "message" ? { ...message, content: oneText(message["content"], "input_text", "output_text") } : item;
    }),
    // Nothing is kept at the vendor; reasoning comes back sealed.
    store: undefined,
    include: undefined,
  }),
};

function oneText(content: unknown, ...types: readonly string[]): unknown {
  const only: Json | undefined = Array.isArray(content) && content.length === 1 ? (content[0] as Json) : undefined;
  return types.some((type) => only?.["type"] === type) ? only?.["text"] : content;
}

function listOf(content: unknown): unknown {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function merged(messages: readonly Json[]): Json[] {
  const all: Json[] = [];
  for (const message of messages) {
    const last = all.at(-1);
    if (last === undefined || last["role"] !== message["role"]) all.push(message);
    else all.splice(-1, 1, { ...last, content: [...(last["content"] as Json[]), ...(message["content"] as Json[])] });
  }
  return all;
}

describe.each([
  ["openai-chat", chatBodies],
  ["anthropic-messages", claudeBodies],
  ["openai-responses", responsesBodies],
] as const)("a request in %s", (dialect, bodies) => {
  test(`comes back as it was, up to what is written down (${RUNS} conversations)`, () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const again = back(dialect, body);
        expect(plain(normalised[dialect](again.body))).toEqual(plain(normalised[dialect](body)));
        expect(again.losses).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});

/** Without fields that are undefined. */
function plain(body: Json): unknown {
  return JSON.parse(JSON.stringify(body));
}
