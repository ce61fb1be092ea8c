import { expect, test } from "vitest";
import { nearModels } from "../../src/catalog/near-models.ts";

test("ids are near as a whole, or by what stands behind the last slash; three at most", () => {
  const listed = ["moonshotai/kimi-k2", "llama-3.3-70b", "llama-3.1-8b", "llama-3.2-70b", "llama-3.4-70b", "whisper"];
  expect(nearModels("kimi-k3", listed)).toEqual(["moonshotai/kimi-k2"]);
  expect(nearModels("llama-3.3-70", listed)).toHaveLength(3);
  expect(nearModels("nothing-like-it", listed)).toEqual([]);
});
