import { describe, expect, test, vi } from "vitest";
import { anyOf, Stop, timeUp } from "../../src/kernel/stop-signal.ts";

test("everybody who listens is called once, with the reason in place, and who no longer listens is not called", () => {
  const stop = new Stop();
  const heard: unknown[] = [];
  const first = (): void => void heard.push(["first", stop.reason]);
  const left = (): void => void heard.push("left");
  stop.signal.addEventListener("abort", first, { once: true });
  stop.signal.addEventListener("abort", first);
  stop.signal.addEventListener("abort", left);
  stop.signal.removeEventListener("abort", left);
  stop.abort("gone");
  stop.abort("again");
  expect([heard, stop.aborted, stop.reason]).toEqual([[["first", "gone"]], true, "gone"]);
});

test("without a reason it is an AbortError, which is thrown when asked for", () => {
  const stop = new Stop();
  expect(() => stop.throwIfAborted()).not.toThrow();
  stop.abort();
  expect(() => stop.throwIfAborted()).toThrow(expect.objectContaining({ name: "AbortError" }));
});

test("who listens after the end is not called", () => {
  const stop = new Stop();
  stop.abort("gone");
  let calls = 0;
  stop.signal.addEventListener("abort", () => calls++);
  stop.abort("again");
  expect(calls).toBe(0);
});

describe("the first of several", () => {
  const controller = (): AbortController => new AbortController();
  const stop = (): Stop => new Stop();

  test.each([
    ["AbortControllers", [controller(), controller()]],
    ["stops", [stop(), stop()]],
    ["both kinds", [controller(), stop()]],
  ])("%s: ends all with its reason", (_, [one, other]) => {
    if (one === undefined || other === undefined) return expect.unreachable();
    const signal = anyOf(one.signal, other.signal);
    expect(signal.aborted).toBe(false);
    other.abort("other");
    one.abort("one");
    expect([signal.aborted, signal.reason]).toEqual([true, "other"]);
  });

  test("one that has fired already counts at once", () => {
    const fired = new Stop();
    fired.abort("before");
    expect(anyOf(new Stop(), fired).reason).toBe("before");
  });
});

test.each([
  [1500, 1500],
  [0.5, 1],
  [2 ** 31 - 1, 2 ** 31 - 1],
  [2 ** 31, 2 ** 31 - 1],
  [2 ** 33, 2 ** 31 - 1],
  [Number.POSITIVE_INFINITY, 2 ** 31 - 1],
  [0, 0],
  [-1, 0],
  [Number.NaN, 0],
])("a time of %d ms is over after %d: no more than a timer can wait for, and at once what is no time", (ms, waited) => {
  const timeout = vi.spyOn(AbortSignal, "timeout");
  expect([timeUp(ms).aborted, timeout.mock.calls]).toEqual([false, [[waited]]]);
  timeout.mockRestore();
});
