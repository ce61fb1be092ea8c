import { expect, test } from "vitest";
import { lineAndColumn } from "../../src/kernel/place.ts";
import { Lines, Positions, placeOfSpot } from "../../src/kernel/positions.ts";

const spot = (keyOffset: number) => ({ file: "f", keyOffset, valueOffset: keyOffset + 2 });

test("a spot is found along a path, and only where it was noted", () => {
  const inner = { b: 1 };
  const root = { a: inner };
  const positions = new Positions();
  positions.note(root, "a", spot(1));
  positions.note(inner, "b", spot(9));
  expect([positions.at(root, ["a", "b"]), positions.at(root, ["a"]), positions.at(root, ["a", "c"]), positions.at(root, []), positions.of(inner, "a")]).toEqual(
    [spot(9), spot(1), undefined, undefined, undefined],
  );
});

test("a place is that of the key or of the value", () => {
  const lines = new Lines("\n\nab: 1");
  expect(placeOfSpot({ file: "f", keyOffset: 2, valueOffset: 6 }, lines, "key")).toEqual({ file: "f", line: 3, column: 1 });
  expect(placeOfSpot({ file: "f", keyOffset: 2, valueOffset: 6 }, lines, "value")).toEqual({ file: "f", line: 3, column: 5 });
});

test("counted lines say the same as counting each time", () => {
  for (const text of ["", "a", "\n", "\r\n", "a\r\nb\rc\n\nd", "\r\r\n\n"]) {
    const lines = new Lines(text);
    for (let offset = 0; offset <= text.length + 2; offset++) expect([text, offset, lines.at(offset)]).toEqual([text, offset, lineAndColumn(text, offset)]);
  }
});
