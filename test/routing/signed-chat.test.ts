import { describe, expect, test } from "vitest";
import type { AssistantPart, ChatRequest } from "../../src/chat/request.ts";
import type { ProtocolId } from "../../src/provider/protocol-id.ts";
import { fitChat, withStandIns } from "../../src/routing/signed-chat.ts";

const own = (value: string, dialect = "google-generate") => ({ dialect, value });
const call: AssistantPart = { kind: "tool_call", id: "1", name: "f", arguments: "{}" };
const chatOf = (...content: AssistantPart[]): ChatRequest => ({ messages: [{ role: "assistant", content }] });
const fitting = (dialect: ProtocolId, as: "drop" | "text" = "drop") => ({
  dialect,
  as,
  why: "because",
  isTaken: (signature: string) => signature === "foreign",
});

describe("a request in the one language", () => {
  test("texts and calls stay, without the signature", () => {
    const chat = chatOf({ ...call, signature: own("foreign") });
    expect(fitChat(chat, fitting("google-generate"))).toEqual({
      chat: chatOf(call),
      losses: [{ field: "messages[0].content[0]", how: "changed", why: "because" }],
    });
    const kept = chatOf({ ...call, signature: own("own") });
    expect(fitChat(kept, fitting("google-generate")).chat).toBe(kept);
  });

  test("what another format signed is left to the format's writer, or becomes text", () => {
    const chat = chatOf({ kind: "thinking", text: "Hm.", signature: own("s", "anthropic-messages") }, { kind: "thinking", text: "" });
    expect(fitChat(chat, fitting("openai-chat"))).toEqual({ chat, losses: [] });
    expect(fitChat(chat, fitting("openai-chat", "text")).chat).toEqual(chatOf({ kind: "text", text: "Hm." }, { kind: "thinking", text: "" }));
  });

  test("a budget is given up where a call waits and its reasoning is gone", () => {
    const messages: ChatRequest["messages"] = [
      { role: "assistant", content: [{ kind: "thinking", text: "Hm.", signature: own("foreign", "anthropic-messages") }, call] },
      { role: "tool", content: [{ kind: "tool_result", callId: "1", content: [] }] },
    ];
    const reasoning = { kind: "on", budgetTokens: 2000 } as const;
    const fitted = fitChat({ messages, reasoning }, fitting("anthropic-messages"));
    expect([fitted.chat.reasoning, fitted.losses.map(({ field }) => field)]).toEqual([{ kind: "off" }, ["messages[0].content[0]", "reasoning"]]);
    const later = fitChat({ messages: [...messages, { role: "user", content: [{ kind: "text", text: "?" }] }], reasoning }, fitting("anthropic-messages"));
    expect(later.chat.reasoning).toEqual(reasoning);
  });
});

test("a stand-in goes with the first call of an answer alone, and not where the vendor's own signature is", () => {
  const signed: AssistantPart = { ...call, signature: own("own") };
  const messages = [chatOf(signed, call), chatOf({ kind: "text", text: "Hm." }, call, call)].flatMap((chat) => chat.messages);
  const stood = withStandIns({ messages });
  expect(stood?.messages.map(({ content }) => (content as AssistantPart[]).map((part) => ("signature" in part ? part.signature?.value : undefined)))).toEqual([
    ["own", undefined],
    [undefined, "skip_thought_signature_validator", undefined],
  ]);
  expect(withStandIns(chatOf(signed))).toBe(undefined);
});
