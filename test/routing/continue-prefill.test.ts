import { describe, expect, test } from "vitest";
import { ask } from "../../src/chat/request.ts";
import { toModelId, toProviderId } from "../../src/kernel/ids.ts";
import type { ProtocolId } from "../../src/provider/protocol-id.ts";
import { prefilled, prefillFor } from "../../src/routing/continue-prefill.ts";
import type { RoutedModel } from "../../src/routing/route.ts";
import { providerOf } from "../protocols/conversation.ts";

const modelOf = (provider: string, id: string, protocol: ProtocolId = "anthropic-messages"): RoutedModel => ({
  ref: { provider: toProviderId(provider), model: toModelId(id) },
  provider: providerOf(protocol, { id: provider }),
  spec: undefined,
  from: "asked",
});

describe("a prefill is for models that are known to take one", () => {
  test.each([
    ["anthropic", "claude-3-5-haiku-latest", true],
    ["anthropic", "claude-3-7-sonnet-20250219", true],
    ["anthropic", "claude-sonnet-4-20250514", true],
    ["anthropic", "claude-opus-4-1", true],
    ["anthropic", "claude-opus-4-5-20251101", true],
    ["anthropic", "claude-sonnet-4-5", true],
    ["anthropic", "claude-haiku-4-5", true],
    ["anthropic", "claude-opus-4-6", false],
    ["anthropic", "claude-sonnet-4-6-20260201", false],
    ["anthropic", "claude-opus-5", false],
    ["anthropic", "claude-sonnet-5-20260701", false],
    ["somebody", "claude-sonnet-4-5", false],
    ["openai", "gpt-5.2", false],
  ])("%s/%s: %s", (provider, id, isTaken) => {
    expect(prefillFor(modelOf(provider, id), ask("Hi"), "One") !== undefined).toBe(isTaken);
  });

  test("in its own format, without reasoning, and not behind one of the client's own", () => {
    const model = modelOf("anthropic", "claude-sonnet-4-5");
    const own = { messages: [...ask("Hi").messages, { role: "assistant", content: [{ kind: "text", text: "O" }] }] } as const;
    expect([
      prefillFor(modelOf("anthropic", "claude-sonnet-4-5", "openai-chat"), ask("Hi"), "One"),
      prefillFor(model, ask("Hi", { reasoning: { kind: "on" } }), "One"),
      prefillFor(model, own, "One"),
      prefillFor(model, ask("Hi"), " \n"),
    ]).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("without the white space at its end, with which the answer then has to begin", () => {
    expect(prefillFor(modelOf("anthropic", "claude-sonnet-4-5"), ask("Hi"), "One two \n")).toEqual({ text: "One two", already: " \n" });
  });
});

test("the bytes of the request without it are not sent in its place", () => {
  const body = '{"messages":[{"role":"user","content":"Hi"}]}';
  const request = { method: "POST", url: "https://api.example.com", headers: {}, body, bodyBytes: new TextEncoder().encode(body) } as const;
  expect(prefilled(request, { text: "One two", already: "" })).toEqual({
    method: "POST",
    url: "https://api.example.com",
    headers: {},
    body: '{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"One two"}]}',
  });
});

test("the text stands last, and is taken off the room for the answer", () => {
  const request = {
    method: "POST",
    url: "https://api.example.com",
    headers: {},
    body: '{"max_tokens":10,"messages":[{"role":"user","content":"Hi"}],"x":1}',
  } as const;
  expect(JSON.parse(prefilled(request, { text: "One two", already: "" })?.body ?? "")).toEqual({
    max_tokens: 8,
    messages: [
      { role: "user", content: "Hi" },
      { role: "assistant", content: "One two" },
    ],
    x: 1,
  });
  expect(prefilled(request, { text: "x".repeat(40), already: "" })).toBe(undefined);
});
