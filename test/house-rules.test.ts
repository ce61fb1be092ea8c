import { readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { isExempt, lineOf, type Rule, type Source } from "./house-rules/rule.ts";
import { SHAPE_RULES } from "./house-rules/shape.ts";
import { TEST_RULES } from "./house-rules/tests-themselves.ts";
import { REVEALERS, TRUST_RULES, WRITERS } from "./house-rules/trust.ts";

const root = join(import.meta.dirname, "..");
const RULES: readonly Rule[] = [...SHAPE_RULES, ...TRUST_RULES, ...TEST_RULES];
const examples = new Map(
  RULES.flatMap(({ broken, kept }) => [broken, ...(kept === undefined ? [] : [kept])]).map(({ path, code }) => [join(root, path), code]),
);
const real = ["src", "test"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(root, folder, name)),
);
const program = createProgram([...real, ...examples.keys()]);

describe.each(RULES)("$name", (rule) => {
  test("finds the example that breaks it", () => {
    expect(findings(rule, rule.broken.path)).not.toEqual([]);
  });

  test("is kept by the code", { timeout: 300_000 }, () => {
    const paths = real.filter((path) => !examples.has(path)).map((path) => path.slice(root.length + 1));
    expect(paths.filter(rule.applies).flatMap((path) => findings(rule, path))).toEqual([]);
  });
});

test.each(RULES.flatMap(({ name, kept }) => (kept === undefined ? [] : [{ name, kept }])))("$name does not find what only looks alike", ({ name, kept }) => {
  expect(RULES.filter((rule) => rule.name === name).flatMap((rule) => findings(rule, kept.path))).toEqual([]);
});

test.each([
  ["reveals a secret", REVEALERS, /\.reveal\(/],
  ["writes a file", WRITERS, /\.(?:replaceFile|changeFiles)\(/],
])("every file that is listed as one that %s still does", (_, listed, call) => {
  expect([...listed.keys()].filter((path) => !call.test(program.getSourceFile(join(root, path))?.text ?? ""))).toEqual([]);
});

test("the rules were applied to a whole tree", () => {
  expect(real.length).toBeGreaterThan(100);
});

function findings(rule: Rule, path: string): string[] {
  const source = open(path);
  return rule
    .find(source)
    .filter(({ node }) => !isExempt(source, rule, node))
    .map(({ node, says }) => `${path}:${lineOf(source, node)} ${says}`);
}

function open(path: string): Source {
  const file = program.getSourceFile(join(root, path));
  if (file === undefined) throw new Error(`${path} is not in the program`);
  return { path, file, checker: program.getTypeChecker() };
}

/** The tree with the examples laid over it, none of which is on the disk. */
function createProgram(files: readonly string[]): ts.Program {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const host = ts.createCompilerHost(options, true);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => examples.has(path) || fileExists(path);
  host.readFile = (path) => examples.get(path) ?? readFile(path);
  return ts.createProgram(files, options, host);
}
