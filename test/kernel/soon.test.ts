import { expect, test } from "vitest";
import { whenThere } from "../../src/kernel/soon.ts";

test("what is there is gone on with at once", () => {
  expect(whenThere(2, (value) => value + 1)).toBe(3);
});

test("what is promised is gone on with when it is there", async () => {
  expect(await whenThere(Promise.resolve(2), (value) => Promise.resolve(value + 1))).toBe(3);
});

test("what is thrown goes the way of the value", async () => {
  const fault = new Error("no");
  const fail = (): never => {
    throw fault;
  };
  expect(() => whenThere(1, fail)).toThrow(fault);
  await expect(whenThere(Promise.resolve(1), fail)).rejects.toBe(fault);
});
