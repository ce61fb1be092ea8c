import { expect, test } from "vitest";
import { CONFIG, NOW, STORE } from "../../../credentials/open-facts.ts";
import { runOn } from "../../../status/run-command.ts";

const HOUR = 3_600_000;

const restingUntil = (untilMs: number) => ({
  nowMs: NOW,
  files: {
    [CONFIG]: "{}",
    [STORE]: JSON.stringify({
      version: 1,
      profiles: { "zai:work": { type: "api_key", provider: "zai", key: "zai-canary0123456789" } },
      usageStats: { "zai:work": { cooldownUntil: untilMs } },
    }),
  },
});

test("plain lines tell who rests until when", async () => {
  const lines = await Promise.all([NOW + HOUR, 9e15].map((untilMs) => runOn(restingUntil(untilMs), "models cooldowns list --plain")));
  expect(lines).toEqual([
    { exit: 0, out: "zai:work\tresting\t2026-11-21T13:00:00.000Z\tunknown\n", err: "" },
    { exit: 0, out: "zai:work\tresting\t9999-12-31T23:59:59.999Z\tunknown\n", err: "" },
  ]);
});

test("a person sees how long, and how to end it, within 80 columns", async () => {
  const { out } = await runOn(restingUntil(NOW + HOUR), "models cooldowns list");
  expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(out).toContain("models cooldowns clear <what>");
});
