import { describe, expect, test } from "vitest";
import type { UpstreamFailure } from "../../src/chat/failure.ts";
import { keyOf, loginOf, NOW, storeOf } from "../credentials/open-facts.ts";
import type { Candidate } from "../../src/routing/failover-plan.ts";
import type { Tried, TryFacts } from "../../src/routing/run-types.ts";
import { openRig, type RigInput } from "./routing-rig.ts";

/** A and B are accounts of one provider, C is another provider's. */
const threeWays = (more: Partial<RigInput> = {}) =>
  openRig({
    config: {
      agents: { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["groq/llama"] } } },
      auth: { order: { openai: ["openai:a", "openai:b"] } },
    },
    store: storeOf({ "openai:a": keyOf("openai", "sk-a-secret-text"), "openai:b": keyOf("openai", "sk-b-secret-text"), "groq:c": keyOf("groq") }),
    ...more,
  });
const A = "openai/gpt-5 openai:a";
const B = "openai/gpt-5 openai:b";
const C = "groq/llama groq:c";

const oneWay = (more: Partial<RigInput> = {}) =>
  openRig({ config: { agents: { defaults: { model: "openai/gpt-5" } } }, store: storeOf({ "openai:a": keyOf("openai", "sk-a-secret-text") }), ...more });

test("what was answered without the vendor earns its address no further attempt", async () => {
  const rig = oneWay();
  const { buckets } = rig.routing;
  const earned: string[] = [];
  Object.assign(buckets, { earn: (endpoint: string) => void earned.push(endpoint) });
  await rig.request(async () => ({ kind: "opened", value: "an estimate", isUnasked: true }));
  expect(earned).toEqual([]);
  await rig.request({});
  expect(earned.length).toBe(1);
});

describe("a candidate that is asked again at once in another way", () => {
  const refusal: UpstreamFailure = { reason: "format", rule: "test", message: "no temperature" };
  const mending =
    (then: Tried<string>) =>
    async (candidate: Candidate, { onRepair }: TryFacts) => {
      if (candidate.profile?.id !== "openai:a") return { kind: "opened", value: "another" } as const;
      onRepair(refusal, ["sampling.temperature"]);
      return then;
    };

  test("counts as asked twice, and what it did not accept is named", async () => {
    const ran = await threeWays().request(mending({ kind: "opened", value: "mended" }));
    expect(ran).toMatchObject({ kind: "opened", value: "mended", attempts: 2, refusals: [{ failure: refusal, without: ["sampling.temperature"] }] });
  });

  test("leaves the others their turn, and is judged by its last answer", async () => {
    const rig = threeWays();
    const ran = await rig.request(mending({ kind: "refused", failure: { reason: "rate_limit", rule: "test" } }));
    expect([rig.asked, ran.refusals.map(({ failure, without }) => [failure.reason, without])]).toEqual([
      [A, B],
      [
        ["format", ["sampling.temperature"]],
        ["rate_limit", undefined],
      ],
    ]);
    expect(ran).toMatchObject({ kind: "opened", value: "another", attempts: 3 });
    const alone = await oneWay().request(mending({ kind: "withheld", why: "is out" }));
    expect(alone).toMatchObject({ kind: "exhausted", stoppedBy: "nobody", attempts: 1 });
  });

  test("goes on as if it had been asked once where its stream breaks off", async () => {
    const rig = threeWays();
    const first = await rig.request(mending({ kind: "opened", value: "mended" }));
    expect((await rig.request({}, { before: first.refusals })).kind).toBe("opened");
  });
});

