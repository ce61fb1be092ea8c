import { CODE, isLineEnd, isWideSpace } from "./json5-characters.ts";
import type { TreeValue } from "./json5-tree.ts";

/** A change of a text: what stands from `start` up to `end` is replaced. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** None may overlap another; in any order. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const sorted = [...splices].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = "";
  let from = 0;
  for (const { start, end, text: inserted } of sorted) {
    result += text.slice(from, start) + inserted;
    from = end;
  }
  return result + text.slice(from);
}

/** Between the parts of a tree, where no text in quotes is. */
export const COMMENT = /\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\//g;
/** A setting or an item that somebody switched off. */
const SWITCHED_OFF = /,\s*(?:\*\/)?$|^\/\/\s*(["']).*\1\s*$/;

/** Behind the comments that begin on the same line; `from` itself when there are none. */
export function pastComments(text: string, from: number): number {
  let end = from;
  for (let at = pastSpaces(text, from); text.charCodeAt(at) === CODE.slash; at = pastSpaces(text, end)) end = commentEnd(text, at);
  return end;
}

function commentEnd(text: string, start: number): number {
  if (text.charCodeAt(start + 1) === CODE.star) return text.indexOf("*/", start + 2) + 2;
  let end = start;
  while (!isAtLineEnd(text, end)) end++;
  return end;
}

/** Behind spaces and tabs. */
export function pastSpaces(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code === CODE.space || code === CODE.tab || isOddSpace(code); code = text.charCodeAt(at)) at++;
  return at;
}

function isOddSpace(code: number): boolean {
  return code === 11 || code === 12 || (code > 127 && !isLineEnd(code) && isWideSpace(code));
}

/** Behind spaces and line ends. */
export function pastAllSpace(text: string, from: number): number {
  let at = pastSpaces(text, from);
  while (at < text.length && isLineEnd(text.charCodeAt(at))) at = pastSpaces(text, at + 1);
  return at;
}

export function isAtLineEnd(text: string, at: number): boolean {
  return at >= text.length || isLineEnd(text.charCodeAt(at));
}

/** Behind the line end that stands here, if one does. */
export function pastLineEnd(text: string, at: number): number {
  if (at >= text.length || !isLineEnd(text.charCodeAt(at))) return at;
  return text.charCodeAt(at) === CODE.return && text.charCodeAt(at + 1) === CODE.lineFeed ? at + 2 : at + 1;
}

/** Of the line on which `at` is. */
export function lineStart(text: string, at: number): number {
  return at <= 0 ? 0 : Math.max(text.lastIndexOf("\n", at - 1), text.lastIndexOf("\r", at - 1)) + 1;
}

/** What the line begins with, up to `at`. */
export function indentAt(text: string, at: number): string {
  const start = lineStart(text, at);
  return text.slice(start, Math.min(at, pastSpaces(text, start)));
}

/** Nothing but space stands before it on its line. */
export function beginsLine(text: string, at: number): boolean {
  return pastSpaces(text, lineStart(text, at)) >= at;
}

export function holdsLineEnd(text: string, start: number, end: number): boolean {
  const inside = text.slice(start, end);
  return inside.includes("\n") || inside.includes("\r");
}

/**
 * Where what belongs to a part begins, when the part begins its line: the start of the line of the first comment directly above it. A comment
 * belongs to what follows it without a blank line; one on the line of the part before belongs to that, and a switched-off setting to nobody.
 */
export function leadStart(text: string, container: TreeValue, index: number): number {
  const part = container.parts[index];
  if (part === undefined) return container.end;
  const previous = container.parts[index - 1];
  const from = pastComments(text, previous === undefined ? container.start + 1 : (previous.comma ?? previous.value.end) + 1);
  let start = lineStart(text, part.start);
  if (start <= from) return start;
  const between = text.slice(from, part.start);
  const comments = between.includes("/") ? [...between.matchAll(COMMENT)] : [];
  for (const { 0: comment, index: offset } of comments.toReversed()) {
    const at = from + offset;
    const isDirectlyAbove = pastLineEnd(text, pastSpaces(text, at + comment.length)) === start;
    if (!isDirectlyAbove || !beginsLine(text, at) || SWITCHED_OFF.test(comment)) break;
    start = lineStart(text, at);
  }
  return start;
}
