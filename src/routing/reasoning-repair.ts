import type { ChatRequest, Effort, Reasoning } from "../chat/request.ts";
import { besideThinking } from "../protocols/anthropic-messages/claude.ts";
import { createLosses } from "../protocols/losses.ts";
import type { Loss } from "../protocols/protocol.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { Fitted } from "./signed-chat.ts";
import type { Want } from "./signed-memory.ts";

export interface Repaired extends Fitted {
  /** What the route has shown by it, for the next time. */
  readonly want?: Want;
}

/** Thinking in proportion to an effort, for models that know budgets alone. The format cuts it to what the answer may have. */
const BUDGETS: Readonly<Record<Effort, number>> = { minimal: 1024, low: 2048, medium: 8192, high: 16_384, xhigh: 32_768, max: 32_768 };

/**
 * The same request as a model may take it that refuses what it says about reasoning: models of one format differ in that. Claude's older ones know
 * budgets and no adaptive thinking (docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html, 2026-11-21); many models do
 * not reason at all, or always. undefined where it says nothing about it.
 *
 * A complaint about sampling beside reasoning says nothing about how reasoning is asked for: a budget would be refused in the same words.
 */
export function repairReasoning(chat: ChatRequest, dialect: ProtocolId, message: string): Repaired | undefined {
  if (chat.reasoning === undefined || !ABOUT_REASONING.test(message)) return undefined;
  if (ABOUT_SAMPLING.test(message)) return withoutSampling(chat) ?? unasked(chat);
  if (dialect === "anthropic-messages" && isWithoutBudget(chat.reasoning) && WANTS_BUDGET.test(message)) return { ...withBudget(chat), want: "budgets" };
  return { ...unasked(chat), ...(ABOUT_MODEL.test(message) && { want: "no reasoning" as const }) };
}

/** As the route has shown that it wants it. */
export function fitReasoning(chat: ChatRequest, wants: (want: Want) => boolean): Fitted {
  if (chat.reasoning === undefined) return { chat, losses: [] };
  if (wants("no reasoning")) return unasked(chat);
  return isWithoutBudget(chat.reasoning) && wants("budgets") ? withBudget(chat) : { chat, losses: [] };
}

const ABOUT_REASONING = /thinking|reasoning|effort|encrypted content/i;
/** Not of what one request asks for. */
const ABOUT_MODEL = /unsupported|not support|unrecognized|unknown (?:parameter|field|name|argument)|not permitted|only works in|does not exist/i;
const WANTS_BUDGET = /adaptive|effort/i;
/** "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode." */
const ABOUT_SAMPLING = /\b(?:temperature|top_?[pk])\b/i;

function isWithoutBudget(reasoning: Reasoning): reasoning is Extract<Reasoning, { kind: "on" }> {
  return reasoning.kind === "on" && reasoning.budgetTokens === undefined;
}

function withBudget(chat: ChatRequest): Fitted {
  const { effort, ...rest } = chat.reasoning?.kind === "on" ? chat.reasoning : { kind: "on" as const };
  const loss: Loss = { field: "reasoning.effort", how: "changed", why: "the model knows budgets alone" };
  return { chat: { ...chat, reasoning: { ...rest, budgetTokens: BUDGETS[effort ?? "medium"] } }, losses: [loss] };
}

/** undefined where nothing of it is what Claude refuses beside reasoning. */
function withoutSampling(chat: ChatRequest): Fitted | undefined {
  const losses = createLosses();
  const sampling = besideThinking(chat.sampling ?? {}, losses);
  return losses.all.length === 0 ? undefined : { chat: { ...chat, sampling }, losses: losses.all };
}

function unasked(chat: ChatRequest): Fitted {
  const { reasoning: _, ...rest } = chat;
  return { chat: rest, losses: [{ field: "reasoning", how: "lost", why: "the model did not accept what was said about it" }] };
}
