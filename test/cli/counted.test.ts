import { expect, test } from "vitest";
import { counted } from "../../src/cli/counted.ts";

test("one is one, and none or more are several", () => {
  expect([0, 1, 2].map((count) => counted(count, "account"))).toEqual(["0 accounts", "1 account", "2 accounts"]);
  expect(counted(1200, "request", "1,200")).toBe("1,200 requests");
});
