import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { wait } from "../../src/host/wait.ts";
import { Stop } from "../../src/kernel/stop-signal.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ended = (work: Promise<void>): Promise<string> =>
  work.then(
    () => "over",
    (why: unknown) => `left: ${String(why)}`,
  );

test("it is over after the time, and not before", async () => {
  let isOver = false;
  const waiting = wait(50).then(() => {
    isOver = true;
    return isOver;
  });
  await vi.advanceTimersByTimeAsync(49);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await waiting).toBe(true);
});

test.each([
  ["a stop", () => new Stop()],
  ["an AbortController", () => new AbortController()],
])("%s ends it with its reason, whenever it fires", async (_, make) => {
  const [before, meanwhile, after] = [make(), make(), make()];
  before.abort("before");
  expect(await ended(wait(50, before.signal))).toBe("left: before");
  const waiting = ended(wait(50, meanwhile.signal));
  meanwhile.abort("meanwhile");
  expect(await waiting).toBe("left: meanwhile");
  const over = ended(wait(50, after.signal));
  await vi.advanceTimersByTimeAsync(50);
  after.abort("after");
  expect([await over, vi.getTimerCount()]).toEqual(["over", 0]);
});

test("a time that is longer than any timer is waited for, and a stop ends it", async () => {
  const days = 24 * 3_600_000;
  const stop = new Stop();
  const said: string[] = [];
  for (const [name, work] of [["60 days", wait(60 * days)] as const, ["30 days", wait(30 * days, stop)] as const])
    void ended(work).then((how) => said.push(`${name} ${how}`));
  await vi.advanceTimersByTimeAsync(26 * days);
  expect(said).toEqual([]);
  stop.abort("by hand");
  await vi.advanceTimersByTimeAsync(34 * days - 1);
  expect(said).toEqual(["30 days left: by hand"]);
  await vi.advanceTimersByTimeAsync(1);
  expect([said, vi.getTimerCount()]).toEqual([["30 days left: by hand", "60 days over"], 0]);
});

test("no time at all is the next turn, which a stop ends too", async () => {
  const stop = new Stop();
  const [left, over] = [ended(wait(0, stop.signal)), ended(wait(0))];
  stop.abort("gone");
  await vi.advanceTimersByTimeAsync(0);
  expect(await Promise.all([left, over])).toEqual(["left: gone", "over"]);
});
