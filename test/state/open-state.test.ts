import { describe, expect, test } from "vitest";
import { AppError } from "../../src/kernel/errors.ts";
import { openState } from "../../src/state/open-state.ts";
import type { RestRow, UsageEvent } from "../../src/state/state-store.ts";
import { fakeHost, type FakeMachine } from "../support/fake-host.ts";

const DIR = "/home/me/.nemo";
const FILE = `${DIR}/signalbox/state.json`;
const NOW = Date.UTC(2026, 10, 21, 12);
const DAY = 24 * 3_600_000;
const full = new AppError("FILE_WRITE_FAILED", "the disk is full", { hint: "Make room." });

const row = (key: string, more: Partial<RestRow> = {}): RestRow => ({
  key,
  untilMs: NOW + 5000,
  failures: 1,
  reason: "auth",
  sinceMs: NOW,
  lastRestMs: 5000,
  ...more,
});
const open = (machine: FakeMachine = {}) => {
  const host = fakeHost(machine);
  return { host, store: openState(host, DIR) };
};
const event = (atMs: number, requestId: string): UsageEvent => ({
  atMs,
  requestId,
  client: "library",
  asked: "default",
  outcome: "answered",
  attempts: [],
  tookMs: 5,
  streamed: false,
});
const all = async (events: AsyncIterable<UsageEvent>): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { requestId } of events) ids.push(requestId);
  return ids;
};

describe("rests", () => {
  test("opening touches no disk, and nothing is there at first", async () => {
    const { host, store } = open();
    expect([await store.rests(), host.written.size]).toEqual([new Map(), 0]);
  });

  test("are kept as rows, changed row by row, and read by others", async () => {
    const { host, store } = open();
    await store.changeRests(
      ["a", "b"],
      () =>
        new Map([
          ["a", row("a")],
          ["b", row("b", { trial: { by: "x", untilMs: NOW }, credential: "…ab12cd", probedMs: NOW })],
        ]),
    );
    await store.changeRests(["a"], (rows) => {
      expect([...rows.keys()]).toEqual(["a"]);
      return new Map([["a", undefined]]);
    });
    expect(await openState(host, DIR).rests()).toEqual(new Map([["b", row("b", { trial: { by: "x", untilMs: NOW }, credential: "…ab12cd", probedMs: NOW })]]));
  });

  test("that ended more than a day ago are left out, and go with the next change", async () => {
    const { host, store } = open();
    await store.changeRests(
      ["old", "new"],
      () =>
        new Map([
          ["old", row("old", { untilMs: NOW - DAY - 1 })],
          ["new", row("new")],
        ]),
    );
    expect([...(await store.rests()).keys()]).toEqual(["new"]);
    await store.changeRests(["new"], () => new Map([["new", row("new", { failures: 2 })]]));
    expect(host.written.get(FILE)).not.toContain("old");
  });

  test("that were noted while the clock stood a year ahead are left out once it is right again, also by who has read them", async () => {
    const ahead = { sinceMs: NOW + 365 * DAY, untilMs: NOW + 365 * DAY + 30_000, lastRestMs: 30_000 };
    let nowMs = NOW + 365 * DAY;
    const host = { ...open().host, nowMs: () => nowMs };
    const store = openState(host, DIR);
    const cleared = row("cleared", { ...ahead, failures: 0, reason: "cleared", lastRestMs: 0 });
    await store.changeRests(
      ["a", "cleared"],
      () =>
        new Map([
          ["a", row("a", ahead)],
          ["cleared", cleared],
        ]),
    );
    expect([...(await store.rests()).keys()]).toEqual(["a", "cleared"]);
    nowMs = NOW;
    const expected = new Map([["cleared", cleared]]);
    expect([await store.rests(), await openState(host, DIR).rests()]).toEqual([expected, expected]);
  });

  test.each(["", "{", "[]", "null", '{"version":1}', '{"version":1,"rests":[]}', '{"version":1,"rests":{"a":1,"b":{"untilMs":"x"},"c":null}}'])(
    "a damaged file (%s) holds none, and is written anew",
    async (text) => {
      const { host, store } = open({ files: { [FILE]: text } });
      expect(await store.rests()).toEqual(new Map());
      await store.changeRests(["a"], () => new Map([["a", row("a")]]));
      expect([[...(await openState(host, DIR).rests()).keys()], store.lastFault]).toEqual([["a"], undefined]);
    },
  );

  test("of a later version are neither read nor overwritten", async () => {
    const text = '{"version":2,"rests":{"a":{}}}';
    const { host, store } = open({ files: { [FILE]: text } });
    await store.changeRests(["a"], () => new Map([["a", row("a")]]));
    expect([host.written.size, store.lastFault]).toEqual([0, `${FILE} was written by a later version`]);
  });

  test("a disk that fails fails nobody, and is told", async () => {
    const { store } = open({ writeFailure: full });
    await store.changeRests(["a"], () => new Map([["a", row("a")]]));
    expect([store.lastFault, store.lastError]).toEqual(["the disk is full", full]);
  });

  test("the error of a change is kept with its code and next step until one succeeds", async () => {
    const { host, store } = open();
    const { changeFiles } = host;
    Object.assign(host, { changeFiles: () => Promise.reject(full) });
    const put = () => store.changeRests(["a"], () => new Map([["a", row("a")]]));
    expect([store.lastError, await put(), store.lastError]).toEqual([undefined, "failed", full]);
    Object.assign(host, { changeFiles });
    expect([await put(), store.lastError, store.lastFault]).toEqual(["changed", undefined, undefined]);
  });
});

