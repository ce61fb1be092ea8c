import { expect, test } from "vitest";
import { FAILURE_DETAILS, FAILURE_REASONS } from "../../src/chat/failure.ts";

test("every reason has its list of details, in the same order", () => {
  expect(Object.keys(FAILURE_DETAILS)).toEqual([...FAILURE_REASONS]);
});

test("a detail belongs to one reason only", () => {
  const details = Object.values(FAILURE_DETAILS).flat();
  expect(details.filter((detail, i) => details.indexOf(detail) !== i)).toEqual([]);
});