describe("a request", () => {
  test("goes from account A over account B to the fallback, and the next one does not knock at A and B", async () => {
    const rig = threeWays();
    const ran = await rig.request({ "openai:a": { reason: "rate_limit", retryAfterMs: 30_000 }, "openai:b": { reason: "auth", status: 401 } });
    expect(rig.asked).toEqual([A, B, C]);
    expect(ran).toMatchObject({ kind: "opened", value: C, attempts: 3 });
    rig.asked.length = 0;
    const next = await rig.request({});
    expect(rig.asked).toEqual([C]);
    expect(next.passedOver.map(({ model, profileId, reason, why }) => [model, profileId, reason, why])).toEqual([
      ["openai/gpt-5", "openai:a", "cooling", "rests for 32s (rate_limit)"],
      ["openai/gpt-5", "openai:b", "cooling", "rests for 11m (auth)"],
    ]);
  });

  test("skips the other account of a model whose vendor is overloaded", async () => {
    const rig = threeWays();
    expect(await rig.request({ openai: "overloaded" })).toMatchObject({ kind: "opened", value: C });
    expect(rig.asked).toEqual([A, C]);
  });

  test("that all refuse says who said what, and when it may be worth to ask again", async () => {
    const rig = threeWays();
    const ran = await rig.request({
      "openai:a": { reason: "rate_limit", retryAfterMs: 60_000 },
      "openai:b": "auth",
      groq: { reason: "usage_limit", retryAfterMs: 7_200_000 },
    });
    expect(ran).toMatchObject({ kind: "exhausted", stoppedBy: "nobody", attempts: 3, retryAfterMs: 62_500 });
    expect(ran.refusals.map(({ candidate, failure }) => [candidate.profile?.id, failure.reason])).toEqual([
      ["openai:a", "rate_limit"],
      ["openai:b", "auth"],
      ["groq:c", "usage_limit"],
    ]);
  });

  test("is told who is the last", async () => {
    const rig = threeWays();
    const last: boolean[] = [];
    await rig.request((_candidate, { isLast }) => {
      last.push(isLast);
      return "rate_limit";
    });
    expect(last).toEqual([false, false, true]);
  });

  test("is told that it is the last where only another account of a silent model would be left", async () => {
    const rig = threeWays({ store: storeOf({ "openai:a": keyOf("openai", "sk-a-secret-text"), "openai:b": keyOf("openai", "sk-b-secret-text") }) });
    const last: boolean[] = [];
    await rig.request((_candidate, { isLast }) => {
      last.push(isLast);
      return "answers";
    });
    expect(last).toEqual([true]);
  });

  test("whose caller has gone asks nobody else, and nobody rests for it", async () => {
    const rig = threeWays();
    expect(await rig.request({ openai: "cancelled" })).toMatchObject({ kind: "exhausted", stoppedBy: "cancelled", attempts: 1 });
    expect(rig.asked).toEqual([A]);
    expect((await rig.routing.ledger.rows()).size).toBe(0);
  });

  test("that was withheld costs no attempt, and goes on", async () => {
    const rig = threeWays();
    const ran = await rig.request({ "openai:a": { withheld: "holds characters that cannot travel in a header" } });
    expect(ran).toMatchObject({ kind: "opened", value: B, attempts: 1 });
    expect(ran.passedOver).toContainEqual({
      model: "openai/gpt-5",
      profileId: "openai:a",
      reason: "withheld",
      why: "holds characters that cannot travel in a header",
    });
  });
});

describe("after each reason", () => {
  /** Who is asked after A failed so, with B and C healthy; and who once more when only A is there. */
  const follows = async (failure: Partial<UpstreamFailure>): Promise<readonly [withOthers: string[], alone: number]> => {
    const [many, one] = [threeWays(), oneWay()];
    await many.request({ "openai:a": failure });
    await one.request({ "openai:a": failure });
    return [many.asked, one.asked.length];
  };

  test.each<[Partial<UpstreamFailure>, string[], number]>([
    [{ reason: "auth", status: 401 }, [A, B], 1],
    [{ reason: "permission", status: 403 }, [A, B], 1],
    [{ reason: "billing", status: 402 }, [A, B], 1],
    [{ reason: "rate_limit", status: 429 }, [A, B], 1],
    [{ reason: "usage_limit", status: 429 }, [A, B], 1],
    [{ reason: "overloaded", status: 503 }, [A, C], 2],
    [{ reason: "timeout", detail: "first_byte" }, [A, C], 2],
    [{ reason: "network", detail: "refused" }, [A, C], 2],
    [{ reason: "network", detail: "html", status: 200 }, [A, C], 1],
    [{ reason: "context_length", status: 400 }, [A, C], 1],
    [{ reason: "content_filter", status: 400 }, [A], 1],
    [{ reason: "format", status: 400 }, [A], 1],
    [{ reason: "format", detail: "answer_too_large" }, [A, C], 1],
    [{ reason: "format", detail: "output_floor" }, [A, C], 1],
    [{ reason: "format", detail: "translated", status: 400 }, [A, C], 1],
    [{ reason: "model_not_found", status: 404 }, [A, C], 1],
    [{ reason: "unknown", status: 500 }, [A, A, C], 2],
    [{ reason: "unknown", detail: "empty", status: 200 }, [A, C], 2],
    [{ reason: "cancelled" }, [A], 1],
  ])("%j", async (failure, withOthers, alone) => {
    expect(await follows(failure)).toEqual([withOthers, alone]);
  });

  test("an unexplained 500 is asked again at once, an overloaded vendor after a moment when nobody else is left", async () => {
    const once = threeWays();
    await once.request({ "openai:a": { reason: "unknown", status: 500 } });
    expect(once.askedMs).toEqual([0, 0, 0]);
    const alone = oneWay();
    await alone.request({ "openai:a": "overloaded" });
    expect(alone.askedMs).toEqual([0, 1250]);
  });
});

