import { expect, test } from "vitest";
import { harmless, harmlessJson, harmlessReport } from "../../src/cli/harmless.ts";
import { HOSTILE, harmfulIn } from "../support/hostile.ts";

test("forty hostile strings lose every harmful character and nothing else", () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(40);
  for (const text of HOSTILE) expect([text, harmfulIn(text).length > 0, harmfulIn(harmless(text))]).toEqual([text, true, []]);
});

test("ordinary text of any script is left as it is", () => {
  const texts = ["openrouter/moonshotai/kimi-k2:free", "Füße – 模型 – نموذج – 🚂", "", "a b"];
  expect(texts.map(harmless)).toEqual(texts);
});

test("what was hidden becomes visible", () => {
  expect(harmless("a\u001b[2Jb\nc")).toBe("a\\u{1b}[2Jb\\u{a}c");
});

test("a report is made harmless in its keys, arrays and depths, and stays the same shape", () => {
  const report = { "k\u0007": ["x\u001b", { deep: "y\u202e" }], n: 1, b: true, z: null };
  expect(JSON.parse(JSON.stringify(harmlessReport(report)))).toEqual({ "k\\u{7}": ["x\\u{1b}", { deep: "y\\u{202e}" }], n: 1, b: true, z: null });
});

test("a key named __proto__ does not change any prototype", () => {
  const made = harmlessReport(JSON.parse('{"__proto__": {"polluted": true}}'));
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(Object.keys(made)).toEqual(["__proto__"]);
});

test("JSON keeps every character, as an escape where it would be harmful", () => {
  for (const text of HOSTILE) {
    const json = harmlessJson({ [text]: text });
    expect(harmfulIn(json.replaceAll("\n", ""))).toEqual([]);
    expect(JSON.parse(json)).toEqual({ [text]: text });
  }
});
