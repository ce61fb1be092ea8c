import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withExactNumbers } from "../../src/kernel/exact-numbers.ts";

const readAndWritten = (text: string): string => {
  const exact = withExactNumbers(text);
  return exact.restored(JSON.stringify(JSON.parse(exact.text)));
};

describe("a number", () => {
  test.each(["12345678901234567890", "-9007199254740993", "1e999", "0.1000000000000000055511151231257827", "1.7976931348623157e309", "1E-400"])(
    "that no double holds (%s) comes through",
    (number) => {
      expect(JSON.stringify(JSON.parse(`[${number}]`))).not.toBe(`[${number}]`);
      expect(readAndWritten(`{"a":[${number},{"b":${number}}],"c":"${number}"}`)).toBe(`{"a":[${number},{"b":${number}}],"c":"${number}"}`);
    },
  );

  test.each([
    ["0", "0"],
    ["1767225600000", "1767225600000"],
    ["9007199254740991", "9007199254740991"],
    ["9007199254740992", "9007199254740992"],
    ["0.1", "0.1"],
    ["1.50", "1.5"],
    ["1e3", "1000"],
    ["1e+21", "1e+21"],
    ["100000000000000000000000", "1e+23"],
    ["5e-324", "5e-324"],
    ["-0.0", "0"],
  ])("that a double holds (%s) is written as any other (%s)", (number, written) => {
    expect(withExactNumbers(`[${number}]`).text).toBe(`[${number}]`);
    expect(readAndWritten(`[${number}]`)).toBe(`[${written}]`);
  });

  test("in a text, a key or behind an escape is none", () => {
    const text = '{"99999999999999999999":"99999999999999999999 \\" 99999999999999999999","\\\\":"\ue000number:99999999999999999999"}';
    expect(withExactNumbers(text).text).toBe(text);
    expect(readAndWritten(text)).toBe(text);
  });

  test("whatever it is, means the same afterwards, and so does all around it", () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    const digits = fc.bigInt({ min: 2n ** 53n, max: 10n ** 20n }).map(String);
    fc.assert(
      fc.property(value, digits, (inner, number) => {
        const text = `{"ours":${JSON.stringify(inner)},"theirs":${number}}`;
        const [, theirs = ""] = /"theirs":(\d+)\}$/.exec(readAndWritten(text)) ?? [];
        expect([JSON.parse(readAndWritten(text)), theirs]).toEqual([JSON.parse(text), number]);
      }),
    );
  });
});
