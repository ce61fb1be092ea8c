import ts from "typescript";

/** One file under examination. `path` is relative to the repository, with slashes. */
export interface Source {
  readonly path: string;
  readonly file: ts.SourceFile;
  readonly checker: ts.TypeChecker;
}

export interface Finding {
  readonly node: ts.Node;
  readonly says: string;
}

/** One house rule, as far as a machine can hold the code to it. */
export interface Rule {
  readonly name: string;
  /** Which files it is about. */
  readonly applies: (path: string) => boolean;
  readonly find: (source: Source) => readonly Finding[];
  /** A file that breaks it, so that the rule is seen to work. */
  readonly broken: Example;
  /** A file that looks alike and does not break it. */
  readonly kept?: Example;
}

export interface Example {
  readonly path: string;
  readonly code: string;
}

export const inSrc = (path: string): boolean => path.startsWith("src/");

/** In src, but not in one of these places. A place that ends in a slash is a folder. */
export function inSrcExcept(...places: readonly string[]): (path: string) => boolean {
  return (path) => inSrc(path) && !places.some((place) => (place.endsWith("/") ? path.startsWith(place) : path === place));
}

/** What `pick` makes of every node below, in the order of the text. */
export function everyNode(from: ts.Node, pick: (node: ts.Node) => Finding | undefined): Finding[] {
  const found: Finding[] = [];
  const visit = (node: ts.Node): void => {
    const finding = pick(node);
    if (finding !== undefined) found.push(finding);
    ts.forEachChild(node, visit);
  };
  visit(from);
  return found;
}

/** `name` of a call `….name(…)`, with what it is called on. */
export function methodCall(node: ts.Node): { readonly name: string; readonly on: ts.Expression; readonly args: readonly ts.Expression[] } | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  return { name: node.expression.name.text, on: node.expression.expression, args: node.arguments };
}

/** The identifier means what the platform declares, not something of ours that is called the same. */
export function isGlobal(source: Source, node: ts.Identifier): boolean {
  const declarations = source.checker.getSymbolAtLocation(node)?.declarations ?? [];
  return declarations.length > 0 && declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile);
}

/** `// exempt from <rule>: <why>` on the line of the finding or the one above: a rule may be broken with a reason. */
export function isExempt(source: Source, rule: Rule, node: ts.Node): boolean {
  const lines = source.file.text.split("\n");
  const line = lineOf(source, node);
  return [lines[line - 1], lines[line - 2]].some((text) => text?.includes(`exempt from ${rule.name}: `) === true);
}

export function lineOf(source: Source, node: ts.Node): number {
  return source.file.getLineAndCharacterOfPosition(node.getStart(source.file)).line + 1;
}