describe("the request's own size and content", () => {
  const specs = { "openai/gpt-5": { contextTokens: 100_000 }, "openai/mini": { contextTokens: 50_000 }, "groq/llama": { contextTokens: 200_000 } };
  const config = { agents: { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["openai/mini", "openai/unlisted", "groq/llama"] } } } };
  const store = storeOf({ "openai:a": keyOf("openai"), "groq:c": keyOf("groq") });

  test("too long for one model goes to those that take more, or of which nobody knows", async () => {
    const rig = openRig({ config, store, specs });
    expect(await rig.request({ "openai/gpt-5": "context_length", "openai/unlisted": "context_length" })).toMatchObject({ value: C });
    expect(rig.asked).toEqual(["openai/gpt-5 openai:a", "openai/unlisted openai:a", C]);
  });

  test("that a filter stopped goes to the models that the config names for it, and to no other", async () => {
    const filtered = openRig({ config: { ...config, signalbox: { routing: { contentPolicyFallbacks: ["groq/llama-guardless"] } } }, store, specs });
    expect(await filtered.request({ openai: "content_filter" })).toMatchObject({ value: "groq/llama-guardless groq:c" });
    expect(filtered.asked).toEqual(["openai/gpt-5 openai:a", "groq/llama-guardless groq:c"]);
    const healthy = openRig({ config: { ...config, signalbox: { routing: { contentPolicyFallbacks: ["groq/llama-guardless"] } } }, store, specs });
    expect(await healthy.request({ openai: "network", "groq/llama": "overloaded" })).toMatchObject({ kind: "exhausted" });
    expect(healthy.asked.at(-1)).not.toBe("groq/llama-guardless groq:c");
  });

  test("that is taken for wrong goes to the fallbacks that the config names for it, wherever they stand, and without them to nobody", async () => {
    const routing = { contentPolicyFallbacks: ["groq/llama"], formatFallbacks: ["groq/llama", "groq/patient"] };
    const named = openRig({ config: { ...config, signalbox: { routing } }, store, specs });
    expect(await named.request({ openai: "format", "groq/llama": "format" })).toMatchObject({ value: "groq/patient groq:c" });
    expect(named.asked).toEqual(["openai/gpt-5 openai:a", C, "groq/patient groq:c"]);
    const stopped = openRig({ config: { ...config, signalbox: { routing } }, store, specs });
    expect(await stopped.request({ openai: "content_filter" })).toMatchObject({ value: C });
    expect(stopped.asked).toEqual(["openai/gpt-5 openai:a", C]);
    const unnamed = openRig({ config, store, specs });
    expect(await unnamed.request({ openai: "format" })).toMatchObject({ kind: "exhausted", stoppedBy: "policy" });
    expect(unnamed.asked).toEqual(["openai/gpt-5 openai:a"]);
  });

  test("is the caller's own: it puts nothing to rest", async () => {
    const rig = openRig({ config, store, specs });
    for (const reason of ["context_length", "content_filter", "format", "cancelled"] as const) await rig.request(() => reason);
    expect((await rig.routing.ledger.rows()).size).toBe(0);
  });
});

