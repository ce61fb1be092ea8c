import { expect, test } from "vitest";
import { LATE, within } from "../../src/routing/within.ts";

test("what is promised in time comes through, a failure too, and the alarm is taken back", async () => {
  let stopped = 0;
  const after = () => () => void stopped++;
  expect(await within(Promise.resolve(1), 5, after)).toBe(1);
  await expect(within(Promise.reject(new Error("no")), 5, after)).rejects.toThrow("no");
  expect(stopped).toBe(2);
});

test("what is late is said to be, and can be waited for again", async () => {
  const slow = new Promise<number>((resolve) => setImmediate(() => resolve(1)));
  const after = (_: number, act: () => void) => {
    act();
    return () => undefined;
  };
  expect(await within(slow, 5, after)).toBe(LATE);
  expect(await slow).toBe(1);
});
