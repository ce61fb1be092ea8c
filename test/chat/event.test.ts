import { expect, test } from "vitest";
import { type ChatEvent, isPiece } from "../../src/chat/event.ts";

const EVENTS: readonly (readonly [ChatEvent, boolean])[] = [
  [{ kind: "start" }, false],
  [{ kind: "usage", usage: { inputTokens: 1 } }, false],
  [{ kind: "text", block: 0, text: "" }, false],
  [{ kind: "thinking", block: 0, text: "" }, false],
  [{ kind: "text", block: 0, text: " " }, true],
  [{ kind: "thinking", block: 0, text: "Hm" }, true],
  [{ kind: "refusal", block: 0, text: "No" }, true],
  [{ kind: "tool_call", block: 0, id: "a", name: "look" }, true],
  [{ kind: "tool_arguments", block: 0, json: "{" }, true],
  [{ kind: "signature", block: 0, signature: { dialect: "d", value: "v" } }, true],
  [{ kind: "audio", block: 0, base64: "AAAA" }, true],
  [{ kind: "image", block: 0, mediaType: "image/png", base64: "iVBO" }, true],
  [{ kind: "vendor", block: 0, dialect: "d", value: {} }, true],
  [{ kind: "done", stop: "end", isEmpty: true, droppedCount: 0 }, false],
  [{ kind: "failed", failure: { reason: "unknown", rule: "none" }, droppedCount: 0 }, false],
];

test("an answer has begun with the first of these, and not before", () => {
  expect(EVENTS.map(([event]) => [event.kind, isPiece(event)])).toEqual(EVENTS.map(([event, expected]) => [event.kind, expected]));
});
