import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { root } from "./run-program.mjs";

/** The doors of the library, each with the name by which it is imported. */
const DOORS = [
  ["signalbox", "src/index.ts"],
  ["signalbox/ai", "src/ai.ts"],
];

/** Where the words of a part are defined; one that fits none is with the others. */
const PARTS = [
  ["Opening and asking", /^src\/(index|library)/],
  ["Requests and answers", /^src\/(chat|protocols)\//],
  ["Reports", /^src\/(status|probe|usage)\//],
  ["The Vercel AI SDK", /^src\/ai\.ts$/],
  ["Errors, machines, brands", /^src\//],
];

/** docs/library-reference.md: every public name of the library as it is written in the source, with what stands above it there. */
export function libraryReference() {
  const names = new Map();
  for (const [door, file] of DOORS) for (const [name, node] of exportsOf(join(root, file))) if (!names.has(name)) names.set(name, { door, node });
  const parts = PARTS.map(([title]) => [title, []]);
  for (const [name, { door, node }] of names) {
    const file = relative(root, node.getSourceFile().fileName).replaceAll("\\", "/");
    parts[PARTS.findIndex(([, where]) => where.test(file))][1].push({ name, door, node });
  }
  const intro =
    "Made from the source by `npm run docs`: every name that `signalbox` and `signalbox/ai` export. [library.md](library.md) shows how they are used. Times are milliseconds, money US dollars, unless a name says otherwise.";
  const filled = parts.filter(([, entries]) => entries.length > 0);
  return [`# The library: reference`, intro, ...filled.flatMap(([title, entries]) => [`## ${title}`, ...entries.map(entryText)]), ""]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

function entryText({ name, door, node }) {
  const from = door === "signalbox" ? "" : ` from \`${door}\``;
  const doc = docOf(node);
  return [`### \`${name}\`${from}`, ...(doc === "" ? [] : [doc]), `\`\`\`ts\n${declarationText(node)}\n\`\`\``].join("\n\n");
}

/** Name → declaration, also of what is passed on from other files. */
function exportsOf(file) {
  const source = parsed(file);
  const found = [];
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined && ts.isNamedExports(statement.exportClause)) {
      const other = parsed(join(dirname(file), statement.moduleSpecifier.text));
      for (const { name, propertyName } of statement.exportClause.elements) found.push([name.text, declared(other, (propertyName ?? name).text)]);
    } else if (isExported(statement)) {
      for (const declaration of ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement])
        found.push([declaration.name.text, statement]);
    }
  }
  return found;
}

function declared(source, name) {
  const named = (statement) =>
    ts.isVariableStatement(statement) ? statement.declarationList.declarations.some((one) => one.name.text === name) : statement.name?.text === name;
  const found = source.statements.find((statement) => isExported(statement) && named(statement));
  if (found === undefined) throw new Error(`${source.fileName} does not declare ${name}`);
  return found;
}

function isExported(statement) {
  return ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
}

const sources = new Map();

function parsed(file) {
  if (!sources.has(file)) sources.set(file, ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));
  return sources.get(file);
}

function docOf(node) {
  const [doc] = ts.getJSDocCommentsAndTags(node);
  return doc === undefined ? "" : (ts.getTextOfJSDocComment(doc.comment) ?? "");
}

/** As it is written, without what it does: bodies and values stay in the source. */
function declarationText(node) {
  if (ts.isFunctionDeclaration(node))
    return node
      .getText()
      .slice(0, node.body.getStart() - node.getStart())
      .trim()
      .concat(";");
  if (ts.isVariableStatement(node)) {
    const [declaration] = node.declarationList.declarations;
    const { initializer } = declaration;
    const object = initializer !== undefined && ts.isSatisfiesExpression(initializer) ? initializer.expression : initializer;
    const literal = object !== undefined && ts.isAsExpression(object) ? object.expression : object;
    const keys = literal !== undefined && ts.isObjectLiteralExpression(literal) ? literal.properties.map((property) => property.name.getText()) : [];
    return `export const ${declaration.name.text}: { ${keys.length > 8 ? `${keys.slice(0, 8).join("; ")}; …` : keys.join("; ")} };`;
  }
  if (ts.isClassDeclaration(node)) {
    const members = node.members.filter((member) => !ts.isConstructorDeclaration(member)).map((member) => `  ${memberText(member)}`);
    const head = node
      .getText()
      .slice(0, node.members.pos - node.getStart())
      .trim();
    return [head, ...members, "}"].join("\n");
  }
  return node.getText();
}

function memberText(member) {
  const doc = ts.getJSDocCommentsAndTags(member).map((comment) => comment.getText());
  const text = ts.isGetAccessorDeclaration(member) ? `get ${member.name.getText()}(): ${member.type?.getText() ?? "unknown"};` : member.getText();
  return [...doc, text].join("\n  ");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(root, "docs/library-reference.md"), libraryReference());
