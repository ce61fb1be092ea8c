import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const DOORS = ["src/index.ts", "src/ai.ts"];
/** Wholes whose parts are reached through them: the engine's own object, the machine, the traces of one report. An id is a text. */
const WHOLES: ReadonlySet<string> = new Set(["Broker", "BrokerOptions", "Host", "ModelTrace", "Outcome", "ModelId", "ProfileId", "ProviderId"]);

const sources = new Map<string, ts.SourceFile>();

function parsed(file: string): ts.SourceFile {
  const known = sources.get(file) ?? ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  sources.set(file, known);
  return known;
}

function isExported(statement: ts.Statement): boolean {
  return ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
}

function nameOf(statement: ts.Statement): string | undefined {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]?.name.getText();
  return "name" in statement ? (statement.name as ts.Identifier | undefined)?.text : undefined;
}

/** Every public name, and the statement that declares it. */
function publicNames(door: string): [string, ts.Statement][] {
  const source = parsed(join(root, door));
  return source.statements.flatMap((statement): [string, ts.Statement][] => {
    if (ts.isExportDeclaration(statement) && statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause)) {
      const { elements } = statement.exportClause;
      const other = parsed(join(dirname(source.fileName), (statement.moduleSpecifier as ts.StringLiteral).text));
      return elements.flatMap(({ name }) =>
        other.statements.filter((one) => nameOf(one) === name.text && isExported(one)).map((one): [string, ts.Statement] => [name.text, one]),
      );
    }
    const name = isExported(statement) ? nameOf(statement) : undefined;
    return name === undefined ? [] : [[name, statement]];
  });
}

/** Names of types in what a caller sees of it: neither bodies nor what is private. */
function namedTypes(node: ts.Node): string[] {
  if (ts.isBlock(node) || ts.isConstructorDeclaration(node)) return [];
  if (ts.isVariableDeclaration(node)) return node.type === undefined ? [] : namedTypes(node.type);
  const found = ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) ? [node.typeName.text] : [];
  ts.forEachChild(node, (child) => void found.push(...namedTypes(child)));
  return found;
}

/** Declared in our own files: not the language's, not a type parameter. */
function isOurs(name: string, source: ts.SourceFile): boolean {
  return source.statements.some((statement) => {
    if (!ts.isImportDeclaration(statement)) return nameOf(statement) === name;
    const bindings = statement.importClause?.namedBindings;
    const isRelative = (statement.moduleSpecifier as ts.StringLiteral).text.startsWith(".");
    return isRelative && bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.some((one) => one.name.text === name);
  });
}

test("every type that a public signature names can be imported", () => {
  const all = DOORS.flatMap(publicNames);
  const known = new Set(all.map(([name]) => name));
  const missing = all
    .filter(([name]) => !WHOLES.has(name))
    .flatMap(([name, statement]) => {
      const source = statement.getSourceFile();
      const unknown = namedTypes(statement).filter((type) => !known.has(type) && isOurs(type, source));
      return unknown.map((type) => `${name} names ${type} (${relative(root, source.fileName)})`);
    });
  expect([known.has("StreamEvent"), known.has("ChatEnd"), [...new Set(missing)]]).toEqual([true, true, []]);
});
