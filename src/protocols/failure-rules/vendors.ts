import type { RuleFamily } from "../failure-rule.ts";

/** A family that counts for these providers only, before that of their protocol: numbers and names that mean something else elsewhere. */
export interface VendorRules extends RuleFamily {
  readonly providers: readonly string[];
}

const CHECKED_ON = "2026-11-21";

export const vendorRules: readonly VendorRules[] = [
  {
    name: "azure",
    providers: ["azure-openai"],
    source: { url: "https://www.developersdigest.tech/errors/api/azure-openai", checkedOn: CHECKED_ON },
    codes: [
      { id: "no-capacity", when: { words: ["nocapacity"] }, reason: "overloaded" },
      { id: "blocked", when: { status: [403], message: /^Access denied due to Virtual Network\/Firewall rules/ }, reason: "auth", detail: "region" },
      { id: "high-demand", when: { status: [429], message: /^(?:The )?[Ss]ystem is (?:currently )?experiencing high demand/ }, reason: "overloaded" },
      { id: "wrong-kind", when: { words: ["operationnotsupported"] }, reason: "model_not_found" },
    ],
  },
  {
    name: "openrouter",
    providers: ["openrouter"],
    source: { url: "https://openrouter.ai/docs/api_reference/errors-and-debugging", checkedOn: CHECKED_ON },
    codes: [
      {
        id: "spend-limit",
        when: { words: ["openrouter_key_limit", "openrouter_guardrail_budget", "openrouter_workspace_budget"] },
        reason: "billing",
        detail: "spend_limit",
      },
      { id: "credits", when: { words: ["openrouter_credits"] }, reason: "billing", detail: "balance" },
      { id: "in-flight", when: { words: ["openrouter_in_flight_budget"] }, reason: "rate_limit" },
      { id: "402-wait", when: { status: [402], header: { name: "retry-after" } }, reason: "rate_limit" },
      { id: "free-day", when: { status: [429], message: /^Rate limit exceeded: free-models-per-day/ }, reason: "usage_limit" },
      { id: "provider-busy", when: { words: ["provider_overloaded", "provider_unavailable"] }, reason: "overloaded" },
      { id: "moderation", when: { status: [403], words: ["moderation"] }, reason: "content_filter", detail: "prompt" },
    ],
    sentences: [
      { id: "no-endpoint", when: { message: /^No (?:endpoints found|allowed providers are available)/ }, reason: "model_not_found" },
      { id: "no-model", when: { status: [400], message: /^\S{1,200} is not a valid model ID/ }, reason: "model_not_found" },
    ],
  },
  {
    name: "mistral",
    providers: ["mistral"],
    source: { url: "https://docs.mistral.ai/resources/error-glossary", checkedOn: CHECKED_ON },
    codes: [{ id: "capacity", when: { words: ["3505"] }, reason: "overloaded" }],
  },
  {
    name: "groq",
    providers: ["groq"],
    source: { url: "https://console.groq.com/docs/errors", checkedOn: CHECKED_ON },
    codes: [
      { id: "spend-limit", when: { words: ["blocked_api_access"] }, reason: "billing", detail: "spend_limit" },
      { id: "restricted", when: { words: ["organization_restricted"] }, reason: "auth", detail: "suspended" },
    ],
    statuses: [{ id: "flex-capacity", when: { status: [498] }, reason: "overloaded" }],
  },
  {
    name: "cerebras",
    providers: ["cerebras"],
    source: { url: "https://github.com/badlogic/pi-mono/blob/main/packages/ai/src/utils/overflow.ts", checkedOn: CHECKED_ON },
    codes: [{ id: "queue", when: { words: ["queue_exceeded"] }, reason: "overloaded" }],
    statuses: [{ id: "nothing-said", when: { status: [400, 413], body: "none" }, reason: "context_length" }],
  },
  {
    name: "together",
    providers: ["together"],
    source: { url: "https://docs.together.ai/docs/error-codes", checkedOn: CHECKED_ON },
    statuses: [{ id: "403", when: { status: [403], body: "json" }, reason: "context_length" }],
  },
  {
    name: "moonshot",
    providers: ["moonshot", "moonshot-cn", "kimi-coding"],
    source: { url: "https://platform.kimi.com/docs/api/errors", checkedOn: CHECKED_ON },
    codes: [
      { id: "balance", when: { words: ["exceeded_current_quota_error"] }, reason: "billing", detail: "balance" },
      { id: "window", when: { status: [403, 429], message: /^You've reached your usage limit for this (?:period|billing cycle)/ }, reason: "usage_limit" },
    ],
  },
  {
    name: "zai",
    providers: ["zai", "zhipuai"],
    source: { url: "https://docs.z.ai/api-reference/api-code", checkedOn: CHECKED_ON },
    codes: [
      { id: "balance", when: { words: ["1113"] }, reason: "billing", detail: "balance" },
      { id: "plan-over", when: { words: ["1309"] }, reason: "billing", detail: "plan" },
      { id: "window", when: { words: ["1304", "1308", "1310"] }, reason: "usage_limit" },
      { id: "busy", when: { words: ["1305"] }, reason: "overloaded" },
      { id: "locked", when: { words: ["1112"] }, reason: "auth", detail: "suspended" },
      { id: "model", when: { words: ["1211"] }, reason: "model_not_found" },
      { id: "unsafe", when: { words: ["1301"] }, reason: "content_filter", detail: "prompt" },
    ],
  },
  {
    name: "minimax",
    providers: ["minimax", "minimax-cn", "minimax-portal"],
    source: { url: "https://platform.minimax.io/docs/api-reference/errorcode", checkedOn: CHECKED_ON },
    codes: [
      { id: "balance", when: { words: ["1008"] }, reason: "billing", detail: "balance" },
      { id: "balance-said", when: { message: /^insufficient balance \(1008\)/ }, reason: "billing", detail: "balance" },
      { id: "window", when: { words: ["2056"] }, reason: "usage_limit" },
      { id: "rate", when: { words: ["1002", "1039"] }, reason: "rate_limit" },
      { id: "key", when: { words: ["1004", "2049"] }, reason: "auth" },
      { id: "late", when: { words: ["1001"] }, reason: "timeout", detail: "vendor" },
      { id: "unsafe", when: { words: ["1026"] }, reason: "content_filter", detail: "prompt" },
      { id: "unsafe-answer", when: { words: ["1027"] }, reason: "content_filter", detail: "answer" },
    ],
  },
  {
    name: "alibaba",
    providers: ["alibaba", "alibaba-coding-plan", "qwen-portal"],
    source: { url: "https://help.aliyun.com/en/model-studio/error-code", checkedOn: CHECKED_ON },
    codes: [
      { id: "arrears", when: { words: ["arrearage"] }, reason: "billing", detail: "balance" },
      { id: "free-over", when: { words: ["allocationquota.freetieronly"] }, reason: "billing", detail: "plan" },
      // The word of OpenAI for an empty account; here it is tokens for this minute.
      { id: "minute", when: { words: ["insufficient_quota"], status: [429] }, reason: "rate_limit" },
      { id: "unsafe", when: { words: ["datainspectionfailed", "data_inspection_failed"] }, reason: "content_filter", detail: "prompt" },
      { id: "model", when: { words: ["modelnotfound"] }, reason: "model_not_found" },
    ],
  },
  {
    name: "volcengine",
    providers: ["volcengine"],
    source: { url: "https://www.volcengine.com/docs/82379/1299023", checkedOn: CHECKED_ON },
    codes: [
      { id: "overdue", when: { words: ["accountoverdueerror"] }, reason: "billing", detail: "balance" },
      { id: "busy", when: { words: ["serveroverloaded"] }, reason: "overloaded" },
      { id: "not-open", when: { words: ["modelnotopen"] }, reason: "permission", detail: "agreement" },
      { id: "unsafe", when: { words: ["sensitivecontentdetected"] }, reason: "content_filter", detail: "prompt" },
    ],
  },
  {
    name: "xai",
    providers: ["xai"],
    source: { url: "https://docs.x.ai/developers/debugging", checkedOn: CHECKED_ON },
    codes: [
      {
        id: "no-credits",
        when: { message: /^Your (?:team (?:[\w-]{1,60} )?has either used all available credits|newly created team doesn't have any)/ },
        reason: "billing",
        detail: "balance",
      },
    ],
    sentences: [{ id: "too-long", when: { message: /^This model's maximum prompt length is \d/ }, reason: "context_length" }],
  },
  {
    name: "novita",
    providers: ["novita"],
    source: { url: "https://novita.ai/docs/api-reference/basic-error-code", checkedOn: CHECKED_ON },
    codes: [{ id: "balance", when: { words: ["not_enough_balance"] }, reason: "billing", detail: "balance" }],
  },
  {
    name: "zenmux",
    providers: ["zenmux"],
    source: { url: "https://docs.zenmux.ai/guide/advanced/error-codes.html", checkedOn: CHECKED_ON },
    codes: [
      { id: "key", when: { words: ["access_denied"], status: [403] }, reason: "auth" },
      { id: "unsafe", when: { words: ["safety_check_failed"] }, reason: "content_filter", detail: "prompt" },
      { id: "plan", when: { words: ["model_not_available"] }, reason: "permission" },
    ],
  },
  {
    name: "cloudflare",
    providers: ["cloudflare-workers-ai", "cloudflare-ai-gateway"],
    source: { url: "https://developers.cloudflare.com/workers-ai/platform/errors/", checkedOn: CHECKED_ON },
    codes: [
      { id: "day", when: { words: ["3036", "4006"] }, reason: "usage_limit" },
      { id: "busy", when: { words: ["3040"] }, reason: "overloaded" },
      { id: "model", when: { words: ["5007"] }, reason: "model_not_found" },
      { id: "key", when: { words: ["10000"] }, reason: "auth" },
    ],
  },
  {
    name: "opencode",
    providers: ["opencode", "opencode-go"],
    source: { url: "https://github.com/anomalyco/opencode", checkedOn: CHECKED_ON },
    codes: [
      { id: "credits", when: { words: ["creditserror"] }, reason: "billing", detail: "balance" },
      { id: "window", when: { words: ["freeusagelimiterror", "gousagelimiterror"] }, reason: "usage_limit" },
    ],
  },
  {
    name: "cohere",
    providers: ["cohere"],
    source: { url: "https://docs.cohere.com/reference/errors", checkedOn: CHECKED_ON },
    codes: [{ id: "trial", when: { status: [429], message: /^You are using a Trial key, which is limited to \d+ API calls \/ month/ }, reason: "usage_limit" }],
  },
  {
    name: "fireworks",
    providers: ["fireworks"],
    source: { url: "https://docs.fireworks.ai/troubleshooting/status_error_codes/inference_error_code", checkedOn: CHECKED_ON },
    statuses: [{ id: "412", when: { status: [412] }, reason: "auth", detail: "suspended" }],
  },
  {
    name: "vercel",
    providers: ["vercel-ai-gateway"],
    source: { url: "https://vercel.com/docs/ai-gateway", checkedOn: CHECKED_ON },
    codes: [{ id: "card", when: { words: ["customer_verification_required"] }, reason: "billing", detail: "plan" }],
  },
];
