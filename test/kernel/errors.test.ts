import { expect, test } from "vitest";
import { AppError, asAppError, expected } from "../../src/kernel/errors.ts";

const named = new AppError("LOCK_HELD", "somebody else is at it", { hint: "Wait." });
const ours = new AppError("INTERNAL", "unexpected value", { hint: "This is a bug." });
const bug = new TypeError("undefined is no function");

test("what was thrown is an AppError: what nobody named is a bug of ours, with its cause", () => {
  expect(asAppError(named)).toBe(named);
  expect([asAppError(bug), asAppError("text")].map(({ code, message, facts }) => [code, message, facts.cause])).toEqual([
    ["INTERNAL", "undefined is no function", bug],
    ["INTERNAL", "text", "text"],
  ]);
});

test("of what was caught a failure with a name is given back, and a bug goes on as it was thrown", () => {
  expect(expected(named)).toBe(named);
  for (const thrown of [bug, ours, "text", undefined]) {
    const caught: unknown[] = [];
    try {
      expected(thrown);
    } catch (again) {
      caught.push(again);
    }
    expect(caught).toEqual([thrown]);
  }
});
