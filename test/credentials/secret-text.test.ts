import { describe, expect, test } from "vitest";
import { toToken } from "../../src/credentials/secret-text.ts";

describe("a token from a server", () => {
  test.each([["eyJhbGciOi.eyJzdWIi_-~+/.c2ln=="], ["1//0g-abc:def|ghi"], ["x".repeat(16_384)]])("%# is taken as it is", (text) => {
    expect([toToken(text)?.reveal(), toToken(`${text}\r\n`)?.reveal()]).toEqual([text, text]);
  });

  test.each([
    ["a page", "<html></html>"],
    ["words", "not a token"],
    ["another alphabet", "tok\u4e2den"],
    ["a control character", "tok\u0000en"],
    ["a line break", "tok\nen"],
    ["quotes", '"token"'],
    ["nothing", ""],
    ["blanks", "  "],
    ["more than fits in a header", "x".repeat(16_385)],
    ["a number", 12_345],
    ["no value", undefined],
  ])("that is %s is none", (_, value) => {
    expect(toToken(value)).toBeUndefined();
  });
});
