import { expect, test } from "vitest";
import { randomToken } from "../../src/host/random-token.ts";

test("a thousand tokens are all different and safe in a file name", () => {
  const tokens = Array.from({ length: 1000 }, randomToken);
  expect(new Set(tokens).size).toBe(1000);
  expect(tokens.filter((token) => !/^[\w-]{12}$/.test(token))).toEqual([]);
});