describe("a login", () => {
  const withLogin = () =>
    threeWays({ store: storeOf({ "openai:a": loginOf("openai", NOW + 3_600_000), "openai:b": keyOf("openai"), "groq:c": keyOf("groq") }) });

  test("that is refused is renewed once and asked again, and nothing rests when that helps", async () => {
    const rig = withLogin();
    let renewals = 0;
    const ran = await rig.request(() => (renewals === 0 ? "auth" : "answers"), {
      renew: async (profile) => {
        renewals++;
        return { ...profile };
      },
    });
    expect([ran.kind, rig.asked, renewals]).toEqual(["opened", [A, A], 1]);
    expect((await rig.routing.ledger.rows()).size).toBe(0);
  });

  test("is not renewed twice", async () => {
    const rig = withLogin();
    let renewals = 0;
    const renew = async <P>(profile: P): Promise<P> => {
      renewals++;
      return profile;
    };
    await rig.request({ "openai:a": "auth" }, { renew });
    expect([rig.asked, renewals]).toEqual([[A, A, B], 1]);
  });
});

describe("attempts", () => {
  const many = (providers: readonly string[]) =>
    openRig({
      config: {
        agents: { defaults: { model: { primary: `${providers[0]}/m0`, fallbacks: providers.slice(1).map((provider, i) => `${provider}/m${i + 1}`) } } },
      },
      store: storeOf(Object.fromEntries(["openai", "groq", "zai", "anthropic"].map((provider) => [`${provider}:k`, keyOf(provider)]))),
    });

  test("are at most three at one provider", async () => {
    const rig = many(["openai", "openai", "openai", "openai", "groq"]);
    expect(await rig.request({ openai: { reason: "model_not_found" } })).toMatchObject({ value: "groq/m4 groq:k", attempts: 4 });
  });

  test("are at most six in all", async () => {
    const rig = many(["openai", "groq", "zai", "openai", "groq", "zai", "anthropic"]);
    expect(await rig.request(() => "model_not_found")).toMatchObject({ kind: "exhausted", stoppedBy: "attempts", attempts: 6 });
  });

  test("end with the time for all of them together", async () => {
    const rig = many(["openai", "groq", "zai"]);
    const ran = await rig.request(async () => {
      await rig.pass(70_000);
      return { kind: "refused", failure: { reason: "timeout", rule: "test" } };
    });
    expect(ran).toMatchObject({ kind: "exhausted", stoppedBy: "deadline", attempts: 2 });
  });
});

describe("those whose turn never came are named", () => {
  const chain = (...models: string[]) =>
    openRig({
      config: { agents: { defaults: { model: { primary: models[0], fallbacks: models.slice(1) } } } },
      store: storeOf(Object.fromEntries(["openai", "groq", "zai"].map((provider) => [`${provider}:k`, keyOf(provider)]))),
    });
  const unreached = async (rig: ReturnType<typeof openRig>, upstream: Parameters<typeof rig.request>[0]) =>
    (await rig.request(upstream)).passedOver.map(({ model, reason, why }) => [model, reason, why]);

  test("when a request has no attempts left", async () => {
    const rig = chain("openai/a", "groq/a", "zai/a", "openai/b", "groq/b", "zai/b", "groq/c");
    expect(await unreached(rig, () => "model_not_found")).toContainEqual([
      "groq/c",
      "attempts",
      "was not reached: one request has 6 attempts (gateway.limits.attempts)",
    ]);
  });

  test("when it has none left at their provider", async () => {
    expect(await unreached(chain("groq/a", "groq/b", "groq/c", "groq/d"), () => "model_not_found")).toContainEqual([
      "groq/d",
      "attempts",
      "was not reached: one request has 3 attempts at one provider (gateway.limits.attemptsPerProvider)",
    ]);
  });

  test("when its time is over", async () => {
    const rig = chain("openai/a", "groq/a");
    const slowly = async (): Promise<Tried<string>> => {
      await rig.pass(120_000);
      return { kind: "refused", failure: { reason: "timeout", rule: "test" } };
    };
    expect(await unreached(rig, slowly)).toContainEqual([
      "groq/a",
      "deadline",
      "was not reached: the time for all attempts was over (gateway.timeouts.attemptsMs)",
    ]);
  });

  test("and not where the request itself was refused, or its caller has gone", async () => {
    expect(await unreached(chain("openai/a", "groq/a"), () => "format")).toEqual([]);
    expect(await unreached(chain("openai/a", "groq/a"), () => "cancelled")).toEqual([]);
  });
});

