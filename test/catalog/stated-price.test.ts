import { expect, test } from "vitest";
import { statedPrice } from "../../src/catalog/stated-price.ts";

test.each([
  ["both amounts", { input: 1, output: 2 }, { id: "m" }, { input: 1, output: 2 }],
  ["the cache's amounts", { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 0 }, { id: "m" }, { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 0 }],
  ["one side that costs nothing", { input: 1, output: 0 }, { id: "m" }, { input: 1, output: 0 }],
  ["zeros of a model that is called free", { input: 0, output: 0 }, { id: "m:free" }, { input: 0, output: 0 }],
  ["zeros of a model whose id ends so", { input: 0, output: 0 }, { id: "m-free" }, { input: 0, output: 0 }],
  ["zeros of a model whose name says so", { input: 0, output: 0 }, { id: "m", name: "M (free)" }, { input: 0, output: 0 }],
  ["zeros that the source means", { input: 0, output: 0 }, { id: "m", means: "free" as const }, { input: 0, output: 0 }],
  ["zeros of any other model", { input: 0, output: 0 }, { id: "m", name: "Freedom" }, undefined],
  ["one amount", { input: 1 }, { id: "m" }, undefined],
  ["text", { input: "1", output: "2" }, { id: "m" }, undefined],
  ["less than nothing", { input: -1, output: -1 }, { id: "m:free" }, undefined],
  ["what is no number", { input: Number.NaN, output: Number.POSITIVE_INFINITY }, { id: "m" }, undefined],
])("%s", (_, written, model, expected) => {
  expect(statedPrice(written, model)).toEqual(expected);
});
