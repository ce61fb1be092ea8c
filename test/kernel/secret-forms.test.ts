import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readingsOf } from "../../src/kernel/secret-forms.ts";

const texts = (text: string): string[] => readingsOf(text).map((reading) => reading.text);

describe("how a text reads", () => {
  test("is as it stands where nothing in it is written in another way", () => {
    expect(texts("plain words, and 0123456789abcdef")).toEqual(["plain words, and 0123456789abcdef"]);
  });

  test.each([
    ["percent-encoding", "%61b%63", "abc"],
    ["escapes", '\\u0061\\x62\\/\\"c', 'ab/"c'],
    ["escapes within JSON within JSON", "\\\\u0061\\\\\\\\x62", "ab"],
    ["what only looks like it", "100% of \\u00 and %4g and \\", "100% of \\u00 and %4g and \\"],
  ])("without %s", (_, text, expected) => {
    expect(texts(text)).toEqual([text, expected]);
  });

  test("in hexadecimal digits, wherever they begin", () => {
    const digits = Buffer.from("a secret of mine").toString("hex");
    expect(texts(digits)[1]).toBe("a secret of mine");
    expect(texts(`f${digits.toUpperCase()}`)[2]).toBe("a secret of mine");
  });

  test("leads back to where it stands, whatever the text", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("%41", "\\u0041", "\\\\", "%", "A", "é", "0123456789abcdef0123"), { maxLength: 30 }), (parts) => {
        const text = parts.join("");
        for (const reading of readingsOf(text)) {
          const starts = Array.from({ length: reading.text.length + 1 }, (_, at) => reading.startOf(at));
          expect(starts).toEqual([...new Set(starts)].toSorted((a, b) => a - b));
          expect(starts.at(-1)).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  test.each(["\\", "%", "\\u00", "%4", "ab", "a"])("takes no longer than its length asks for: %s, often", (part) => {
    const text = part.repeat(400_000 / part.length);
    expect(readingsOf(text)[0]?.text).toBe(text);
  });
});