describe("when all rest", () => {
  test("the one that returns first is waited for while there is time", async () => {
    const rig = threeWays();
    let isLimited = true;
    const limited = { reason: "rate_limit", retryAfterMs: 10_000 } as const;
    await rig.request({ openai: limited, groq: { reason: "rate_limit", retryAfterMs: 60_000 } });
    rig.asked.length = 0;
    const ran = await rig.request(() => (isLimited && rig.host.nowMs() < NOW + 10_000 ? limited : "answers"), { waits: "yes" });
    isLimited = false;
    expect(ran).toMatchObject({ kind: "opened", value: A, attempts: 1 });
    expect(rig.askedMs.at(-1)).toBeGreaterThanOrEqual(10_000);
    expect(rig.askedMs.at(-1)).toBeLessThan(12_000);
  });

  test("one request in half a minute tries the soonest, though it rests", async () => {
    const rig = oneWay();
    await rig.request({ openai: "billing" });
    const asked = async (): Promise<number> => {
      rig.asked.length = 0;
      await rig.request({ openai: "billing" }, { waits: "yes" });
      return rig.asked.length;
    };
    expect([await asked(), await asked(), await asked()]).toEqual([1, 0, 0]);
    await rig.pass(31_000);
    expect([await asked(), await asked()]).toEqual([1, 0]);
    await rig.pass(31_000);
    expect(await rig.request({})).toMatchObject({ kind: "opened" });
    expect((await rig.routing.ledger.rows()).size).toBe(0);
  });

  test("in one request, an account that has just refused is not tried again", async () => {
    const rig = oneWay();
    expect(await rig.request({ openai: "billing" }, { waits: "yes" })).toMatchObject({ kind: "exhausted", stoppedBy: "nobody", attempts: 1 });
  });
});

describe("half-open", () => {
  test("one request tries what rested, the others pass it over meanwhile", async () => {
    const rig = threeWays();
    await rig.request({ "openai:a": { reason: "rate_limit", retryAfterMs: 5000 }, "openai:b": "auth" });
    await rig.pass(6000);
    rig.asked.length = 0;
    const open: (() => void)[] = [];
    const slow = rig.request(() => new Promise((resolve) => open.push(() => resolve({ kind: "opened", value: "slow" }))));
    await new Promise((resolve) => setImmediate(resolve));
    await rig.request({});
    await rig.request({});
    expect(rig.asked).toEqual([A, C, C]);
    for (const answer of open) answer();
    await slow;
    await rig.request({});
    expect(rig.asked).toEqual([A, C, C, A]);
  });

  test("a try that is cancelled leaves it to the next", async () => {
    const rig = threeWays();
    await rig.request({ "openai:a": { reason: "rate_limit", retryAfterMs: 5000 }, "openai:b": "auth" });
    await rig.pass(6000);
    await rig.request({ "openai:a": "cancelled" });
    rig.asked.length = 0;
    await rig.request({});
    expect(rig.asked).toEqual([A]);
  });
});

