import { expect, test } from "vitest";
import { ordinal } from "../../src/cli/stored-account.ts";

test("positions are said in words up to the third, then in digits with the right ending", () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 41, 111, 112].map(ordinal)).toEqual([
    ...["first", "second", "third", "4th", "11th", "12th", "13th"],
    ...["21st", "22nd", "23rd", "41st", "111th", "112th"],
  ]);
});
