import { expect, test } from "vitest";
import { lineAndColumn, placeText } from "../../src/kernel/place.ts";

test("lines end with LF, CR or CRLF, and columns count from one", () => {
  const text = "a\nbc\r\nd\re";
  expect([0, 2, 3, 6, 8, 99].map((offset) => lineAndColumn(text, offset))).toEqual([
    { line: 1, column: 1 },
    { line: 2, column: 1 },
    { line: 2, column: 2 },
    { line: 3, column: 1 },
    { line: 4, column: 1 },
    { line: 4, column: 2 },
  ]);
});

test("a place reads as editors link it", () => {
  expect([placeText({ file: "/a" }), placeText({ file: "/a", line: 2 }), placeText({ file: "/a", line: 2, column: 3 })]).toEqual(["/a", "/a:2", "/a:2:3"]);
});
