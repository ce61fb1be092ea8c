import { describe, expect, test } from "vitest";
import { ask, type ChatRequest } from "../../src/chat/request.ts";
import { fitReasoning, repairReasoning } from "../../src/routing/reasoning-repair.ts";

const on: ChatRequest = ask("hi", { reasoning: { kind: "on", effort: "high" } });

test.each([
  ["anthropic-messages", "adaptive thinking is not supported on this model", { kind: "on", budgetTokens: 16_384 }, "budgets"],
  ["anthropic-messages", "This model does not support the effort parameter.", { kind: "on", budgetTokens: 16_384 }, "budgets"],
  ["openai-responses", "Unsupported parameter: 'reasoning.effort' is not supported with this model.", undefined, "no reasoning"],
  ["openai-responses", "Encrypted content is not supported with this model.", undefined, "no reasoning"],
  ["openai-chat", "Unrecognized request argument supplied: reasoning_effort", undefined, "no reasoning"],
  ["google-generate", "Thinking level is not supported for this model.", undefined, "no reasoning"],
] as const)("%s: %s", (dialect, message, reasoning, want) => {
  const repaired = repairReasoning(on, dialect, message);
  expect([repaired?.chat.reasoning, repaired?.want]).toEqual([reasoning, want]);
  expect(fitReasoning(on, (one) => one === want).chat.reasoning).toEqual(reasoning);
});

test("a model that always reasons is not told to stop", () => {
  const off = ask("hi", { reasoning: { kind: "off" } });
  const repaired = repairReasoning(off, "google-generate", "Budget 0 is invalid. This model only works in thinking mode.");
  expect(repaired).toMatchObject({ chat: ask("hi"), losses: [{ field: "reasoning", how: "lost" }], want: "no reasoning" });
});

test.each(["Thinking may not be enabled when tool_choice forces tool use.", "`max_tokens` must be greater than `thinking.budget_tokens`."])(
  "what one request is refused for says nothing about the model: %s",
  (message) => {
    const asked = ask("hi", { reasoning: { kind: "on", budgetTokens: 2000 } });
    expect(repairReasoning(asked, "anthropic-messages", message)).toMatchObject({ chat: ask("hi"), losses: [{ field: "reasoning" }] });
    expect(repairReasoning(asked, "anthropic-messages", message)?.want).toBe(undefined);
  },
);

test("what is about something else, or asks for no reasoning, is left as it is", () => {
  expect([repairReasoning(on, "openai-chat", "max_tokens is too large"), repairReasoning(ask("hi"), "openai-chat", "reasoning_effort")]).toEqual([
    undefined,
    undefined,
  ]);
  expect(fitReasoning(on, () => false)).toEqual({ chat: on, losses: [] });
});

describe("what is refused beside reasoning", () => {
  const COMPLAINTS = [
    "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.",
    "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled or in adaptive mode.",
    "`top_k` must be unset when thinking is enabled or in adaptive mode.",
  ];
  const reasonings = [
    { kind: "on", effort: "high" },
    { kind: "on", budgetTokens: 2000 },
  ] as const;

  test.each(COMPLAINTS)("is left out, and reasoning stays as it was asked for: %s", (message) => {
    for (const reasoning of reasonings) {
      const asked = ask("hi", { reasoning, sampling: { temperature: 0.2, topP: 0.9, topK: 5, seed: 1 } });
      const repaired = repairReasoning(asked, "anthropic-messages", message);
      expect(repaired?.chat).toEqual({ ...asked, sampling: { seed: 1 } });
      expect([repaired?.losses.map(({ how, field }) => `${how} ${field}`), repaired?.want]).toEqual([
        ["lost sampling.topK", "lost sampling.temperature", "lost sampling.topP"],
        undefined,
      ]);
    }
  });

  test.each(COMPLAINTS)("or else reasoning is, and never becomes a budget: %s", (message) => {
    for (const reasoning of reasonings) {
      expect(repairReasoning(ask("hi", { reasoning, sampling: { temperature: 1 } }), "anthropic-messages", message)).toEqual({
        chat: ask("hi", { sampling: { temperature: 1 } }),
        losses: [{ field: "reasoning", how: "lost", why: expect.any(String) }],
      });
    }
  });
});
