import type { RuleFamily } from "../failure-rule.ts";

/** OpenAI, and the codes that those who speak its formats took over from it. */
export const openaiRules: RuleFamily = {
  name: "openai",
  source: { url: "https://developers.openai.com/docs/guides/error-codes", checkedOn: "2026-11-21" },
  codes: [
    {
      id: "spend-limit",
      when: { words: ["organization_spend_limit_exceeded", "project_spend_limit_exceeded", "organization_usage_limit_exceeded", "billing_hard_limit_reached"] },
      reason: "billing",
      detail: "spend_limit",
    },
    {
      id: "no-balance",
      when: { words: ["credit_balance_exhausted", "insufficient_quota", "billing_not_active"] },
      reason: "billing",
      detail: "balance",
    },
    { id: "codex-plan", when: { words: ["usage_not_included"] }, reason: "billing", detail: "plan" },
    { id: "codex-window", when: { words: ["usage_limit_reached"] }, reason: "usage_limit" },
    { id: "busy", when: { words: ["server_is_overloaded", "slow_down", "overloaded_error", "engine_overloaded_error"] }, reason: "overloaded" },
    // Asked for more at once than a whole minute allows: waiting does not help, a smaller request does.
    { id: "larger-than-a-minute", when: { words: ["rate_limit_exceeded"], message: /^Request too large for / }, reason: "context_length" },
    { id: "rate", when: { words: ["rate_limit_exceeded", "rate_limit_error"] }, reason: "rate_limit" },
    { id: "too-long", when: { words: ["context_length_exceeded", "tokens_limit_reached"] }, reason: "context_length" },
    { id: "policy", when: { words: ["content_policy_violation", "content_filter", "invalid_prompt"] }, reason: "content_filter", detail: "prompt" },
    { id: "region", when: { words: ["unsupported_country_region_territory"] }, reason: "auth", detail: "region" },
    { id: "closed", when: { words: ["account_deactivated"] }, reason: "auth", detail: "suspended" },
    { id: "expired", when: { words: ["token_expired"] }, reason: "auth", detail: "expired" },
    { id: "scope-said", when: { status: [401], message: /^You have insufficient permissions for this operation\./ }, reason: "permission" },
    { id: "scope", when: { words: ["missing_scope"] }, reason: "permission" },
    { id: "key", when: { words: ["invalid_api_key"] }, reason: "auth" },
    { id: "retired", when: { words: ["model_decommissioned"] }, reason: "model_not_found", detail: "retired" },
    {
      id: "model",
      when: { words: ["model_not_found", "deploymentnotfound", "invalid_model", "unknown_model", "model_not_supported"] },
      reason: "model_not_found",
    },
    {
      id: "output-floor",
      when: { words: ["integer_below_min_value"], param: ["max_output_tokens"] },
      reason: "format",
      detail: "output_floor",
    },
  ],
  sentences: [
    { id: "unverified", when: { message: /^Your organization must be verified to / }, reason: "permission", detail: "agreement" },
    { id: "too-long-said", when: { message: /^Your input exceeds the context window of this model/ }, reason: "context_length" },
    {
      id: "output-floor-said",
      when: { message: /^Could not finish the message because max_tokens or model output limit was reached/ },
      reason: "format",
      detail: "output_floor",
    },
  ],
};
