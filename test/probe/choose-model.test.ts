import { expect, test } from "vitest";
import { kindOf } from "../../src/probe/choose-model.ts";

test.each([
  ["gpt-5.2", undefined, "chat"],
  ["gpt-5.2", true, "reasoning"],
  ["text-embedding-3-small", undefined, "embedding"],
  ["nomic-embed-text", undefined, "embedding"],
  ["voyage/rerank-2.5", undefined, "rerank"],
  ["claude-haiku-4-5", false, "chat"],
])("%s, reasoning %s: %s", (id, reasoning, kind) => {
  expect(kindOf(id, reasoning === undefined ? undefined : { reasoning })).toBe(kind);
});
