import { describe, expect, test } from "vitest";
import { ask, type ChatRequest } from "../../../src/chat/request.ts";
import { toModelId } from "../../../src/kernel/ids.ts";
import { claudeVersion } from "../../../src/protocols/anthropic-messages/claude.ts";
import { anthropicMessages } from "../../../src/protocols/anthropic-messages/client.ts";
import { bedrockConverse } from "../../../src/protocols/bedrock-converse/client.ts";
import { bodyOf, lossesOf, providerOf } from "../conversation.ts";

test("the generation is read from the id, however it is written", () => {
  const ids = [
    "claude-3-7-sonnet-20250219",
    "claude-sonnet-4-20250514",
    "claude-opus-4-1",
    "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    "claude-opus-4.6",
    "claude-4.7-opus",
    "claude-fable-5",
    "claude-opus-5-5",
    "some-model",
    "claude-mythos-preview",
  ];
  expect(ids.map(claudeVersion)).toEqual([307, 400, 401, 405, 406, 407, 500, 505, undefined, undefined]);
});

function written(model: string, more: Omit<ChatRequest, "messages">): [object, string[]] {
  const encoding = anthropicMessages.encode(ask("Hi", more), toModelId(model), providerOf("anthropic-messages"));
  const { model: _, messages: __, max_tokens: ___, ...settings } = bodyOf(encoding) as Record<string, unknown>;
  return [settings, lossesOf(encoding)];
}

describe("sampling", () => {
  const sampling = { temperature: 0.2, topP: 0.9 };

  test("goes to who takes it, one of the two where both are refused, and not at all to who refuses it", () => {
    expect(written("claude-sonnet-4-0", { sampling })).toEqual([{ temperature: 0.2, top_p: 0.9 }, []]);
    expect(written("claude-sonnet-4-6", { sampling })).toEqual([{ temperature: 0.2 }, ["lost sampling.topP"]]);
    expect(written("claude-sonnet-4-6", { sampling: { topP: 0.9 } })).toEqual([{ top_p: 0.9 }, []]);
    expect(written("claude-opus-4-7", { sampling: { ...sampling, topK: 5 } })).toEqual([
      {},
      ["lost sampling.temperature", "lost sampling.topP", "lost sampling.topK"],
    ]);
    expect(written("some-model", { sampling })).toEqual([{ temperature: 0.2, top_p: 0.9 }, []]);
  });

  test("is never hotter than the format allows", () => {
    expect(written("some-model", { sampling: { temperature: 1.4 } })).toEqual([{ temperature: 1 }, ["changed sampling.temperature"]]);
  });

  test("beside reasoning is what a model takes while it thinks", () => {
    const budget = { thinking: { type: "enabled", budget_tokens: 2000 } };
    const thinking = (model: string, sampling: NonNullable<ChatRequest["sampling"]>) =>
      written(model, { sampling, reasoning: { kind: "on", budgetTokens: 2000 } });
    expect(thinking("claude-3-7-sonnet-latest", { temperature: 0.2, topP: 0.9, topK: 5 })).toEqual([
      budget,
      ["lost sampling.topK", "lost sampling.temperature", "lost sampling.topP"],
    ]);
    expect(thinking("claude-sonnet-4-5", { temperature: 1 })).toEqual([{ ...budget, temperature: 1 }, []]);
    expect(thinking("claude-sonnet-4-6", { temperature: 0.2, topP: 0.95 })).toEqual([{ ...budget, top_p: 0.95 }, ["lost sampling.temperature"]]);
    expect(thinking("claude-sonnet-4-6", { temperature: 1.4, topP: 0.99 })).toEqual([
      { ...budget, temperature: 1 },
      ["changed sampling.temperature", "lost sampling.topP"],
    ]);
    expect(written("claude-sonnet-4-6", { sampling: { temperature: 0.2 }, reasoning: { kind: "on", effort: "high" } })).toEqual([
      { thinking: { type: "adaptive" }, output_config: { effort: "high" } },
      ["lost sampling.temperature"],
    ]);
    expect(thinking("some-model", sampling)).toEqual([{ ...budget, temperature: 0.2, top_p: 0.9 }, []]);
  });

  test("stays where reasoning is switched off, or finds no room", () => {
    expect(written("claude-sonnet-4-5", { sampling: { temperature: 0.2 }, reasoning: { kind: "off" } })).toEqual([
      { thinking: { type: "disabled" }, temperature: 0.2 },
      [],
    ]);
    expect(written("claude-sonnet-4-5", { sampling: { temperature: 0.2 }, reasoning: { kind: "on", effort: "low" }, maxOutputTokens: 500 })).toEqual([
      { temperature: 0.2 },
      ["changed reasoning.effort", "lost reasoning"],
    ]);
  });

  test("is the same matter where Bedrock serves the model", () => {
    const chat = ask("Hi", { sampling: { temperature: 0.2, topP: 0.9 } });
    const of = (model: string) => bedrockConverse.encode(chat, toModelId(model), providerOf("bedrock-converse"));
    expect(bodyOf(of("anthropic.claude-opus-4-7-v1:0"))).toEqual({ messages: [{ role: "user", content: [{ text: "Hi" }] }] });
    expect(lossesOf(of("anthropic.claude-opus-4-7-v1:0"))).toEqual(["lost sampling.temperature", "lost sampling.topP"]);
    expect(bodyOf(of("amazon.nova-pro-v1:0"))).toMatchObject({ inferenceConfig: { temperature: 0.2, topP: 0.9 } });
  });
});