describe("the retry budget of an address", () => {
  /** So many that all have asked the first one before any of them is answered. */
  const atOnce = (rig: ReturnType<typeof openRig>, refuses: (candidate: Candidate) => UpstreamFailure["reason"] | undefined) =>
    Promise.all(
      Array.from({ length: 50 }, () =>
        rig.request(async (candidate) => {
          await new Promise((resolve) => setImmediate(resolve));
          const reason = refuses(candidate);
          return reason === undefined ? { kind: "opened", value: "answered" } : { kind: "refused", failure: { reason, rule: "test" } };
        }),
      ),
    );

  test.each(["auth", "billing", "permission", "rate_limit", "usage_limit"] as const)("is not spent where one account is refused (%s)", async (reason) => {
    const store = storeOf({ "openai:a": keyOf("openai", "sk-a-secret-text"), "openai:b": keyOf("openai", "sk-b-secret-text") });
    const ran = await atOnce(threeWays({ store }), ({ profile }) => (profile?.id === "openai:a" ? reason : undefined));
    expect(ran.filter(({ kind }) => kind === "opened").length).toBe(50);
  });

  test("is spent by who asks the same account again, whatever it said", async () => {
    const rig = oneWay();
    const attempts: number[] = [];
    for (let request = 0; request < 12; request++) {
      await rig.pass(600_000);
      rig.asked.length = 0;
      await rig.request({ openai: { reason: "rate_limit", retryAfterMs: 1000 } });
      attempts.push(rig.asked.length);
    }
    expect(attempts).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1]);
  });

  test("is not spent where a vendor does not have one model", async () => {
    const config = { agents: { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["openai/mini"] } } } };
    const ran = await atOnce(oneWay({ config }), ({ model }) => (model.ref.model === "gpt-5" ? "model_not_found" : undefined));
    expect(ran.filter(({ kind }) => kind === "opened").length).toBe(50);
  });

  test("is spent where the address itself fails, and the refusal says so", async () => {
    const config = { agents: { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["openai/mini"] } } } };
    const ran = await atOnce(oneWay({ config }), ({ model }) => (model.ref.model === "gpt-5" ? "overloaded" : undefined));
    expect(ran.filter(({ kind }) => kind === "opened").length).toBe(10);
    expect(ran.find(({ kind }) => kind === "exhausted")?.passedOver).toContainEqual({
      model: "openai/mini",
      profileId: "openai:a",
      reason: "retry_budget",
      why: "is at an address that has failed so often that no request asks there twice",
    });
  });

  test("is spent by further attempts there, and never by the first of a request", async () => {
    const rig = oneWay();
    const attempts: number[] = [];
    for (let request = 0; request < 14; request++) {
      await rig.pass(40_000);
      rig.asked.length = 0;
      await rig.request({ openai: { reason: "unknown", status: 500 } });
      attempts.push(rig.asked.length);
    }
    expect(attempts).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1]);
    await rig.pass(40_000);
    await rig.request({});
    await rig.request({});
    rig.asked.length = 0;
    await rig.request({ openai: { reason: "unknown", status: 500 } });
    expect(rig.asked.length).toBe(2);
  });
});

describe("a request that goes on", () => {
  const cut = { reason: "network", detail: "cut", rule: "test" } as const;

  test("counts whoever broke off as asked, and leaves it as the failure says", async () => {
    const rig = threeWays();
    const first = await rig.request({});
    if (first.kind !== "opened") throw new Error("nobody answered");
    const before = [{ candidate: first.candidate, failure: cut, startedMs: NOW, tookMs: 1 }];
    rig.asked.length = 0;
    expect(await rig.request({}, { before })).toMatchObject({ kind: "opened", value: C, attempts: 2, refusals: before });
    expect(rig.asked).toEqual([C]);
  });

  test("spends no more attempts than one request has", async () => {
    const rig = threeWays({
      config: {
        agents: { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["groq/llama"] } } },
        gateway: { limits: { attempts: 2 } },
      },
    });
    const first = await rig.request({});
    if (first.kind !== "opened") throw new Error("nobody answered");
    const refusal = { candidate: first.candidate, failure: cut, startedMs: NOW, tookMs: 1 };
    rig.asked.length = 0;
    expect(await rig.request({}, { before: [refusal, refusal] })).toMatchObject({ kind: "exhausted", stoppedBy: "attempts", attempts: 2 });
    expect(rig.asked).toEqual([]);
  });

  test("leaves an answer that is of no use for the next one, and nobody rests for it", async () => {
    const rig = threeWays();
    const failure: UpstreamFailure = { reason: "unknown", rule: "test" };
    let asked = 0;
    const upstream = async ({ model }: Candidate): Promise<Tried<string>> =>
      model.ref.provider === "openai" ? { kind: "unfit", failure, again: asked++ === 0 } : { kind: "opened", value: C };
    expect(await rig.request(upstream)).toMatchObject({ kind: "opened", value: C, attempts: 3 });
    expect(rig.asked).toEqual([A, A, C]);
    expect((await rig.routing.ledger.rows()).size).toBe(0);
  });
});
