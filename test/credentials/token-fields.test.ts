import { expect, test } from "vitest";
import { lifetimeIn, scopesIn } from "../../src/credentials/token-fields.ts";

test.each([
  [3600, 3600],
  [" 3600 ", 3600],
  [3599.9, 3599],
  [undefined, "none"],
  [null, "none"],
  [0, "none"],
  [1e12, "senseless"],
  [Number.NaN, "senseless"],
  ["1".repeat(13), "senseless"],
  ["soon", "senseless"],
  ["3600.5", "senseless"],
  [{}, "senseless"],
  [29, "over"],
  [-1, "over"],
  ["-5", "over"],
])("a lifetime of %j is %j", (value, lifetime) => expect(lifetimeIn(value)).toBe(lifetime));

test("scopes stand with blanks or commas between them; one that no header could carry is left out", () => {
  expect(scopesIn("read:user, repo\tgist")).toEqual(["read:user", "repo", "gist"]);
  expect(scopesIn("a \u001b[2J b")).toEqual(["a", "b"]);
  expect([scopesIn(""), scopesIn(undefined), scopesIn(7), scopesIn("x".repeat(4097))]).toEqual([[], undefined, undefined, undefined]);
});
