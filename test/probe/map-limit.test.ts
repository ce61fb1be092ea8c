import { expect, test } from "vitest";
import { mapLimit } from "../../src/probe/map-limit.ts";

test("at most so many are under way, and the results keep their order", async () => {
  let [underWay, most] = [0, 0];
  const results = await mapLimit([30, 1, 20, 2, 10], 2, async (turns) => {
    most = Math.max(most, ++underWay);
    for (let i = 0; i < turns; i++) await Promise.resolve();
    underWay--;
    return turns * 2;
  });
  expect([results, most]).toEqual([[60, 2, 40, 4, 20], 2]);
});

test("nothing to do is done at once", async () => {
  expect(await mapLimit([], 5, async () => 1)).toEqual([]);
});
