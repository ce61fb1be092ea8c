import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatRequest } from "../../src/chat/request.ts";
import { callIdIn, nineLetters } from "../../src/protocols/call-id.ts";
import { protocols } from "../../src/protocols/index.ts";
import { PROTOCOL_IDS, type ProtocolId } from "../../src/provider/protocol-id.ts";
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