describe("reasoning", () => {
  test("is asked for by a budget where a model knows no effort", () => {
    expect(written("claude-haiku-4-5", { reasoning: { kind: "on", effort: "low" } })).toEqual([
      { thinking: { type: "enabled", budget_tokens: 2048 } },
      ["changed reasoning.effort"],
    ]);
    expect(written("claude-haiku-4-5", { reasoning: { kind: "on", budgetTokens: 3000 } })).toEqual([
      { thinking: { type: "enabled", budget_tokens: 3000 } },
      [],
    ]);
    expect(written("claude-haiku-4-5", { reasoning: { kind: "on", effort: "high" }, maxOutputTokens: 1000 })).toEqual([
      {},
      ["changed reasoning.effort", "lost reasoning"],
    ]);
  });

  test("leaves room for what is said, where an effort becomes a budget", () => {
    const budget = (maxOutputTokens: number | undefined): unknown =>
      written("claude-haiku-4-5", { reasoning: { kind: "on", effort: "high" }, ...(maxOutputTokens !== undefined && { maxOutputTokens }) })[0];
    const of = (budget_tokens: number) => ({ thinking: { type: "enabled", budget_tokens } });
    // Without a limit of the caller's there are 4096 for all of it.
    expect([budget(undefined), budget(1100), budget(10_000), budget(64_000)]).toEqual([of(3276), of(1024), of(8000), of(16_384)]);
  });

  test("is asked for by an effort where a model refuses budgets", () => {
    expect(written("claude-opus-5", { reasoning: { kind: "on", budgetTokens: 10_000, shown: true } })).toEqual([
      { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "medium" } },
      ["changed reasoning.budgetTokens"],
    ]);
    expect(written("claude-opus-5", { reasoning: { kind: "on", effort: "xhigh" } })).toEqual([
      { thinking: { type: "adaptive" }, output_config: { effort: "xhigh" } },
      [],
    ]);
  });

  test("takes both ways in between", () => {
    expect(written("claude-opus-4-6", { reasoning: { kind: "on", budgetTokens: 2000 } })).toEqual([{ thinking: { type: "enabled", budget_tokens: 2000 } }, []]);
    expect(written("claude-opus-4-6", { reasoning: { kind: "on", effort: "xhigh" } })).toEqual([
      { thinking: { type: "adaptive" }, output_config: { effort: "high" } },
      ["changed reasoning.effort"],
    ]);
  });
});
