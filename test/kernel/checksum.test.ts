import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checksum } from "../../src/kernel/checksum.ts";

describe("checksum", () => {
  test("is the same for the same text, and 16 hexadecimal digits", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(checksum(text)).toBe(checksum([...text].join("")));
        expect(checksum(text)).toMatch(/^[0-9a-f]{16}$/);
      }),
    );
  });

  test("is another one after any change of one character, wherever it stands", () => {
    const text = '{ "models": { "openai/gpt-5": { "alias": "quick" } } } // a note\n';
    const changed = [...text]
      .flatMap((_, at) => ["x", "\u00e9", ""].map((put) => text.slice(0, at) + put + text.slice(at + 1)))
      .filter((other) => other !== text);
    expect(new Set(changed.map(checksum)).has(checksum(text))).toBe(false);
    expect(new Set(changed.map(checksum)).size).toBe(new Set(changed).size);
  });

  test("tells texts apart that differ in their order or in blanks at the end alone", () => {
    const texts = ["abcdefgh", "efghabcd", "abcdefgh\n", "abcdefgh\n\n", "abcdefgh\0", "", "\0", "\0\0\0\0", "\0\0\0\0\0\0\0\0"];
    expect(new Set(texts.map(checksum)).size).toBe(texts.length);
  });
});
