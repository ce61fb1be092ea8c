import { expect, test } from "vitest";
import { textTree } from "../../src/kernel/json5-edit.ts";
import { configDiff } from "../../src/config/edit-diff.ts";
import type { KeyPath } from "../../src/config/loaded-config.ts";

/** The changed lines alone. */
function shown(before: string, after: string, roots: readonly KeyPath[] | "unknown" = [[]]): string[] {
  return configDiff({ file: "/f", before: textTree(before), after: textTree(after) }, roots === "unknown" ? undefined : roots)
    .split("\n")
    .slice(3, -1)
    .filter((line) => !line.startsWith("\\"));
}

test("a secret on a changed line is hidden, whoever's it is", () => {
  const line = (url: string, key = '"sk-1"'): string =>
    `{ models: { providers: { lab: { baseUrl: ${url}, apiKey: ${key}, headers: { 'X-A': 'h1' }, models: [] } } } }`;
  expect(shown(line("'http://a'"), line("'http://u:pw@b'", "'sk-2'"))).toEqual([
    `-{ models: { providers: { lab: { baseUrl: 'http://a', apiKey: "[secret]", headers: { 'X-A': '[secret]' }, models: [] } } } }`,
    `+{ models: { providers: { lab: { baseUrl: 'http://[secret]@b', apiKey: '[secret]', headers: { 'X-A': '[secret]' }, models: [] } } } }`,
  ]);
});

test("a reference to a variable is no secret; a text around one may be", () => {
  const env = (value: string): string => `{ env: { A: ${value} } }`;
  expect(shown(env("'${B}'"), env("'x${B}'"))).toEqual(["-{ env: { A: '${B}' } }", "+{ env: { A: '[secret]' } }"]);
  expect(shown("{ a: { token: 'Bearer ${B}' } }", "{}")).toEqual(["-{ a: { token: 'Bearer ${B}' } }", "+{}"]);
});

test("an included file is looked at where it stands in the config; where nobody knows that, every text is hidden", () => {
  const [before, after] = ["{ lab: { apiKey: 'k', id: 'l' } }", "{ lab: { apiKey: 'k', id: 'm' } }"];
  expect(shown("{ LAB: 'x', n: 1 }", "{ LAB: 'x', n: 2 }", [["env", "vars"]])).toEqual(["-{ LAB: '[secret]', n: 1 }", "+{ LAB: '[secret]', n: 2 }"]);
  expect(shown(before, after, [["models", "providers"]])).toEqual(["-{ lab: { apiKey: '[secret]', id: 'l' } }", "+{ lab: { apiKey: '[secret]', id: 'm' } }"]);
  expect(shown(before, after, "unknown")).toEqual(["-{ lab: { apiKey: '[secret]', id: '[secret]' } }", "+{ lab: { apiKey: '[secret]', id: '[secret]' } }"]);
});

test("a secret of several lines hides them all, and the lines after it are the right ones", () => {
  const text = (n: number): string => `{\n  env: { A: 'one \\\n two \\\n three', n: ${n} },\n  b: 1,\n  c: ${n},\n}\n`;
  expect(shown(text(1), text(2))).toEqual(["-, n: 1 },", "+, n: 2 },", "@@ -6 +6 @@", "-  c: 1,", "+  c: 2,"]);
});

test("what looks like a secret in a comment is hidden", () => {
  expect(shown('{\n  a: 1, // apiKey: "sk-1"\n}', '{\n  a: 2, // apiKey: "sk-1"\n}')).toEqual(["-  a: 1, // apiKey: [secret]", "+  a: 2, // apiKey: [secret]"]);
  expect(shown("/* token = abc */ { a: 1 }", "/* token = abc */ { a: 2 }")).toEqual(["-/* token = [secret] */ { a: 1 }", "+/* token = [secret] */ { a: 2 }"]);
});