describe("events", () => {
  test("of a day beyond its limit are told as missing, and those before it are read", async () => {
    const file = `${DIR}/signalbox/usage/2026-11-21.jsonl`;
    const first = `${JSON.stringify(event(NOW, "first"))}\n`;
    const padding = "é".repeat((128 * 1024 * 1024 - first.length - 2) / 2);
    const { host, store } = open({ nowMs: NOW, files: { [file]: `${first}${padding}\n` } });
    const missed: unknown[] = [];
    for (const id of ["last", "too late"]) {
      await store.append(event(NOW, id));
      await store.flush();
    }
    expect(store.lastFault).toContain("has reached its limit of 128 MiB");
    expect(host.inspect(file)?.sizeBytes).toBeGreaterThan(128 * 1024 * 1024);
    expect(await all(store.events(NOW, NOW, (what) => missed.push(what)))).toEqual(["first", "last"]);
    expect(missed).toEqual([
      { file, why: "damaged", lines: 1 },
      { file, why: "full", lines: 0 },
    ]);
  });

  test("go into the log of their day, several in one write, and come back in order", async () => {
    const { host, store } = open();
    await Promise.all(["a", "b", "c"].map((id) => store.append(event(NOW, id))));
    await store.flush();
    expect([...host.written.keys()]).toEqual([`${DIR}/signalbox/usage/2026-11-21.jsonl`]);
    expect(await all(store.events(NOW - 1, NOW + 1))).toEqual(["a", "b", "c"]);
    expect(await all(store.events(NOW + 1, NOW + 2))).toEqual([]);
  });

  test("lines that were cut off, or are none of ours, are passed over", async () => {
    const lines = [JSON.stringify(event(NOW, "a")), '{"atMs":1', "[]", "null", "", '{"atMs":5}', JSON.stringify(event(NOW, "b"))];
    const { store } = open({ files: { [`${DIR}/signalbox/usage/2026-11-21.jsonl`]: lines.join("\n"), [`${DIR}/signalbox/usage/notes.txt`]: "x" } });
    expect(await all(store.events(0, NOW + DAY))).toEqual(["a", "b"]);
  });

  /** One event on each of some days in a row, the last of them on the day before `NOW`. */
  const daysBefore = (count: number): Record<string, string> => {
    const dayAt = (i: number): [string, string] => {
      const atMs = NOW - (count - i) * DAY;
      return [`${DIR}/signalbox/usage/${new Date(atMs).toISOString().slice(0, 10)}.jsonl`, `${JSON.stringify(event(atMs, `day ${i}`))}\n`];
    };
    return Object.fromEntries(Array.from({ length: count }, (_, i) => dayAt(i)));
  };

  test("days older than ninety are emptied at the first write of a day", async () => {
    const files = daysBefore(100);
    const { host, store } = open({ nowMs: NOW, files });
    await store.append(event(NOW, "today"));
    await store.flush();
    const emptied = Object.keys(files).filter((file) => host.written.get(file) === "");
    expect(emptied).toEqual(Object.keys(files).slice(0, 10));
  });

  test("are not lost when the clock stands a year ahead for a while, however long", async () => {
    const files = daysBefore(40);
    const { host } = open({ files });
    for (const nowMs of [365, 366, 367].map((days) => NOW + days * DAY)) {
      const store = openState({ ...host, nowMs: () => nowMs }, DIR);
      await store.append(event(nowMs, "ahead"));
      await store.flush();
    }
    expect(await all(openState(host, DIR).events(0, NOW))).toEqual(Array.from({ length: 40 }, (_, i) => `day ${i}`));
  });

  test("a disk that fails fails nobody, and is told", async () => {
    const { store } = open({ writeFailure: new AppError("FILE_WRITE_FAILED", "the disk is full", { hint: "Make room." }) });
    await store.append(event(NOW, "a"));
    await store.flush();
    expect(store.lastFault).toBe("the disk is full");
  });
});
