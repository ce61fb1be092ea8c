import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AssistantPart, ChatRequest } from "../../src/chat/request.ts";
import type { ChatEvent } from "../../src/chat/event.ts";
import { protocols } from "../../src/protocols/index.ts";
import { PROTOCOL_IDS } from "../../src/provider/protocol-id.ts";
import { answerFixtures } from "./answer-fixtures.ts";
import { lossesOf, model, providerOf } from "./conversation.ts";
import { all, answer, cut, joined, placesIn } from "./chunks.ts";

test("every wire format has a protocol of its name", () => {
  expect(Object.entries(protocols).map(([id, protocol]) => [id, protocol.id])).toEqual(PROTOCOL_IDS.map((id) => [id, id]));
});

describe.each(answerFixtures.map((fixture) => [fixture.name, fixture] as const))("%s", (_, { protocol, provider, bytes, contentType, events, source }) => {
  const read = (chunks: readonly Uint8Array[]) => all(protocols[protocol].decode(answer(chunks, { type: contentType }), { providerId: provider }));

  test("says what it says", async () => {
    expect(joined(await read([bytes]))).toEqual(events);
    expect(new URL(source.url).protocol).toBe("https:");
  });

  test("says the same however its bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(placesIn(bytes), async (places) => {
        expect(joined(await read(cut(bytes, places)))).toEqual(events);
      }),
      { numRuns: 12 },
    );
  });
});

/** What was said, as a message that goes back. */
function messageOf(events: readonly ChatEvent[]): AssistantPart[] {
  const parts = new Map<number, AssistantPart>();
  for (const event of events) {
    if (!("block" in event)) continue;
    const part = parts.get(event.block);
    if (event.kind === "signature") {
      const signed = part?.kind === "text" || part?.kind === "tool_call" || part?.kind === "thinking" ? part : { kind: "thinking" as const, text: "" };
      parts.set(event.block, { ...signed, signature: event.signature });
    } else if (event.kind === "tool_call") parts.set(event.block, { kind: "tool_call", id: event.id, name: event.name, arguments: "" });
    else if (event.kind === "tool_arguments" && part?.kind === "tool_call") parts.set(event.block, { ...part, arguments: event.json });
    else if (event.kind === "vendor" && part === undefined) parts.set(event.block, { kind: "vendor", dialect: event.dialect, value: event.value });
    else if (event.kind === "text" || event.kind === "thinking" || event.kind === "refusal") parts.set(event.block, { kind: event.kind, text: event.text });
  }
  const ordered = [...parts.entries()].sort(([a], [b]) => a - b).map(([, part]) => part);
  // Thoughts of Gemini are for reading: what is signed are the parts after them.
  return ordered.filter((part) => part.kind !== "thinking" || part.signature !== undefined);
}

const whole = answerFixtures.filter(({ events }) => events.at(-1)?.kind === "done");

test.each(whole.map((fixture) => [fixture.name, fixture] as const))("an answer goes back to its own dialect as it is: %s", (_, { protocol, events }) => {
  const chat: ChatRequest = { messages: [{ role: "assistant", content: messageOf(events) }] };
  expect(lossesOf(protocols[protocol].encode(chat, model, providerOf(protocol)))).toEqual([]);
});

describe("every protocol", () => {
  test.each(PROTOCOL_IDS)("%s has answers whole and streamed, with calls, reasoning and usage", (id) => {
    const mine = answerFixtures.filter(({ protocol }) => protocol === id);
    const has = (kind: string, isStream: boolean): boolean =>
      mine.some((fixture) => fixture.isStream === isStream && fixture.events.some((event) => event.kind === kind));
    const kinds = ["text", "tool_call", "usage"].flatMap((kind) => [true, false].map((isStream) => [kind, isStream, has(kind, isStream)]));
    expect(kinds.filter(([, , found]) => found !== true)).toEqual([]);
    expect(has("thinking", true) || has("thinking", false)).toBe(true);
  });

  test.each(answerFixtures.filter(({ isStream, events }) => isStream && events.at(-1)?.kind === "done").map((fixture) => [fixture.name, fixture] as const))(
    "does not call a part of an answer whole: %s",
    async (_, { protocol, provider, bytes, contentType }) => {
      for (let end = 0; end < bytes.length; end += 7) {
        const events = await all(protocols[protocol].decode(answer([bytes.slice(0, end)], { type: contentType }), { providerId: provider }));
        const last = events.at(-1);
        expect(events.filter(({ kind }) => kind === "done" || kind === "failed")).toEqual([last]);
        // What follows a reason to stop is only figures.
        if (last?.kind === "done")
          expect(new TextDecoder().decode(bytes.slice(0, end))).toMatch(/"(?:finish_reason|stop_reason|finishReason|stopReason)":"|response\.completed/);
        else expect(last).toMatchObject({ kind: "failed", failure: { reason: expect.stringMatching(/^(network|unknown)$/) } });
      }
    },
  );
});
