import type { UsageReader, WindowReading } from "./usage-reader.ts";

const CHECKED_ON = "2026-11-21";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const claudeWindow = (field: string, label: string): WindowReading => ({ in: field, label, usedPercent: "utilization", resetsAt: "resets_at" });
const chatGptWindow = (field: string, label?: string): WindowReading => ({
  in: field,
  ...(label !== undefined && { label }),
  length: { count: "limit_window_seconds", unitMs: 1000 },
  usedPercent: "used_percent",
  resetsAt: "reset_at",
});
const copilotWindow = (field: string, label: string): WindowReading => ({
  in: `quota_snapshots.${field}`,
  unless: { at: "unlimited", is: true },
  label,
  remainingPercent: "percent_remaining",
  limit: "entitlement",
  remaining: "remaining",
  unit: "requests",
  resetsAt: "/quota_reset_date",
});

/**
 * Who can be asked what is left, where it stands in the answer, and where that was read. An address that no vendor documents is not official: it may
 * change any day, and is asked seldom. Requests say who we are; nobody else's program is imitated.
 */
export const USAGE_READERS: readonly UsageReader[] = [
  {
    providers: ["openrouter"],
    host: "openrouter.ai",
    address: { below: "baseUrl", path: "/key" },
    isOfficial: true,
    source: { url: "https://openrouter.ai/docs/api/api-reference/api-keys/get-current-key.md", checkedOn: CHECKED_ON },
    plan: { at: "data.is_free_tier", of: { true: "free" } },
    windows: [
      {
        in: "data",
        label: { at: "limit_reset", of: { daily: "day", weekly: "week", monthly: "month" } },
        limit: "limit",
        remaining: "limit_remaining",
        unit: "USD",
        // https://openrouter.ai/docs/client-sdks/typescript/models/operations/createkeyslimitreset.md, read on the same day.
        resets: { at: "limit_reset", of: { daily: "day", weekly: "week", monthly: "month" } },
      },
    ],
    spent: [
      { period: "day", amount: "data.usage_daily", currency: "USD" },
      { period: "month", amount: "data.usage_monthly", currency: "USD" },
      { period: "all", amount: "data.usage", currency: "USD" },
    ],
  },
  {
    providers: ["deepseek"],
    host: "api.deepseek.com",
    address: { below: "origin", path: "/user/balance" },
    isOfficial: true,
    source: { url: "https://api-docs.deepseek.com/zh-cn/api/get-user-balance.md", checkedOn: CHECKED_ON },
    blocked: { at: "is_available", is: false },
    balances: [{ each: "balance_infos", amount: "total_balance", currency: { at: "currency" } }],
  },
  {
    providers: ["moonshot"],
    host: "api.moonshot.ai",
    address: { below: "baseUrl", path: "/users/me/balance" },
    isOfficial: true,
    source: {
      url: "https://raw.githubusercontent.com/api-evangelist/moonshot-ai/refs/heads/main/openapi/moonshot-ai-billing-api-openapi.yml",
      checkedOn: CHECKED_ON,
    },
    good: { at: "code", is: 0 },
    balances: [{ amount: "data.available_balance", currency: "USD" }],
  },
  {
    providers: ["moonshot-cn"],
    host: "api.moonshot.cn",
    address: { below: "baseUrl", path: "/users/me/balance" },
    isOfficial: true,
    source: { url: "https://platform.moonshot.cn/docs/api/balance", checkedOn: CHECKED_ON },
    good: { at: "code", is: 0 },
    balances: [{ amount: "data.available_balance", currency: "CNY" }],
  },
  {
    providers: ["siliconflow"],
    host: "api.siliconflow.com",
    address: { below: "baseUrl", path: "/user/info" },
    isOfficial: true,
    source: { url: "https://docs.siliconflow.com/cn/api-reference/userinfo/get-user-info", checkedOn: CHECKED_ON },
    good: { at: "status", is: true },
    balances: [{ amount: "data.totalBalance", currency: "USD" }],
  },
  {
    providers: ["siliconflow-cn"],
    host: "api.siliconflow.cn",
    address: { below: "baseUrl", path: "/user/info" },
    isOfficial: true,
    source: { url: "https://docs.siliconflow.cn/cn/api-reference/userinfo/get-user-info", checkedOn: CHECKED_ON },
    good: { at: "status", is: true },
    balances: [{ amount: "data.totalBalance", currency: "CNY" }],
  },
  {
    providers: ["novita"],
    host: "api.novita.ai",
    address: { below: "origin", path: "/openapi/v1/billing/balance/detail" },
    isOfficial: true,
    source: { url: "https://novita.ai/docs/api-reference/basic-get-user-balance.md", checkedOn: CHECKED_ON },
    balances: [{ amount: "availableBalance", perUnit: 10_000, currency: "USD" }],
  },
  {
    providers: ["venice"],
    host: "api.venice.ai",
    address: { below: "baseUrl", path: "/billing/balance" },
    isOfficial: true,
    source: { url: "https://docs.venice.ai/api-reference/endpoint/billing/balance.md", checkedOn: CHECKED_ON },
    blocked: { at: "canConsume", is: false },
    // The allowance of a day begins anew at 00:00 UTC: https://docs.venice.ai/overview/vvv-diem.md, read on the same day.
    windows: [{ limit: "diemEpochAllocation", remaining: "balances.diem", unit: "DIEM", label: "day", resets: "day" }],
    balances: [{ amount: "balances.usd", currency: "USD" }],
  },
  {
    providers: ["vercel-ai-gateway"],
    host: "ai-gateway.vercel.sh",
    address: { below: "origin", path: "/v1/credits" },
    authHeader: "bearer",
    isOfficial: true,
    source: { url: "https://vercel.com/docs/ai-gateway/usage", checkedOn: CHECKED_ON },
    balances: [{ amount: "balance", currency: "USD" }],
    spent: [{ period: "all", amount: "total_used", currency: "USD" }],
  },
  {
    providers: ["poe"],
    host: "api.poe.com",
    address: { below: "origin", path: "/usage/current_balance" },
    isOfficial: true,
    source: { url: "https://creator.poe.com/api-reference/getCurrentBalance", checkedOn: CHECKED_ON },
    balances: [{ amount: "current_point_balance", currency: "points" }],
  },
  {
    providers: ["nano-gpt"],
    host: "nano-gpt.com",
    address: { below: "origin", path: "/api/check-balance" },
    method: "POST",
    authHeader: "x-api-key",
    isOfficial: true,
    source: { url: "https://docs.nano-gpt.com/api-reference/endpoint/check-balance.md", checkedOn: CHECKED_ON },
    balances: [{ amount: "usd_balance", currency: "USD" }],
  },
  {
    // The page names the address; the fields stand in https://github.com/robinebers/openusage/pull/536, read on the same day.
    providers: ["minimax", "minimax-cn"],
    address: { below: "origin", path: "/v1/token_plan/remains" },
    authHeader: "bearer",
    isOfficial: true,
    source: { url: "https://platform.minimax.io/docs/token-plan/faq", checkedOn: CHECKED_ON },
    good: { at: "base_resp.status_code", is: 0 },
    windows: [
      {
        each: "model_remains",
        length: { from: "start_time", to: "end_time" },
        labelAt: "model_name",
        remainingPercent: "current_interval_remaining_percent",
        resetsAt: "end_time",
      },
      { each: "model_remains", label: "week", labelAt: "model_name", remainingPercent: "current_weekly_remaining_percent" },
    ],
  },
  {
    providers: ["anthropic"],
    address: { below: "origin", path: "/api/oauth/usage" },
    headers: { "anthropic-beta": "oauth-2025-04-20" },
    kinds: ["oauth", "token"],
    isOfficial: false,
    source: { url: "https://github.com/steipete/CodexBar/blob/main/docs/claude.md", checkedOn: CHECKED_ON },
    windows: [
      claudeWindow("five_hour", "5h"),
      claudeWindow("seven_day", "week"),
      claudeWindow("seven_day_sonnet", "week Sonnet"),
      claudeWindow("seven_day_opus", "week Opus"),
      {
        each: "limits",
        only: { at: "kind", is: "weekly_scoped" },
        label: "week",
        labelAt: "scope.model.display_name",
        usedPercent: "percent",
        resetsAt: "resets_at",
      },
      { in: "extra_usage", only: { at: "is_enabled", is: true }, label: "extra", usedPercent: "utilization", resetsAt: "resets_at" },
    ],
  },
  {
    providers: ["openai-codex"],
    address: { below: "baseUrl", path: "/wham/usage" },
    kinds: ["oauth"],
    isOfficial: false,
    source: { url: "https://github.com/robinebers/openusage/blob/main/docs/providers/codex.md", checkedOn: CHECKED_ON },
    plan: "plan_type",
    blocked: { at: "rate_limit.limit_reached", is: true },
    windows: [
      chatGptWindow("rate_limit.primary_window"),
      chatGptWindow("rate_limit.secondary_window"),
      chatGptWindow("code_review_rate_limit.primary_window", "code review"),
    ],
    balances: [{ amount: "credits.balance", currency: "credits" }],
  },
  {
    providers: ["github-copilot"],
    address: { below: "origin", path: "/copilot_internal/user", elsewhere: "https://api.github.com" },
    kinds: ["oauth", "token"],
    isOfficial: false,
    source: { url: "https://github.com/robinebers/openusage/blob/main/docs/providers/copilot.md", checkedOn: CHECKED_ON },
    plan: "copilot_plan",
    windows: [copilotWindow("premium_interactions", "premium"), copilotWindow("chat", "chat"), copilotWindow("completions", "completions")],
  },
  {
    providers: ["zai", "zhipuai"],
    address: { below: "origin", path: "/api/monitor/usage/quota/limit" },
    isOfficial: false,
    source: { url: "https://github.com/jukanntenn/glm-plan-usage/blob/main/docs/api-research.md", checkedOn: CHECKED_ON },
    good: { at: "success", is: true },
    plan: "data.level",
    windows: (
      [
        ["TOKENS_LIMIT", undefined],
        ["TIME_LIMIT", "tools"],
      ] as const
    ).map(([type, label]) => ({
      each: "data.limits",
      only: { at: "type", is: type },
      ...(label !== undefined && { label }),
      length: { count: "number", unitMs: { at: "unit", of: { 3: HOUR_MS, 5: 30 * DAY_MS, 6: 7 * DAY_MS } } },
      usedPercent: "percentage",
      resetsAt: "nextResetTime",
    })),
  },
  {
    providers: ["kimi-coding"],
    address: { below: "baseUrl", path: "/usages" },
    isOfficial: false,
    source: { url: "https://github.com/steipete/CodexBar/blob/main/docs/kimi.md", checkedOn: CHECKED_ON },
    windows: [
      {
        each: "limits",
        length: {
          count: "window.duration",
          unitMs: { at: "window.timeUnit", of: { TIME_UNIT_MINUTE: MINUTE_MS, TIME_UNIT_HOUR: HOUR_MS, TIME_UNIT_DAY: DAY_MS } },
        },
        used: "detail.used",
        limit: "detail.limit",
        remaining: "detail.remaining",
        unit: "requests",
        resetsAt: "detail.resetTime",
      },
      { in: "usage", label: "week", used: "used", limit: "limit", remaining: "remaining", unit: "requests", resetsAt: "resetTime" },
    ],
  },
];
