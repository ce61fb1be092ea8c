import { describe, expect, test } from "vitest";
import type { UpstreamFailure } from "../../src/chat/failure.ts";
import { ask, type ChatRequest } from "../../src/chat/request.ts";
import { toModelId, toProviderId } from "../../src/kernel/ids.ts";
import { Stop } from "../../src/kernel/stop-signal.ts";
import type { Candidate } from "../../src/routing/failover-plan.ts";
import { askWithChat, isAboutSignatures } from "../../src/routing/signed-call.ts";
import { openSignedMemory } from "../../src/routing/signed-memory.ts";
import { providerOf } from "../protocols/conversation.ts";

const failure = (message: string | undefined, more: Partial<UpstreamFailure> = {}): UpstreamFailure => ({
  reason: "format",
  rule: "http/4xx",
  status: 400,
  ...(message !== undefined && { message }),
  ...more,
});

describe("a refusal", () => {
  test.each([
    "messages.1.content.0: Invalid `signature` in `thinking` block",
    "messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.",
    "messages.3.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.",
    "messages.647.content.0.thinking.signature: Field required",
    "Function call is missing a thought_signature in functionCall parts.",
    "The encrypted content gAAA could not be verified.",
    "Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item: 'rs_1'.",
  ])("is about signed reasoning: %s", (message) => {
    expect(isAboutSignatures(failure(message))).toBe(true);
  });

  test("is about it where an item is not found, or the code alone says so, or nothing is said", () => {
    const missing = failure("Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.", {
      reason: "model_not_found",
      detail: "address",
      status: 404,
    });
    expect([missing, failure("Bad.", { code: "invalid_encrypted_content" }), failure(undefined)].map(isAboutSignatures)).toEqual([true, true, true]);
  });

  test.each([
    failure("max_tokens is too large"),
    failure(undefined, { reason: "model_not_found", detail: "address", status: 404 }),
    failure("The model `thinking-1` does not exist", { reason: "model_not_found", status: 404 }),
    failure("Thinking is overloaded", { reason: "overloaded", status: 529 }),
  ])("is about something else: $message", (other) => {
    expect(isAboutSignatures(other)).toBe(false);
  });
});

describe("a model that knows neither an effort nor a budget", () => {
  const candidate: Candidate = {
    model: { ref: { provider: toProviderId("lab"), model: toModelId("m") }, provider: providerOf("anthropic-messages"), spec: undefined, from: "default" },
    profile: undefined,
    isTrial: false,
  };
  const memory = openSignedMemory((text) => text);
  const asked: ChatRequest["reasoning"][] = [];
  const repairs: (readonly string[])[] = [];
  const mended: (readonly string[])[] = [];
  const request = (): Promise<unknown> =>
    askWithChat(ask("hi", { reasoning: { kind: "on", effort: "high" } }), {
      memory,
      candidate,
      as: "drop",
      signal: new Stop(),
      onRepair: (_failure, without) => repairs.push(without),
      onMended: (lost) => mended.push(lost),
      ask: async ({ chat }) => {
        asked.push(chat.reasoning);
        if (chat.reasoning === undefined) return { kind: "opened", value: "Yes." };
        const isBudget = chat.reasoning.kind === "on" && chat.reasoning.budgetTokens !== undefined;
        return {
          kind: "refused",
          failure: failure(isBudget ? "`thinking`: Extra inputs are not permitted" : "adaptive thinking is not supported on this model"),
        };
      },
    });

  test("is asked without reasoning once a budget is refused too", async () => {
    expect(await request()).toEqual({ kind: "opened", value: "Yes." });
    expect(asked).toEqual([{ kind: "on", effort: "high" }, { kind: "on", budgetTokens: 16_384 }, undefined]);
    expect([repairs, mended]).toEqual([[["reasoning.effort"], ["reasoning"]], [["reasoning.effort", "reasoning"]]]);
  });

  test("is known by then", async () => {
    asked.length = 0;
    await request();
    expect(asked).toEqual([undefined]);
  });

  test("who refuses whatever is said is asked a few times, and its first words are told", async () => {
    let count = 0;
    const tried = await askWithChat(ask("hi", { reasoning: { kind: "on", effort: "high" }, sampling: { temperature: 0.5 } }), {
      memory: openSignedMemory((text) => text),
      candidate,
      as: "drop",
      signal: new Stop(),
      ask: async () => ({ kind: "refused", failure: failure(`adaptive thinking is not supported (${++count})`) }),
    });
    expect([tried, count]).toMatchObject([{ kind: "refused", failure: { message: "adaptive thinking is not supported (1)" } }, 3]);
  });
});
