import type { RuleFamily } from "../failure-rule.ts";

export const anthropicRules: RuleFamily = {
  name: "anthropic",
  source: { url: "https://docs.claude.com/en/api/errors", checkedOn: "2026-11-21" },
  codes: [
    { id: "spend-limit", when: { words: ["enforced_spend_limit_reached"] }, reason: "billing", detail: "spend_limit" },
    // A subscription's five hours or week are used up; an ordinary rate limit has no such header.
    { id: "window", when: { status: [429], header: { name: "anthropic-ratelimit-unified-status", value: "rejected" } }, reason: "usage_limit" },
    { id: "rate", when: { words: ["rate_limit_error"] }, reason: "rate_limit" },
    { id: "busy", when: { words: ["overloaded_error"] }, reason: "overloaded" },
    { id: "late", when: { words: ["timeout_error"] }, reason: "timeout", detail: "vendor" },
    { id: "revoked", when: { words: ["permission_error"], message: /^OAuth token has been revoked/ }, reason: "auth", detail: "expired" },
    { id: "model", when: { words: ["not_found_error"], message: /^model:/ }, reason: "model_not_found" },
  ],
  sentences: [
    { id: "balance-said", when: { message: /^Your credit balance is too low/ }, reason: "billing", detail: "balance" },
    {
      id: "spend-limit-said",
      when: { message: /^You have reached your specified (?:workspace )?API usage limits/ },
      reason: "billing",
      detail: "spend_limit",
    },
    { id: "closed", when: { message: /^This organization has been disabled/ }, reason: "auth", detail: "suspended" },
    { id: "other-tool", when: { message: /^This credential is only authorized for use with / }, reason: "permission" },
    {
      id: "too-long",
      when: { message: /^(?:prompt is too long: \d|input length and `max_tokens` exceed context limit)/ },
      reason: "context_length",
    },
    { id: "filtered", when: { message: /^Output blocked by content filtering policy/ }, reason: "content_filter", detail: "answer" },
    { id: "output-floor", when: { message: /^`max_tokens` must be greater than `thinking\.budget_tokens`/ }, reason: "format", detail: "output_floor" },
  ],
};
