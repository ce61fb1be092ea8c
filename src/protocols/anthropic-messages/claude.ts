import type { ChatRequest, Effort, Reasoning, Sampling } from "../../chat/request.ts";
import type { Losses } from "../losses.ts";

/**
 * What a generation of Claude refuses although its format has it: a request that was written for another model would fail for it. Other models than
 * Claude are asked as the caller wrote, but for a temperature that the formats themselves do not have. Sources, 2026-11-21: platform.claude.com/docs/en/about-claude/models/migration-guide (sampling, budgets),
 * platform.claude.com/docs/en/build-with-claude/adaptive-thinking and …/effort.
 */
const ONE_SAMPLER_FROM = 401;
const ADAPTIVE_FROM = 406;
const SAMPLING_BEFORE = 407;
const BUDGET_BEFORE = 407;
const EXTRA_HIGH_FROM = 407;
const HOTTEST = 1;
/** While it thinks. platform.claude.com/docs/en/build-with-claude/extended-thinking, 2026-11-21. */
const LEAST_SHARE_THINKING = 0.95;

/** 405 for 4.5, however a model's id says it: "claude-opus-4-5-20251101", "claude-3-7-sonnet-latest", "us.anthropic.claude-opus-4-6-v1:0". */
export function claudeVersion(model: string): number | undefined {
  const [, major, minor = "0"] = /claude-(?:[a-z]+-)?(\d)(?:[-.](\d{1,2}))?(?!\d)/i.exec(model) ?? [];
  return major === undefined ? undefined : Number(major) * 100 + Number(minor);
}

/** `reasoning`: as the model is asked for it. */
export function takenSampling(sampling: Sampling | undefined, model: string, losses: Losses, reasoning?: Reasoning): Sampling {
  if (sampling === undefined) return {};
  const version = claudeVersion(model) ?? 0;
  if (version >= SAMPLING_BEFORE) return without(sampling, ["temperature", "topP", "topK"], "the model takes no such setting", losses);
  const cooled = cooledDown(sampling, losses);
  const taken = version > 0 && reasoning?.kind === "on" ? besideThinking(cooled, losses) : cooled;
  const isBoth = version >= ONE_SAMPLER_FROM && taken.temperature !== undefined && taken.topP !== undefined;
  return isBoth ? without(taken, ["topP"], "the model takes a temperature or a share, not both", losses) : taken;
}

function cooledDown(sampling: Sampling, losses: Losses): Sampling {
  if (sampling.temperature === undefined || sampling.temperature <= HOTTEST) return sampling;
  losses.changed("sampling.temperature", "the highest temperature here is 1");
  return { ...sampling, temperature: HOTTEST };
}

/** Who asks for reasoning gets it: "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode", and the same of the others. */
export function besideThinking(sampling: Sampling, losses: Losses): Sampling {
  const { temperature = HOTTEST, topP = LEAST_SHARE_THINKING } = sampling;
  const names: (keyof Sampling)[] = ["topK"];
  if (temperature !== HOTTEST) names.push("temperature");
  if (topP < LEAST_SHARE_THINKING) names.push("topP");
  return without(sampling, names, "the model takes no such setting while it thinks", losses);
}

function without(sampling: Sampling, names: readonly (keyof Sampling)[], why: string, losses: Losses): Sampling {
  for (const name of names) if (sampling[name] !== undefined) losses.lost(`sampling.${name}`, why);
  return Object.fromEntries(Object.entries(sampling).filter(([name]) => !names.includes(name as keyof Sampling)));
}

/** Tokens for models that know no effort. */
const BUDGETS: Readonly<Record<Effort, number>> = { minimal: 1024, low: 2048, medium: 8192, high: 16_384, xhigh: 32_000, max: 32_000 };

/** An effort leaves a fifth of the answer to what is said: with all of it as budget there would be one token left. */
const MOST_OF_ANSWER = 0.8;

/** Reasoning as this generation is asked for it: by a budget, or by an effort. `maxTokens`: of the answer, as it is asked for. */
export function takenReasoning(
  { reasoning, maxOutputTokens }: ChatRequest,
  model: string,
  { maxTokens }: { readonly maxTokens: number },
  losses: Losses,
): Reasoning | undefined {
  const version = claudeVersion(model);
  if (version === undefined || reasoning?.kind !== "on") return reasoning;
  const { effort, budgetTokens, ...rest } = reasoning;
  if (version < ADAPTIVE_FROM) {
    if (effort !== undefined) losses.changed("reasoning.effort", "the model takes a budget");
    const budget = budgetTokens ?? Math.max(BUDGETS.minimal, Math.min(BUDGETS[effort ?? "medium"], Math.floor(maxTokens * MOST_OF_ANSWER)));
    if (maxOutputTokens === undefined || maxOutputTokens > BUDGETS.minimal) return { ...rest, budgetTokens: budget };
    losses.lost("reasoning", "the answer may not be long enough for the least budget of it");
    return undefined;
  }
  const isLower = version < EXTRA_HIGH_FROM && effort === "xhigh";
  if (isLower) losses.changed("reasoning.effort", "the model knows no xhigh");
  const known = isLower ? "high" : effort;
  if (budgetTokens === undefined || version < BUDGET_BEFORE) {
    return { ...rest, ...(known === undefined ? {} : { effort: known }), ...(budgetTokens === undefined ? {} : { budgetTokens }) };
  }
  losses.changed("reasoning.budgetTokens", "the model takes an effort");
  return { ...rest, effort: known ?? effortOf(budgetTokens) };
}

function effortOf(budgetTokens: number): Effort {
  if (budgetTokens < BUDGETS.medium) return "low";
  return budgetTokens < BUDGETS.high ? "medium" : "high";
}
