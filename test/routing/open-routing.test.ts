import { describe, expect, test } from "vitest";
import { failoverPlan } from "../../src/routing/plan-failover.ts";
import { openLedger } from "../../src/routing/ledger.ts";
import { openRetryBuckets } from "../../src/routing/retry-bucket.ts";
import { runPlan } from "../../src/routing/run-candidates.ts";
import type { Tried } from "../../src/routing/run-types.ts";
import { keyOf, NOW, storeOf } from "../credentials/open-facts.ts";
import { openRig } from "./routing-rig.ts";
import { virtualTime } from "./virtual-time.ts";

const LIMITED = "openai/gpt-5";

interface Storm {
  readonly fallbacks: readonly string[];
  readonly seconds: number;
  /** Answers a second; further requests are refused. */
  readonly allows: number;
  readonly retryAfterMs?: number;
}

/** 200 requests a second, each answered or refused after 20 ms. Counts who was asked how often, and who got an answer. */
async function storm({ fallbacks, seconds, allows, retryAfterMs }: Storm): Promise<{ offered: number; limited: number; answered: number; lastMs: number }> {
  const rig = openRig({
    config: { agents: { defaults: { model: { primary: LIMITED, fallbacks } } } },
    store: storeOf({ "openai:a": keyOf("openai"), "groq:c": keyOf("groq") }),
  });
  const time = virtualTime(NOW);
  const ledger = openLedger({ host: time.clock, store: rig.store, limits: rig.facts.limits, markOf: rig.facts.markOf });
  const buckets = openRetryBuckets();
  const route = rig.route();
  const asked = new Map<string, number>();
  const inSecond = new Map<number, number>();
  const counts = { answered: 0, lastMs: 0 };
  const plan = async () => failoverPlan(route, rig.facts, await ledger.rows(), time.clock.nowMs());
  const tryOne = async ({ model }: Parameters<Parameters<typeof runPlan>[1]["tryOne"]>[0]): Promise<Tried<string>> => {
    const name = `${model.ref.provider}/${model.ref.model}`;
    asked.set(name, (asked.get(name) ?? 0) + 1);
    const second = Math.floor((time.clock.nowMs() - NOW) / 1000);
    const before = inSecond.get(second) ?? 0;
    await time.clock.wait(20);
    if (name !== LIMITED) return { kind: "opened", value: name };
    inSecond.set(second, before + 1);
    if (before < allows) return { kind: "opened", value: name };
    return { kind: "refused", failure: { reason: "rate_limit", status: 429, rule: "test", ...(retryAfterMs !== undefined && { retryAfterMs }) } };
  };
  const limits = { attempts: 6, attemptsPerProvider: 3, attemptsMs: 120_000 };
  const signal = new AbortController().signal;
  const offered = seconds * 200;
  const requests = Array.from({ length: offered }, async (_, index) => {
    await time.clock.wait(index * 5);
    const ran = await runPlan(await plan(), { tryOne, ledger, buckets, host: time.clock, replan: plan, limits, signal });
    if (ran.kind !== "opened") return;
    counts.answered++;
    counts.lastMs = time.clock.nowMs() - NOW;
  });
  await time.run(NOW + 1_000_000);
  await Promise.all(requests);
  return { offered, limited: asked.get(LIMITED) ?? 0, ...counts };
}

describe("a storm of 429", () => {
  test("is over for the limited account at once where somebody else can answer, and every client gets an answer", async () => {
    const { offered, limited, answered } = await storm({ fallbacks: ["groq/llama"], seconds: 60, allows: 0, retryAfterMs: 2000 });
    expect(answered).toBe(offered);
    expect(limited).toBeLessThanOrEqual(0.05 * offered);
  });

  test("also where the vendor says nothing of when", async () => {
    const { offered, limited, answered } = await storm({ fallbacks: ["groq/llama"], seconds: 60, allows: 0 });
    expect(answered).toBe(offered);
    expect(limited).toBeLessThanOrEqual(0.01 * offered);
  });

  test("is not made worse where nobody else can: no more than 1.2 times what was offered", async () => {
    const { offered, limited } = await storm({ fallbacks: [], seconds: 10, allows: 50, retryAfterMs: 1000 });
    expect(limited).toBeLessThanOrEqual(1.2 * offered);
  });
});
