import type { UsageEvent } from "../../src/state/state-store.ts";

export const NOON = Date.UTC(2026, 10, 21, 12);
export const DAY = 24 * 3_600_000;

/** A request that groq answered for a cent, unless `more` says otherwise. */
export function usageEvent(more: Partial<UsageEvent> = {}): UsageEvent {
  return {
    atMs: NOON,
    requestId: "req_1",
    client: "editor",
    asked: "default",
    servedBy: "groq/llama",
    profileId: "groq:default",
    outcome: "answered",
    attempts: [],
    inputTokens: 1000,
    outputTokens: 200,
    costUsd: 0.01,
    tookMs: 900,
    streamed: true,
    ...more,
  };
}

/** The same without what is named. */
export function usageEventWithout(...names: readonly (keyof UsageEvent)[]): UsageEvent {
  return Object.fromEntries(Object.entries(usageEvent()).filter(([name]) => !names.some((one) => one === name))) as unknown as UsageEvent;
}

/** Nobody answered it. */
export function failedEvent(more: Partial<UsageEvent> = {}): UsageEvent {
  const nobody = usageEventWithout("servedBy", "profileId", "inputTokens", "outputTokens", "costUsd");
  return { ...nobody, outcome: "failed", attempts: [{ model: "groq/llama", profileId: "groq:default", reason: "auth", tookMs: 3 }], ...more };
}
