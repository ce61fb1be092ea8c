import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatEvent } from "../../src/chat/event.ts";
import type { Signature } from "../../src/chat/request.ts";
import { at } from "../../src/kernel/json-value.ts";
import { carriedHead, isCarriable, isCarried, signatureIn } from "../../src/protocols/carried-signature.ts";
import { protocols } from "../../src/protocols/index.ts";
import type { GoodEvent } from "../../src/protocols/server-protocol.ts";
import { serverProtocols } from "../../src/protocols/servers.ts";

const own: Signature = { dialect: "anthropic-messages", value: "own" };
const CARRIERS = ["anthropic-messages", "openai-responses"] as const;
const head = { id: "1", model: "a/m", createdSeconds: 1, wantsUsage: true };

test("what was carried comes back as it was, whatever stands in it", () => {
  const dialect = fc.constantFrom("openai-responses", "bedrock-converse", "anthropic-messages");
  const signature = fc.record(
    { dialect, value: fc.string(), id: fc.string({ minLength: 1 }), isHidden: fc.constant(true) },
    { requiredKeys: ["dialect", "value"] },
  );
  fc.assert(
    fc.property(signature, (given) => {
      const written = `${carriedHead(given)}${given.value}`;
      expect([isCarried(written), signatureIn(written, own)]).toEqual([true, given]);
    }),
  );
});

test.each(["own", "signalbox:nobody:shown::x", "signalbox"])("%s is the format's own", (value) => {
  expect(signatureIn(value, own)).toBe(own);
});

test("Gemini's are carried behind calls, and not behind texts", () => {
  const signature = { dialect: "google-generate", value: "s" };
  expect(["tool_call", "thinking", "text"].map((kind) => isCarriable(signature, kind))).toEqual([true, true, false]);
});

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe.each(CARRIERS)("in an answer of %s", (to) => {
  const by = to === "anthropic-messages" ? "openai-responses" : "anthropic-messages";
  const events = (text: string): GoodEvent[] => [
    ...(text === "" ? [] : [{ kind: "thinking", block: 0, text } as const]),
    { kind: "signature", block: 0, signature: { dialect: by, value: "first ", id: "rs_1" } },
    { kind: "signature", block: 0, signature: { dialect: by, value: "second" } },
    { kind: "text", block: 1, text: "Yes." },
    { kind: "done", stop: "end", isEmpty: false, droppedCount: 0 },
  ];

  /** The answer's own content, as a client sends it back. */
  const allSentBack = (whole: unknown): unknown => {
    const body =
      to === "anthropic-messages"
        ? { model: "m", max_tokens: 1, messages: [{ role: "assistant", content: at(whole, "content") }] }
        : { model: "m", input: at(whole, "output") };
    const reading = serverProtocols[to].readRequest(body);
    return reading.kind === "request" ? reading.chat.messages[0]?.content : reading;
  };
  const sentBack = (whole: unknown): unknown => at(allSentBack(whole), 0);

  test.each(["Hm.", ""])("what another format signed is carried, and comes back to it (thought: %j)", (text) => {
    const writer = serverProtocols[to].createWriter(head);
    const signature = { dialect: by, value: "first second", id: "rs_1" };
    expect(sentBack(writer.whole(events(text)))).toEqual({ kind: "thinking", text, signature });
    expect(writer.losses).toEqual([]);
  });

  test("and what signs a call comes back with the call", async () => {
    const signature = { dialect: "google-generate", value: "seal" };
    const calls: GoodEvent[] = [
      { kind: "tool_call", block: 0, id: "c1", name: "look" },
      { kind: "tool_arguments", block: 0, json: '{"n":1}' },
      { kind: "signature", block: 0, signature },
      { kind: "tool_call", block: 1, id: "c2", name: "look" },
      { kind: "tool_arguments", block: 1, json: "{}" },
      { kind: "done", stop: "tool_calls", isEmpty: false, droppedCount: 0 },
    ];
    const wanted = [
      { kind: "tool_call", id: "c1", name: "look", arguments: '{"n":1}', signature },
      { kind: "tool_call", id: "c2", name: "look", arguments: "{}" },
    ];
    const writer = serverProtocols[to].createWriter(head);
    expect([allSentBack(writer.whole(calls)), writer.losses]).toEqual([wanted, []]);
    const streaming = serverProtocols[to].createWriter(head);
    const bytes = new TextEncoder().encode(calls.map((event) => streaming.event(event)).join(""));
    const read: ChatEvent[] = [];
    const response = { status: 200, headers: { "content-type": "text/event-stream" }, body: inOnePiece(bytes) };
    for await (const event of protocols[to].decode(response, { providerId: "a" })) read.push(event);
    expect([allSentBack(serverProtocols[to].createWriter(head).whole(read)), streaming.losses]).toEqual([wanted, []]);
  });

  test("and is whole in a stream", () => {
    const writer = serverProtocols[to].createWriter(head);
    const text = events("Hm.")
      .map((event) => writer.event(event))
      .join("");
    const parts = [...text.matchAll(/"(?:signature|encrypted_content)":"([^"]+)"/g)].map(([, part]) => part);
    const expected = `signalbox:${by}:shown:rs_1:first second`;
    expect(to === "anthropic-messages" ? parts.join("") : parts[0]).toBe(expected);
  });
});
