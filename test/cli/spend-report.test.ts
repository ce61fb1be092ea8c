import { describe, expect, test } from "vitest";
import { type SpendReport, spendReport } from "../../src/cli/spend-report.ts";
import { type FakeMachine, fakeHost } from "../support/fake-host.ts";
import { DAY, NOON, usageEvent } from "../usage/events.ts";

const STATE = "/home/me/.nemo";
const FOLDER = `${STATE}/signalbox/usage`;
const log = (day: string, ...lines: readonly unknown[]) => ({
  [`${FOLDER}/${day}.jsonl`]: lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""),
});
const ask = (files: FakeMachine["files"] = {}, choice: { days?: number; since?: string } = {}): Promise<SpendReport> =>
  spendReport(fakeHost({ nowMs: NOON, files }), STATE, { by: "day", days: choice.days, since: choice.since });

test("what was noted is summed up, and nothing is written", async () => {
  const host = fakeHost({ nowMs: NOON, files: log("2026-11-21", usageEvent()) });
  const { groups, missed, folder, total } = await spendReport(host, STATE, { by: "client", days: undefined, since: undefined });
  expect(groups.map(({ key }) => key)).toEqual(["editor"]);
  expect([missed, folder, total.requests, host.written.size]).toEqual([[], FOLDER, 1, 0]);
});

describe("the time", () => {
  test.each<[string, { days?: number; since?: string }, number]>([
    ["thirty days, today included, unless told", {}, Date.UTC(2026, 9, 23)],
    ["today alone", { days: 1 }, Date.UTC(2026, 10, 21)],
    ["from a day on", { since: "2026-11-01" }, Date.UTC(2026, 10, 1)],
    ["from a moment on", { since: "2026-11-20T08:30:00Z" }, Date.UTC(2026, 10, 20, 8, 30)],
    ["the last hours", { since: "12h" }, NOON - DAY / 2],
    ["a bare number is days", { since: "2" }, NOON - 2 * DAY],
    ["since ever", { days: 999_999 }, 0],
  ])("%s", async (_, choice, fromMs) => {
    const { from, to } = await ask({}, choice);
    expect([from, to]).toEqual([fromMs, NOON]);
  });

  test.each<[{ days?: number; since?: string }, string]>([
    [{ days: 2, since: "12h" }, "--days and --since exclude each other"],
    [{ days: 0 }, "--days takes a whole number of at least 1"],
    [{ days: 1.5 }, "--days takes a whole number of at least 1"],
    [{ since: "yesterday" }, '--since takes a day or a duration; "yesterday" is neither'],
    [{ since: "2026-13-01" }, '--since takes a day or a duration; "2026-13-01" is neither'],
    [{ since: "2026-11-22" }, "--since 2026-11-22 is still to come"],
  ])("%j is refused", async (choice, message) => {
    await expect(ask({}, choice)).rejects.toMatchObject({ code: "USAGE", message });
  });

  test("events outside of it are left out", async () => {
    const files = { ...log("2026-11-20", usageEvent({ atMs: NOON - DAY })), ...log("2026-11-21", usageEvent()) };
    expect((await ask(files, { days: 1 })).total.requests).toBe(1);
    expect((await ask(files, { since: "24h" })).total.requests).toBe(2);
  });
});

describe("what cannot be read is counted and named", () => {
  test.each<[string, unknown]>([
    ["a line that was cut off", '{"atMs":1'],
    ["tokens that are a text", { ...usageEvent(), inputTokens: "7" }],
    ["a cost beyond all numbers", JSON.stringify(usageEvent()).replace('"costUsd":0.01', '"costUsd":1e999')],
    ["a cost below nothing", { ...usageEvent(), costUsd: -1 }],
    ["an end that nobody knows", { ...usageEvent(), outcome: "won" }],
    ["an attempt that is none", { ...usageEvent(), attempts: [null] }],
    ["a model that is a number", { ...usageEvent(), servedBy: 7 }],
  ])("%s", async (_, line) => {
    const { total, missed } = await ask(log("2026-11-21", usageEvent(), line));
    expect(total.requests).toBe(1);
    expect(missed).toEqual([{ file: `${FOLDER}/2026-11-21.jsonl`, why: "damaged", lines: 1 }]);
  });

  test("a whole file", async () => {
    const { missed } = await ask({ [`${FOLDER}/2026-11-21.jsonl`]: { unreadable: "EACCES" } });
    expect(missed).toEqual([{ file: `${FOLDER}/2026-11-21.jsonl`, why: "unreadable", lines: 0 }]);
  });
});
