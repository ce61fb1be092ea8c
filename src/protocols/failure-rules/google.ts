import type { RuleFamily } from "../failure-rule.ts";

/** Gemini and Vertex AI: google.rpc statuses, with reasons and quotas in `details`. */
export const googleRules: RuleFamily = {
  name: "google",
  source: { url: "https://ai.google.dev/gemini-api/docs/troubleshooting", checkedOn: "2026-11-21" },
  codes: [
    { id: "billing-off", when: { words: ["billing_disabled"] }, reason: "billing" },
    {
      id: "no-quota",
      when: { words: ["resource_exhausted"], message: /^You exceeded your current quota(?:[^\n]*\n)+?\* Quota exceeded for metric: [\w./-]+, limit: 0\b/ },
      reason: "billing",
      detail: "plan",
    },
    { id: "no-credits", when: { words: ["resource_exhausted"], message: /^Your prepayment credits are depleted/ }, reason: "billing", detail: "balance" },
    { id: "day", when: { words: ["quota per day"] }, reason: "usage_limit" },
    { id: "expired", when: { words: ["access_token_expired"] }, reason: "auth", detail: "expired" },
    { id: "key-expired", when: { words: ["api_key_invalid"], message: /^API key expired/ }, reason: "auth", detail: "expired" },
    { id: "key", when: { words: ["api_key_invalid"] }, reason: "auth" },
    { id: "suspended", when: { words: ["consumer_suspended"] }, reason: "auth", detail: "suspended" },
    { id: "service-off", when: { words: ["service_disabled"] }, reason: "permission", detail: "agreement" },
    { id: "denied", when: { words: ["permission_denied"] }, reason: "auth" },
    { id: "model", when: { words: ["not_found"] }, reason: "model_not_found" },
    { id: "blocked", when: { words: ["prompt_blocked"] }, reason: "content_filter", detail: "prompt" },
  ],
  sentences: [
    { id: "region", when: { message: /^User location is not supported for the API use/ }, reason: "auth", detail: "region" },
    { id: "free-tier-elsewhere", when: { message: /^Gemini API free tier is not available in your country/ }, reason: "billing", detail: "plan" },
    { id: "too-long", when: { message: /^The input token count (?:\(\d+\) )?exceeds the maximum number of tokens allowed/ }, reason: "context_length" },
  ],
};
