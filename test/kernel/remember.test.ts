import { expect, test } from "vitest";
import { remembered, rememberedBy } from "../../src/kernel/remember.ts";

test("what was made once is not made again, even where it is nothing", () => {
  const made: unknown[] = [];
  const one = remembered(() => void made.push("one"));
  const each = rememberedBy((key: string) => void made.push(key));
  for (let i = 0; i < 2; i++) expect([one(), each("a"), each("b")]).toEqual([undefined, undefined, undefined]);
  expect(made).toEqual(["one", "a", "b"]);
});

test("a failure is tried again", () => {
  let tries = 0;
  const fails = remembered(() => {
    tries++;
    if (tries === 1) throw new RangeError("not yet");
    return tries;
  });
  expect(fails).toThrow("not yet");
  expect([fails(), fails()]).toEqual([2, 2]);
});
