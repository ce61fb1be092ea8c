import ts from "typescript";
import { everyNode, type Finding, inSrc, type Rule, type Source } from "./rule.ts";

const MAX_FILE_LINES = 200;
const MAX_FUNCTION_LINES = 50;
const NO_NAMES = new Set(["util", "utils", "helper", "helpers", "common", "shared", "misc", "lib", "manager", "managers"]);

/** How long, how named, how exported. */
export const SHAPE_RULES: readonly Rule[] = [
  {
    name: "short-files",
    applies: inSrc,
    find: (source) => {
      const lines = source.file.text.trimEnd().split("\n").length;
      return lines <= MAX_FILE_LINES || isData(source) ? [] : [{ node: source.file, says: `${lines} lines; at most ${MAX_FILE_LINES}` }];
    },
    broken: { path: "src/chat/planted-long.ts", code: `export function f(): number {\n  return 1;\n}\n${"// x\n".repeat(200)}` },
    kept: { path: "src/chat/planted-data.ts", code: `export const rows = [\n${"  1,\n".repeat(300)}];` },
  },
  {
    name: "short-functions",
    applies: inSrc,
    find: ({ file }) =>
      everyNode(file, (node) => {
        if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) return undefined;
        const [first, last] = [node.getStart(file), node.getEnd()].map((position) => file.getLineAndCharacterOfPosition(position).line);
        const lines = (last ?? 0) - (first ?? 0) + 1;
        return lines > MAX_FUNCTION_LINES ? { node, says: `a function of ${lines} lines; at most ${MAX_FUNCTION_LINES}` } : undefined;
      }),
    broken: { path: "src/chat/planted-function.ts", code: `export function f(): void {\n${"  g();\n".repeat(50)}}\nfunction g(): void {}` },
  },
  {
    name: "names-of-things",
    applies: inSrc,
    find: ({ path, file }) => [
      ...path
        .replace(/\.ts$/, "")
        .split(/[/.-]/)
        .filter((word) => NO_NAMES.has(word))
        .map((word) => ({ node: file, says: `"${word}" names nothing of the field` })),
      ...everyNode(file, (node) => {
        const isType = ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
        return isType && /(Manager|Helpers?|Utils?)$/.test(node.name?.text ?? "")
          ? { node, says: `"${node.name?.text}" names nothing of the field` }
          : undefined;
      }),
    ],
    broken: { path: "src/chat/planted-utils.ts", code: "export class AuthManager {}" },
    kept: { path: "src/chat/planted-library.ts", code: "export interface Commonwealth {}" },
  },
  {
    name: "named-exports",
    applies: inSrc,
    find: ({ file }) =>
      everyNode(file, (node) => {
        const isDefault = ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true;
        return ts.isExportAssignment(node) || isDefault ? { node, says: "a default export has another name in every file" } : undefined;
      }),
    broken: { path: "src/chat/planted-default.ts", code: "export default function f(): void {}\n" },
  },
  {
    name: "one-barrel",
    // The two doors of the package that are lists of names: `.` and `./cli`.
    applies: (path) => inSrc(path) && path !== "src/index.ts" && path !== "src/cli/start.ts",
    find: ({ file }) =>
      everyNode(file, (node) =>
        ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined ? { node, says: "a re-export; import the file itself" } : undefined,
      ),
    broken: { path: "src/chat/planted-barrel.ts", code: 'export { Secret } from "../kernel/secret.ts";' },
  },
  {
    name: "no-boolean-parameters",
    applies: inSrc,
    find: ({ file }) =>
      everyNode(file, (node) => {
        if (!ts.isParameter(node) || ts.isIndexSignatureDeclaration(node.parent)) return undefined;
        const isBoolean = (node.type !== undefined && mentionsBoolean(node.type)) || isTrueOrFalse(node.initializer);
        return isBoolean ? { node, says: `the parameter ${node.name.getText(file)} is a boolean; use an option with a name, or a union` } : undefined;
      }),
    broken: { path: "src/chat/planted-boolean.ts", code: "export const f = (deep = false, wide: boolean | undefined): void => void [deep, wide];" },
    kept: { path: "src/chat/planted-option.ts", code: "export const f = (how: { readonly deep: boolean }): boolean => how.deep;" },
  },
];

/** A file without a function that has a body of statements is a table, however long. */
function isData({ file }: Source): boolean {
  return (
    everyNode(file, (node): Finding | undefined =>
      ts.isFunctionLike(node) && "body" in node && node.body !== undefined && ts.isBlock(node.body) ? { node, says: "" } : undefined,
    ).length === 0
  );
}

function mentionsBoolean(type: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(type)) return type.types.some(mentionsBoolean);
  return type.kind === ts.SyntaxKind.BooleanKeyword;
}

function isTrueOrFalse(node: ts.Expression | undefined): boolean {
  return node?.kind === ts.SyntaxKind.TrueKeyword || node?.kind === ts.SyntaxKind.FalseKeyword;
}
