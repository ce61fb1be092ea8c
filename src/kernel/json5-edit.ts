import { type Chunk, fillEmpty, insertPart, layoutOf, type NewPart, writePart } from "./json5-insert.ts";
import { removePart } from "./json5-remove.ts";
import { quoteAt, styleOf } from "./json5-style.ts";
import { parseTree, type TreeValue } from "./json5-tree.ts";
import { indentAt, lineStart, spliced } from "./json5-trivia.ts";
import { Verbatim, type Writable, writeValue } from "./json5-write.ts";

/** A text of JSON5, or of JSON, and where everything stands in it. Every edit gives a new text in which all bytes outside the edited span are the same. */
export interface TextTree {
  readonly text: string;
  readonly root: TreeValue;
}

/** Of a text that was parsed before. One with nothing but space and comments gets an empty object at its end. */
export function textTree(text: string): TextTree {
  const root = parseTree(text);
  if (root !== undefined) return { text, root };
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const start = text.trim() === "" ? "" : `${text.trimEnd()}${lineEnd}`;
  const whole = `${start}{}${lineEnd}`;
  return { text: whole, root: { kind: "object", start: start.length, end: start.length + 2, parts: [] } };
}

/** A text keeps the quotes of the text that it replaces. `near`: what holds the value. */
export function replaceValue({ text, root }: TextTree, target: TreeValue, value: Writable, near: TreeValue = root): string {
  const { start, end } = target;
  const quote = quoteAt(text, start);
  const style = { ...styleOf(text, root, near), ...(quote !== undefined && { quote }) };
  const place = { indent: indentAt(text, start), column: start - lineStart(text, start), layout: layoutOf(text, target) };
  return spliced(text, [{ start, end, text: writeValue(value, style, place) }]);
}

/** `value` → `{ key: value }`, the value as it is written. */
export function wrapValue(tree: TextTree, target: TreeValue, key: string): string {
  return replaceValue(tree, target, { [key]: new Verbatim(tree.text.slice(target.start, target.end)) });
}

/** At the end of an object. */
export function addMember(tree: TextTree, object: TreeValue, key: string, value: Writable): string {
  return add(tree, object, object.parts.length, { key, value });
}

/** Into a list; `index` may be its length. */
export function insertItem(tree: TextTree, list: TreeValue, index: number, value: Writable): string {
  return add(tree, list, index, { value });
}

function add(tree: TextTree, container: TreeValue, index: number, part: NewPart): string {
  const { text, root } = tree;
  const style = styleOf(text, root, container);
  if (container.parts.length === 0) return spliced(text, [fillEmpty(text, { root, container }, part, style)]);
  const chunk: Chunk = { above: "", body: (place) => writePart(part, style, place), behind: "" };
  return spliced(text, insertPart(text, container, index, chunk, style));
}

/** A member or an item, with the comments that are its own. */
export function removeFrom({ text }: TextTree, container: TreeValue, index: number): string {
  return spliced(text, removePart(text, container, index).splices);
}

/** Within a list, with its comments. */
export function moveItem(tree: TextTree, list: TreeValue, from: number, to: number): string {
  if (from === to) return tree.text;
  const { splices, chunk } = removePart(tree.text, list, from);
  const text = spliced(tree.text, splices);
  const root = parseTree(text) ?? tree.root;
  const left = listAt(root, list.start);
  return left === undefined ? tree.text : spliced(text, insertPart(text, left, to, chunk, styleOf(text, root, left)));
}

/** No byte before the list has moved. */
function listAt(value: TreeValue, start: number): TreeValue | undefined {
  if (value.start === start) return value;
  const inner = value.parts.findLast((part) => part.value.start <= start)?.value;
  return inner === undefined ? undefined : listAt(inner, start);
}
