import { describe, expect, test } from "vitest";
import { harmless, harmlessJson, harmlessReport } from "../../src/cli/harmless.ts";
import { Secret } from "../../src/kernel/secret.ts";
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

describe("a secret that got into an answer", () => {
  const secret = new Secret('Zq8Yw3Rt6Vb"Nm4Kj7Hg9\\Fd2Sa5Lp0Xc').reveal();
  const report = {
    [`key ${secret}`]: [`url?key=${encodeURIComponent(secret)}`, { deep: btoa(secret), json: JSON.stringify(secret) }],
    n: 1,
    kept: "\u001b sk-ant-…3fa91c",
  };
  const clean = { "key [secret]": ["url?key=[secret]", { deep: expect.stringMatching(/^\[secret\].{0,4}$/), json: '"[secret]"' }], n: 1 };

  test("is struck out of a line, a report and a JSON document, which stays one", () => {
    expect(harmless(`no: ${secret}\u0007`)).toBe("no: [secret]\\u{7}");
    expect(JSON.parse(JSON.stringify(harmlessReport(report)))).toEqual({ ...clean, kept: "\\u{1b} sk-ant-…3fa91c" });
    expect(JSON.parse(harmlessJson(report))).toEqual({ ...clean, kept: "\u001b sk-ant-…3fa91c" });
  });

  test("is struck out before a table could cut it in two", () => {
    const { line } = harmlessReport({ line: `${"x".repeat(60)} ${secret}` });
    expect(line.slice(0, 70)).toBe(`${"x".repeat(60)} [secret]`);
  });

  test("and a document without one is the same text as ever", () => {
    const value = { a: ["ollama", "openai/gpt-5.2", "sk-ant-api03-…3fa91c"], b: null };
    expect(harmlessJson(value)).toBe(JSON.stringify(value, null, 2));
  });
});

test("a report in which nothing is harmful is not copied, and one with anything harmful is, whole", () => {
  const plain = { id: "sk-ant-…3fa91c", list: ["a – b", { deep: true }] };
  expect(harmlessReport(plain)).toBe(plain);
  for (const harmful of ["\u001b[1m", "a\nb", "\u009b", "\u200b", "\u2028", "\u202e", "\ud800"])
    expect(JSON.stringify(harmlessReport({ ...plain, harmful }))).not.toContain(JSON.stringify(harmful).slice(1, -1));
});
