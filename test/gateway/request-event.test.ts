import { expect, test } from "vitest";
import { firstNames } from "../../src/gateway/request-event.ts";

test("a line of the log names five fields at most", () => {
  expect([firstNames(["a", "b"]), firstNames(["a", "b", "c", "d", "e", "f"])]).toEqual(["a, b", "a, b, c, d, e"]);
});
