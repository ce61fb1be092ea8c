import { expect, test } from "vitest";
import { hearLongWaits, longWait } from "../../src/kernel/long-waits.ts";

test("a wait is told once, after a second, to who listens now", () => {
  const [first, second]: [string[], string[]] = [[], []];
  const stopFirst = hearLongWaits((text) => first.push(text));
  const waited = longWait(() => "Waiting for a");
  for (const ms of [0, 999, 1000, 5000]) waited(ms);
  const stopSecond = hearLongWaits((text) => second.push(text));
  stopFirst();
  longWait(() => "Waiting for b")(2000);
  stopSecond();
  longWait(() => "Waiting for c")(2000);
  expect([first, second]).toEqual([["Waiting for a"], ["Waiting for b"]]);
});
