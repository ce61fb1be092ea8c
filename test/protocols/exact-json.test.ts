import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keepDigits, parseExact, writeExact } from "../../src/protocols/exact-json.ts";

const again = (text: string): string => writeExact(parseExact(text) as object);

describe("a number that JavaScript cannot hold", () => {
  test.each([
    '{"id":12345678901234567890}',
    '{"id":-9007199254740993}',
    '{"share":0.12345678901234567890}',
    '{"share":123456789.12345678901}',
    '{"share":1.2345678901234567891e-7}',
    '{"far":1e400,"near":1e-400,"below":-1E+400,"beneath":-1e-0400}',
    '[9007199254740993,[[{"a":[1,18446744073709551615]}],9007199254740995]]',
    '{"a \\"\\u00e9\\\\":{"b,:[":9007199254740993},"c":{}}',
    '{"__proto__":9007199254740993,"constructor":{"toString":9007199254740993}}',
    '{"before":[],"text":"9007199254740993, :1e400 \\\\","id":9007199254740993,"after":null}',
  ])("is written as it was read: %s", (text) => {
    expect(JSON.stringify(JSON.parse(text))).not.toBe(text);
    // A name may be written with escapes: it is written without.
    expect(again(text)).toBe(text.replace("\\u00e9", "é"));
  });

  test("is for everybody else what JSON.parse makes of it", () => {
    const text = '{"id":12345678901234567890,"far":1e400,"list":[9007199254740993]}';
    const value = parseExact(text);
    expect(value).toStrictEqual(JSON.parse(text));
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
    expect(Reflect.ownKeys(value as object)).toEqual(["id", "far", "list"]);
    expect(structuredClone(value)).toStrictEqual(JSON.parse(text));
  });

  test("is one of many parts that are written together", () => {
    const [first, second] = [parseExact('{"id":9007199254740993}'), parseExact('{"id":9007199254740995}')];
    const written = writeExact({ second, nothing: undefined, list: [undefined, first], when: new Date(0), plain: 1.5 });
    expect(written).toBe('{"second":{"id":9007199254740995},"list":[null,{"id":9007199254740993}],"when":"1970-01-01T00:00:00.000Z","plain":1.5}');
  });

  test("is forgotten where another one takes its place", () => {
    const value = parseExact('{"id":9007199254740993,"other":9007199254740995}') as Record<string, unknown>;
    value["id"] = 7;
    expect(writeExact(value)).toBe('{"id":7,"other":9007199254740995}');
  });

  test("counts where a name is given twice only if it is the last", () => {
    expect(again('{"id":9007199254740993,"id":9007199254740992}')).toBe('{"id":9007199254740992}');
    expect(again('{"id":9007199254740992,"id":9007199254740993}')).toBe('{"id":9007199254740993}');
    expect(again('{"id":9007199254740993,"id":"x"}')).toBe('{"id":"x"}');
    expect(again('{"a":{"id":9007199254740993},"a":{"id":9007199254740992}}')).toBe('{"a":{"id":9007199254740992}}');
    expect(again('{"a":{"id":9007199254740993},"a":[9007199254740992]}')).toBe('{"a":[9007199254740992]}');
    expect(again('{"a":{"id":9007199254740993},"a":1}')).toBe('{"a":1}');
  });
});

test("what JavaScript holds is written as it writes it", () => {
  const text = '{"a":1.0,"b":100000000000000000000000,"c":9007199254740992,"d":1.50000000000000000000,"e":1e+2,"f":-0,"g":0.00000000000000000000}';
  expect(again(text)).toBe(JSON.stringify(JSON.parse(text)));
});

test("what is no JSON is none, and what is no object stays", () => {
  expect(parseExact('{"id":9007199254740993')).toBeUndefined();
  expect(parseExact("9007199254740993")).toBe(9007199254740992);
  expect(keepDigits("[9007199254740993]", undefined)).toBeUndefined();
});

/** Stands in a text where there may be blanks. */
const GAP = "\u0001";
/** Each comes again as it stands here: as JavaScript writes it, or as none that it holds. */
const number = fc.oneof(
  fc.maxSafeInteger().map(String),
  fc.bigInt({ min: 10n ** 17n, max: 10n ** 40n }).map((some) => `-${some}7`),
  fc.bigInt({ min: 0n, max: 10n ** 18n }).map((some) => `${some}.00000${10n ** 19n + some}3`),
  fc.tuple(fc.nat(9), fc.integer({ min: 400, max: 5000 }), fc.constantFrom("e", "E+", "e-")).map(([some, by, e]) => `1.${some}5${e}${by}`),
);
const { tree } = fc.letrec<{ tree: string; list: string; object: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    number,
    fc.string().map((text) => JSON.stringify(text)),
    tie("list"),
    tie("object"),
  ),
  list: fc.array(tie("tree"), { maxLength: 4 }).map((items) => `[${GAP}${items.join(`${GAP},${GAP}`)}]`),
  object: fc
    .uniqueArray(fc.tuple(fc.string(), tie("tree")), { maxLength: 4, selector: ([name]) => name })
    .map((fields) => `{${fields.map(([name, value]) => `${GAP}${JSON.stringify(`n${name}`)}${GAP}:${GAP}${value}`).join(",")}${GAP}}`),
}));

test("of any text all comes again, wherever its blanks are", () => {
  let changedCount = 0;
  fc.assert(
    fc.property(tree, (inner) => {
      const text = `{"all":${inner}}`;
      const bare = text.replaceAll(GAP, "");
      expect(again(text.replaceAll(GAP, " \n"))).toBe(bare);
      if (JSON.stringify(JSON.parse(bare)) !== bare) changedCount++;
    }),
    { numRuns: 500, seed: 20261122 },
  );
  expect(changedCount).toBeGreaterThan(200);
});
