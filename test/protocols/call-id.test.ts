import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatRequest } from "../../src/chat/request.ts";
import { callIdIn, nineLetters } from "../../src/protocols/call-id.ts";
import { protocols } from "../../src/protocols/index.ts";
import { PROTOCOL_IDS, type ProtocolId } from "../../src/provider/protocol-id.ts";
import { all, answer } from "./chunks.ts";
import { bodyOf, model, providerOf } from "./conversation.ts";

const LONG = `fc_${"0123456789abcdef".repeat(5)}`;

test("an id that the format takes stays as it is", () => {
  for (const format of PROTOCOL_IDS) expect(callIdIn(format, "call_abc-1")).toBe("call_abc-1");
  expect(callIdIn("openai-chat", "functions.look:0")).toBe("functions.look:0");
});

test("another one becomes one that it takes", () => {
  expect(PROTOCOL_IDS.map((format) => callIdIn(format, "functions.look:0"))).toEqual([
    "functions.look:0",
    "functions.look:0",
    "functions_look_0_02e9669b",
    "functions.look:0",
    "functions_look_0_02e9669b",
  ]);
  expect(PROTOCOL_IDS.map((format) => callIdIn(format, LONG).length)).toEqual([40, 64, LONG.length, LONG.length, 64]);
});

test("ids that are different stay so, whatever is in them", () => {
  const id = fc.oneof(fc.string({ minLength: 1, maxLength: 100 }), fc.stringMatching(/^functions\.look[.:|]\d$/));
  fc.assert(
    fc.property(id, id, fc.constantFrom(...PROTOCOL_IDS), (one, other, format) => {
      expect(callIdIn(format, one) === callIdIn(format, other)).toBe(one === other);
      expect(callIdIn(format, callIdIn(format, one))).toBe(callIdIn(format, one));
    }),
  );
});

test("nine letters and digits where a model wants them", () => {
  expect(["call_abc", "toolu_01A9", "functions.look:0", "aB3xK9mP2"].map(nineLetters)).toEqual([
    expect.stringMatching(/^[a-z0-9]{9}$/),
    expect.stringMatching(/^[a-z0-9]{9}$/),
    expect.stringMatching(/^[a-z0-9]{9}$/),
    "aB3xK9mP2",
  ]);
});

describe("a call and its result", () => {
  const chat: ChatRequest = {
    messages: [
      { role: "user", content: [{ kind: "text", text: "Look." }] },
      { role: "assistant", content: [{ kind: "tool_call", id: `${LONG}:0`, name: "look", arguments: "{}" }] },
      { role: "tool", content: [{ kind: "tool_result", callId: `${LONG}:0`, content: [{ kind: "text", text: "A cat." }] }] },
    ],
  };
  const fields: Readonly<Record<ProtocolId, RegExp>> = {
    "openai-chat": /"(?:id|tool_call_id)":"(fc_[^"]*)"/g,
    "openai-responses": /"call_id":"(fc_[^"]*)"/g,
    "anthropic-messages": /"(?:id|tool_use_id)":"(fc_[^"]*)"/g,
    "google-generate": /"id":"(fc_[^"]*)"/g,
    "bedrock-converse": /"toolUseId":"(fc_[^"]*)"/g,
  };

  test.each(PROTOCOL_IDS)("have the same id in %s", (format) => {
    const body = JSON.stringify(bodyOf(protocols[format].encode(chat, model, providerOf(format))));
    expect([...body.matchAll(fields[format])].map(([, id]) => id)).toEqual([callIdIn(format, `${LONG}:0`), callIdIn(format, `${LONG}:0`)]);
  });
});

describe("calls that come without an id", () => {
  const google = (name: string) => ({ candidates: [{ content: { parts: [{ functionCall: { name } }, { functionCall: { name, id: "" } }] } }] });
  const calls = [{ function: { name: "look" } }, { function: { name: "look" } }];
  const whole: Readonly<Partial<Record<ProtocolId, (id?: string) => object>>> = {
    "openai-chat": (id) => ({ id, choices: [{ message: { tool_calls: calls } }] }),
    "openai-responses": (id) => ({
      id,
      output: [
        { type: "function_call", name: "look" },
        { type: "function_call", name: "look" },
      ],
    }),
    "google-generate": (responseId) => ({ responseId, ...google("look") }),
  };

  test.each(Object.entries(whole))("have ids that no other answer of the conversation has: %s", async (format, written) => {
    const idsOf = async (receivedAtMs: number, id?: string): Promise<string[]> => {
      const body = JSON.stringify(written(id));
      const events = await all(protocols[format as ProtocolId].decode(answer(body, { type: "application/json" }), { providerId: "x", receivedAtMs }));
      return events.flatMap((event) => (event.kind === "tool_call" ? event.id : []));
    };
    expect(await idsOf(0, "a1")).toEqual(["call_a1_0", "call_a1_1"]);
    const unnamed = [...(await idsOf(1_795_000_000_000)), ...(await idsOf(1_795_000_000_001)), ...(await idsOf(1_795_000_000_002, ""))];
    expect(new Set(unnamed).size).toBe(6);
  });

  test("lead Google back to the tool by its name", async () => {
    const turns = await Promise.all(
      ["look", "listen"].map(async (name, i): Promise<ChatRequest["messages"]> => {
        const response = answer(JSON.stringify(google(name)), { type: "application/json" });
        const events = await all(protocols["google-generate"].decode(response, { providerId: "google", receivedAtMs: 1_795_000_000_000 + i }));
        const ids = events.flatMap((event) => (event.kind === "tool_call" ? event.id : []));
        return [
          { role: "assistant", content: ids.map((id) => ({ kind: "tool_call", id, name, arguments: "{}" })) },
          { role: "tool", content: ids.map((callId) => ({ kind: "tool_result", callId, content: [{ kind: "text", text: name }] })) },
        ];
      }),
    );
    // All results at the end, as some clients keep them.
    const messages = [...turns.flatMap(([said]) => said ?? []), ...turns.flatMap(([, answered]) => answered ?? [])];
    const { contents } = bodyOf(protocols["google-generate"].encode({ messages }, model, providerOf("google-generate"))) as {
      contents: { parts: { functionResponse?: { name: string; response: { output: string } } }[] }[];
    };
    const results = contents.flatMap(({ parts }) => parts.flatMap(({ functionResponse }) => functionResponse ?? []));
    expect(results.map(({ name, response }) => [name, response.output])).toEqual([
      ["look", "look"],
      ["look", "look"],
      ["listen", "listen"],
      ["listen", "listen"],
    ]);
  });
});
