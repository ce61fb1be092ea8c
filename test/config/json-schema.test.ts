import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { check } from "../../src/config/check.ts";
import { configJsonSchema } from "../../src/config/json-schema.ts";
import { CONFIG_SHAPE } from "../../src/config/schema.ts";
import type { Shape } from "../../src/config/shape.ts";

const validate = new Ajv({ strict: false, allErrors: false }).compile(configJsonSchema());

/** Values that fit a shape, and now and then one that does not. */
function values(shape: Shape): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: fitting(shape), weight: 80 }, { arbitrary: fc.constantFrom<unknown>("text", 1, -1, true, null, [], {}, [1]), weight: 1 });
}

function fitting(shape: Shape): fc.Arbitrary<unknown> {
  const word = fc.constantFrom("groq", "lab-1", "a/b", "text", "");
  switch (shape.kind) {
    case "text":
    case "secret":
      return word;
    case "flag":
      return fc.boolean();
    case "anything":
      return fc.constantFrom<unknown>(1, "x", null, [2], { y: 3 });
    case "number":
      return shape.whole ? fc.nat() : fc.constantFrom(1, 0.5, 200_000);
    case "choice":
      return fc.constantFrom(...shape.options);
    case "list":
      return fc.array(values(shape.item), { maxLength: 2 });
    case "map":
      return fc.dictionary(fc.constantFrom("groq", "a/b", "anthropic:work"), values(shape.value), { maxKeys: 2 });
    case "short":
      return fc.oneof(word, values(shape.object));
    case "object": {
      const members = fc.record(Object.fromEntries(Object.entries(shape.entries).map(([key, entry]) => [key, values(entry)])), {
        requiredKeys: [...(shape.needs ?? [])],
      });
      return fc.oneof({ arbitrary: members, weight: 60 }, { arbitrary: members.map((object) => ({ ...object, zzzzzzzzzzzz: 1 })), weight: 1 });
    }
  }
}

test("the JSON Schema for editors and the check of a run say the same of 2,000 made-up configs", () => {
  const counts = { valid: 0, invalid: 0 };
  fc.assert(
    fc.property(values(CONFIG_SHAPE), (config) => {
      const isValid = check(CONFIG_SHAPE, config).findings.length === 0;
      counts[isValid ? "valid" : "invalid"]++;
      expect(validate(config), JSON.stringify(config)).toBe(isValid);
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(counts.valid, counts.invalid)).toBeGreaterThan(100);
});

test("editors also accept what stands in other files", () => {
  expect(validate({ agents: { $include: "agents.json" }, models: { providers: { $include: ["a.json", "b.json"] } } })).toBe(true);
  expect(validate({ auth: { profiles: { a: { $include: "a.json" } } } })).toBe(true);
});
