import fc from "fast-check";
import { expect, test } from "vitest";
import { elementsAt, fieldAt, fieldsAt } from "../../src/protocols/json-spans.ts";

const SPACES = [undefined, 1, "\t"] as const;

test("fields and elements stand where a parser finds them", () => {
  const value = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true });
  fc.assert(
    fc.property(value, fc.array(fc.jsonValue({ maxDepth: 2 })), fc.constantFrom(...SPACES), (object, list, space) => {
      const text = JSON.stringify(object, undefined, space);
      expect(fieldsAt(text, 0).map(({ name, start, end }) => [name, JSON.parse(text.slice(start, end))])).toEqual(Object.entries(JSON.parse(text) as object));
      const items = JSON.stringify(list, undefined, space);
      expect(elementsAt(items, 0).map(({ start, end }) => JSON.parse(items.slice(start, end)) as unknown)).toEqual(JSON.parse(items));
    }),
    { numRuns: 300, seed: 3 },
  );
});

test("of two fields of a name the last one counts, as for a parser; names may be written with escapes", () => {
  const text = '{"a":1,"\\u0061" : [2] }';
  const found = fieldAt(text, 0, "a");
  expect(text.slice(found?.start, found?.end)).toBe("[2]");
  expect(fieldAt(text, 0, "b")).toBe(undefined);
});
