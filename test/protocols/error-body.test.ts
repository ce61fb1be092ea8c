import { expect, test } from "vitest";
import { isErrorBody } from "../../src/protocols/error-body.ts";

test.each([
  [{ error: "no such model" }, true],
  [{ error: { message: "no such model" } }, true],
  [{ object: "error" }, true],
  [{ success: false }, true],
  [{ error: "", choices: [] }, false],
  [{ error: null, choices: [] }, false],
  [{ choices: [] }, false],
  [[], false],
  ["error", false],
])("whether it is an error and no answer: %j is %s", (body, isError) => {
  expect(isErrorBody(body)).toBe(isError);
});
