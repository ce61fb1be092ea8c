import { describe, expect, test } from "vitest";
import { CONFIG_SHAPE } from "../../src/config/schema.ts";
import { deadlinesFor } from "../../src/routing/deadlines.ts";
import { configuredLimits, STANDARD, STANDARD_LIMITS } from "../../src/routing/limits.ts";
import { CONFIG, openFacts } from "../credentials/open-facts.ts";

const { registry } = openFacts();

/** What the schema says of a key. */
function aboutOf(section: string, key: string): string | undefined {
  let shape: unknown = CONFIG_SHAPE;
  for (const name of [...section.split("."), key]) shape = (shape as { entries?: Record<string, unknown> }).entries?.[name];
  return (shape as { about?: string } | undefined)?.about;
}

describe("every limit", () => {
  const legacy = ["billingBackoffHours", "billingMaxHours", "failureWindowHours"];
  const rows = Object.entries(STANDARD).flatMap(([section, keys]) =>
    Object.entries(keys).map(([key, row]) => [`${section}.${key}`, section, key, row] as const),
  );

  test.each(rows.filter(([, , key]) => !legacy.includes(key)))("%s is in the schema, with its default", (_, section, key, { standard }) => {
    expect(aboutOf(section, key)).toMatch(new RegExp(`\\bDefault ${standard}\\b`));
  });

  test("counts as the config says, and else by its standard", () => {
    const { timeouts, gateway, reading, cooldowns, routing, onCut } = configuredLimits(
      {
        value: {
          gateway: { timeouts: { idleMs: 5 }, limits: { queue: 0, streamBytes: 7 }, streams: { onCut: "continue" } },
          auth: { cooldowns: { overloadSeconds: 3 } },
          signalbox: { routing: { neverPaid: true } },
        },
      },
      registry,
    );
    expect(reading).toEqual({ ...STANDARD_LIMITS().reading, streamBytes: 7 });
    expect([timeouts.idleMs, timeouts.connectMs, gateway.queue, gateway.attempts, cooldowns.overloadSeconds, cooldowns.rateLimitSeconds]).toEqual([
      5, 10_000, 0, 6, 3, 5,
    ]);
    expect([routing.neverPaid, routing.reservePercent, onCut]).toEqual([true, 5, "continue"]);
  });
});

describe("the time to the first content", () => {
  const spec = (reasoning: boolean) => ({ spec: { reasoning } }) as unknown as Parameters<typeof deadlinesFor>[0];

  test("is longer for models that reason and for answers in one piece, unless somebody wrote it", () => {
    const standard = STANDARD_LIMITS();
    const written = configuredLimits({ value: { gateway: { timeouts: { firstTokenMs: 7000 } } } }, registry);
    expect([false, true].map((reasons) => deadlinesFor(spec(reasons), standard, "streamed").firstTokenMs)).toEqual([60_000, 300_000]);
    expect([false, true].map((reasons) => deadlinesFor(spec(reasons), standard, "one piece").firstTokenMs)).toEqual([120_000, 300_000]);
    expect([false, true].map((reasons) => deadlinesFor(spec(reasons), written, "streamed").firstTokenMs)).toEqual([7000, 7000]);
  });
});

describe("names in limits", () => {
  const limitsOf = (dailyUsd: Record<string, number>) => configuredLimits({ value: { signalbox: { routing: { dailyUsd } } } }, registry).routing.dailyUsd;

  test.each(["zai/*", "z.ai/*", "ZAI/*", " Z.AI / * "])("%s is the sum of the provider", (key) => {
    expect([...limitsOf({ [key]: 1 })]).toEqual([["zai/*", 1]]);
  });

  test("a model is the one that the router knows by another name; of two sums for the same the smaller counts", () => {
    expect([...limitsOf({ "z.ai/glm-4.7": 3, "zai/glm-4.7": 2, "ZAI/glm-4.7": 4, "anthropic/opus-4.6": 1 })]).toEqual([
      ["zai/glm-4.7", 2],
      ["anthropic/claude-opus-4-6", 1],
    ]);
  });

  test("that name no model and no provider are told with their place, for they limit nothing", () => {
    const dailyUsd = { "zia/*": 1, glm: 2, "zai/glm-*": 3, "zai/glm": 4, "z.ai/*": 5 };
    const { chain } = openFacts({
      config: { signalbox: { routing: { dailyUsd } }, auth: { cooldowns: { billingBackoffHoursByProvider: { "Z.AI": 1, grog: 2 } } } },
    });
    expect(chain.problems).toMatchObject([
      {
        code: "REF_BROKEN",
        severity: "error",
        subject: "signalbox.routing.dailyUsd",
        message: 'signalbox.routing.dailyUsd["zia/*"] limits nothing: no provider is named "zia"',
        hint: 'Did you mean "zai" or "z.ai"?',
        place: { file: CONFIG, line: 5 },
      },
      { message: "signalbox.routing.dailyUsd.glm limits nothing: it names no model", place: { line: 6 } },
      { message: expect.stringMatching(/^signalbox\.routing\.dailyUsd\["zai\/glm-\*"\] limits nothing: \* stands for all models/), place: { line: 7 } },
      { severity: "warning", subject: "auth.cooldowns.billingBackoffHoursByProvider", hint: 'Did you mean "groq"?', place: { line: 17 } },
    ]);
  });
});
