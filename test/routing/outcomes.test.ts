import { expect, test } from "vitest";
import { type Asked, type Outcome, outcomesOf } from "../../src/routing/outcomes.ts";
import { keyOf, storeOf } from "../credentials/open-facts.ts";
import { openRig } from "./routing-rig.ts";

const STORE = storeOf({ "openai:a": keyOf("openai", "sk-openai-a"), "openai:b": keyOf("openai", "sk-openai-b"), "groq:c": keyOf("groq") });
const SPECS = { "zai/thinks": { reasoning: true } } as const;

/** What follows from failures of whom a word asks first, with these settings. */
async function outcomes(word: string, more: Readonly<Record<string, unknown>> = {}, asked: Partial<Asked> = {}): Promise<Outcome[]> {
  const config = { agents: { defaults: { model: { primary: "openai/gpt", fallbacks: ["groq/llama"] } } }, ...more };
  const rig = openRig({ config, store: STORE, specs: SPECS, env: { ZAI_API_KEY: "zai-key-text" } });
  const route = rig.route(word);
  const { candidates, longestAttemptMs } = await rig.routing.plan(route, rig.facts);
  const [first, ...others] = candidates;
  if (first === undefined) throw new Error("nobody is asked");
  return outcomesOf({ first, others, strict: route.strict, canRefresh: false, limits: rig.facts.limits, longestAttemptMs, ...asked });
}

const sentences = async (...input: Parameters<typeof outcomes>): Promise<Record<string, string>> =>
  Object.fromEntries((await outcomes(...input)).map(({ event, sentence }) => [event, sentence]));

test("names the next account and the next model", async () => {
  expect(await sentences("default")).toEqual({
    "401": "openai:a rests until its credential changes (tried again after up to 15m, doubling up to 6h); next is openai:b, then groq/llama.",
    "402": "openai:a rests as long as the vendor says, else up to 5h, doubling up to 24h; next is openai:b, then groq/llama.",
    "429": "openai:a at openai/gpt and its family rests as long as the vendor says, else up to 5s, doubling up to 5m; next is openai:b, then groq/llama.",
    "429, for hours":
      "openai:a at openai/gpt and its family rests as long as the vendor says, else up to 15m, doubling up to 31d; next is openai:b, then groq/llama.",
    "500":
      "asked once more at once; the endpoint of openai, after 5 such failures in a row, rests as long as the vendor says, else up to 5s, doubling up to 1m; next is groq/llama.",
    "503": "openai/gpt rests as long as the vendor says, else up to 1s, doubling up to 1m; next is groq/llama.",
    silence: "the endpoint of openai, after 2 such failures in a row, rests as long as the vendor says, else up to 5s, doubling up to 1m; next is groq/llama.",
  });
});

test("the one that is left is waited for and asked once more, and is tried although it rests", async () => {
  const last = "the caller gets the error; one request in 30s is sent there although it rests.";
  const again = "asked again when its rest is over, if that is within 2m";
  expect(await sentences("groq/llama", { agents: { defaults: { model: { primary: "groq/llama" } } } })).toEqual({
    "401": `groq:c rests until its credential changes (tried again after up to 15m, doubling up to 6h); ${last}`,
    "402": `groq:c rests as long as the vendor says, else up to 5h, doubling up to 24h; ${last}`,
    "429": `groq:c at groq/llama and its family rests as long as the vendor says, else up to 5s, doubling up to 5m; ${again}; ${last}`,
    "429, for hours": `groq:c at groq/llama and its family rests as long as the vendor says, else up to 15m, doubling up to 31d; ${last}`,
    "500": `asked once more at once; the endpoint of groq, after 5 such failures in a row, rests as long as the vendor says, else up to 5s, doubling up to 1m; ${last}`,
    "503": `asked once more, for nothing else is left; groq/llama rests as long as the vendor says, else up to 1s, doubling up to 1m; ${again}; ${last}`,
    silence: `asked once more, for nothing else is left; the endpoint of groq, after 2 such failures in a row, rests as long as the vendor says, else up to 5s, doubling up to 1m; ${last}`,
  });
});

