import { expect, test } from "vitest";
import { drillClock } from "../../src/drill/clock.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("time passes at once to the next thing that waits, and only while nobody has anything to do", async () => {
  const clock = drillClock(turn);
  const seen: string[] = [];
  const note = (what: string): void => void seen.push(`${what} at ${clock.nowMs()}`);
  clock.after(500, () => note("alarm"));
  const stop = clock.after(600, () => note("never"));
  await clock.run(
    (async () => {
      await clock.wait(1000);
      note("waited");
      await clock.wait(60_000);
      note("waited long");
    })().finally(stop),
  );
  stop();
  expect(seen).toEqual(["alarm at 500", "never at 600", "waited at 1000", "waited long at 61000"]);
});

test("a wait ends with its signal's reason, without any time", async () => {
  const clock = drillClock(turn);
  const controller = new AbortController();
  const waited = clock.run(clock.wait(5000, controller.signal));
  controller.abort("gone");
  await expect(waited).rejects.toBe("gone");
  expect(clock.nowMs()).toBe(0);
});

test("work that waits for nothing of the clock's, and does not end, is not waited for", async () => {
  await expect(drillClock(turn).run(new Promise(() => undefined))).rejects.toThrow("the drill stands still");
});
