import { describe, expect, test } from "vitest";
import { CONFIG_SHAPE } from "../../src/config/schema.ts";
import { deadlinesFor } from "../../src/routing/deadlines.ts";
import { readLimits, STANDARD } from "../../src/routing/limits.ts";

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
    const { timeouts, gateway, cooldowns, routing, onCut } = readLimits({
      value: {
        gateway: { timeouts: { idleMs: 5 }, limits: { queue: 0 }, streams: { onCut: "continue" } },
        auth: { cooldowns: { overloadSeconds: 3 } },
        signalbox: { routing: { neverPaid: true } },
      },
    });
    expect([timeouts.idleMs, timeouts.connectMs, gateway.queue, gateway.attempts, cooldowns.overloadSeconds, cooldowns.rateLimitSeconds]).toEqual([
      5, 10_000, 0, 6, 3, 5,
    ]);
    expect([routing.neverPaid, routing.reservePercent, onCut]).toEqual([true, 5, "continue"]);
  });
});

describe("the time to the first content", () => {
  const spec = (reasoning: boolean) => ({ spec: { reasoning } }) as unknown as Parameters<typeof deadlinesFor>[0];

  test("is longer for models that reason and for answers in one piece, unless somebody wrote it", () => {
    const standard = readLimits({ value: {} });
    const written = readLimits({ value: { gateway: { timeouts: { firstTokenMs: 7000 } } } });
    expect([false, true].map((reasons) => deadlinesFor(spec(reasons), standard, "streamed").firstTokenMs)).toEqual([60_000, 300_000]);
    expect([false, true].map((reasons) => deadlinesFor(spec(reasons), standard, "one piece").firstTokenMs)).toEqual([120_000, 300_000]);
    expect([false, true].map((reasons) => deadlinesFor(spec(reasons), written, "streamed").firstTokenMs)).toEqual([7000, 7000]);
  });
});
