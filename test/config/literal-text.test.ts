import fc from "fast-check";
import { expect, test } from "vitest";
import { literalText } from "../../src/config/literal-text.ts";
import { load } from "./nemo.ts";

test("what is written literally is read as it was meant, whatever it looks like", () => {
  expect(literalText("a ${B} $${C} ${d} $")).toBe("a $${B} $$${C} ${d} $");
  const piece = fc.constantFrom("$", "${A}", "{A}", "$$", "x", "${", "}");
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join("");
      expect(load(`{ agents: { list: [{ id: 'a', name: ${JSON.stringify(literalText(text))} }] } }`).value.agents?.list?.[0]?.name).toBe(text);
    }),
  );
});