test.each([
  ["as long as all attempts may take", "groq/llama", { gateway: { timeouts: { attemptsMs: 180_000 } } }, "3m"],
  ["as long as one attempt may take", "zai/thinks", {}, "5m"],
  ["not for long where nobody else may answer", "groq/llama@groq:c", {}, "2s"],
])("its rest is waited for %s", async (_, word, more, within) => {
  const config = { agents: { defaults: { model: { primary: word } } }, ...more };
  expect((await sentences(word, config))["503"]).toContain(`asked again when its rest is over, if that is within ${within};`);
});

test("a rest that cannot end in time is not waited for", async () => {
  const isWaitedFor = async (overloadSeconds: number): Promise<unknown> => {
    const said = await sentences("groq/llama@groq:c", { auth: { cooldowns: { overloadSeconds } } });
    return ["429", "429, for hours", "503"].map((event) => said[event]?.includes("asked again"));
  };
  // The vendor may name a shorter one than what is written after a rate limit.
  expect([await isWaitedFor(4), await isWaitedFor(5)]).toEqual([
    [true, false, true],
    [true, false, false],
  ]);
});

test("the figures are the config's", async () => {
  const cooldowns = {
    rateLimitSeconds: 30,
    overloadSeconds: 10,
    networkSeconds: 90,
    billingBackoffHours: 1,
    billingMaxHours: 2,
    billingBackoffHoursByProvider: { groq: 3 },
  };
  const shown = async (word: string): Promise<unknown> =>
    (await outcomes(word, { auth: { cooldowns } })).map(({ event, rest }) => [event, (rest?.firstMs ?? 0) / 1000, (rest?.longestMs ?? 0) / 1000]);
  expect(await shown("openai/gpt")).toEqual([
    ["401", 900, 21_600],
    ["402", 3600, 7200],
    ["429", 30, 300],
    ["429, for hours", 900, 2_678_400],
    ["500", 90, 90],
    ["503", 10, 60],
    ["silence", 90, 90],
  ]);
  expect(await shown("groq/llama")).toContainEqual(["402", 10_800, 10_800]);
  expect((await sentences("openai/gpt", { auth: { cooldowns } }))["402"]).toContain("else up to 1h, doubling up to 2h;");
});

test("a login that can renew itself is renewed before it is given up", async () => {
  expect((await sentences("default", {}, { canRefresh: true }))["401"]).toMatch(/^the login is renewed and asked once more; /);
});

test("an account that the reference names is left for nobody", async () => {
  expect((await outcomes("openai/gpt@openai:a")).map(({ nextProfile, nextModel }) => [nextProfile, nextModel])).toEqual(
    Array.from({ length: 7 }, () => [null, null]),
  );
});

test("where the address is at fault a model elsewhere comes before the next one there", async () => {
  const config = { agents: { defaults: { model: { primary: "openai/gpt", fallbacks: ["openai/small", "groq/llama"] } } } };
  expect((await outcomes("default", config)).map(({ event, nextModel }) => [event, nextModel])).toEqual([
    ["401", "openai/small"],
    ["402", "openai/small"],
    ["429", "openai/small"],
    ["429, for hours", "openai/small"],
    ["500", "groq/llama"],
    ["503", "groq/llama"],
    ["silence", "groq/llama"],
  ]);
});

test("a server that asks for no key has no account that could rest", async () => {
  const said = await outcomes("ollama/qwen3", { agents: { defaults: { model: { primary: "ollama/qwen3" } } } });
  expect(said.map(({ event, rest }) => [event, rest?.key])).toEqual([
    ["401", undefined],
    ["402", undefined],
    ["429", undefined],
    ["429, for hours", undefined],
    ["500", "endpoint"],
    ["503", "endpoint+model"],
    ["silence", "endpoint"],
  ]);
  expect(said[0]?.sentence).toBe("the caller gets the error.");
});
