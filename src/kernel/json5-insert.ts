import type { WritingStyle } from "./json5-style.ts";
import type { TreePart, TreeValue } from "./json5-tree.ts";
import { beginsLine, indentAt, isAtLineEnd, leadStart, lineStart, pastAllSpace, pastComments, pastLineEnd, pastSpaces, type Splice } from "./json5-trivia.ts";
import { type WritingPlace, type Writable, writeMember, writeValue } from "./json5-write.ts";

/** A member or an item on its way into a text. */
export interface Chunk {
  /** Whole lines of comments that go above it; empty, or ends with a line end. */
  readonly above: string;
  readonly body: (place: WritingPlace) => string;
  /** The comment that goes behind it on its line, with the space before. */
  readonly behind: string;
}

/** At `index`, which may be the number of parts. The container is not empty. */
export function insertPart(text: string, container: TreeValue, index: number, chunk: Chunk, style: WritingStyle): Splice[] {
  const next = container.parts[index];
  return next === undefined ? append(text, container, chunk, style) : insertBefore(text, container, { index, next }, chunk, style);
}

export interface NewPart {
  /** Of a member. */
  readonly key?: string;
  readonly value: Writable;
}

export function writePart({ key, value }: NewPart, style: WritingStyle, place: WritingPlace): string {
  return key === undefined ? writeValue(value, style, place) : writeMember(key, value, style, place);
}

/** Into `{}` or `[]`. Comments that stand in it stay; a blank line says that they are not about the new part. */
export function fillEmpty(
  text: string,
  { root, container }: { readonly root: TreeValue; readonly container: TreeValue },
  part: NewPart,
  style: WritingStyle,
): Splice {
  const { start, end } = container;
  const inside = text.slice(start + 1, end - 1);
  if (inside.trim() === "") {
    if (container === root) return { start: start + 1, end: end - 1, text: style.lineEnd + wholeLine(part, style.unit, style) };
    const whole: Writable = part.key === undefined ? [part.value] : { [part.key]: part.value };
    return {
      start,
      end,
      text: writeValue(whole, style, { indent: indentAt(text, start), column: start - lineStart(text, start), layout: layoutOf(text, container) }),
    };
  }
  if (!beginsLine(text, end - 1)) {
    const at = start + 1 + inside.trimEnd().length;
    return { start: at, end: at, text: ` ${writePart(part, style, { indent: "", column: 0, layout: "one line" })}` };
  }
  const at = lineStart(text, end - 1);
  const isBelowComment = pastSpaces(text, pastComments(text, start + 1)) < start + 1 + inside.trimEnd().length;
  const blankLine = isBelowComment && !/[\n\r]\s*[\n\r]\s*$/.test(text.slice(start, at).replaceAll("\r\n", "\n")) ? style.lineEnd : "";
  return { start: at, end: at, text: blankLine + wholeLine(part, indentAt(text, end - 1) + style.unit, style) };
}

function wholeLine(part: NewPart, indent: string, style: WritingStyle): string {
  return `${indent}${writePart(part, style, { indent, column: indent.length, layout: "free" })}${style.lastComma}${style.lineEnd}`;
}

/** Whether a value may take several lines: not where more stands behind it on its line. */
export function layoutOf(text: string, { end }: TreeValue): WritingPlace["layout"] {
  const after = pastSpaces(text, end);
  const behind = text[after] === "," ? after + 1 : after;
  return isAtLineEnd(text, pastSpaces(text, pastComments(text, behind))) ? "free" : "one line";
}

/** Directly behind the last one and its comment: what is commented out below it stays last. */
function append(text: string, container: TreeValue, chunk: Chunk, style: WritingStyle): Splice[] {
  const last = container.parts.at(-1);
  if (last === undefined) return [];
  const stop = last.comma === undefined ? last.value.end : last.comma + 1;
  const commentEnd = pastComments(text, stop);
  const hasLineComment = isAtLineEnd(text, pastSpaces(text, commentEnd)) && commentEnd > stop;
  if (!beginsLine(text, last.start) && !hasLineComment) return appendOnLine(text, container, last, commentEnd, chunk, style);
  const indent = beginsLine(text, last.start) ? indentAt(text, last.start) : indentAt(text, container.start) + style.unit;
  const spaceEnd = pastSpaces(text, commentEnd);
  const at = isAtLineEnd(text, spaceEnd) ? spaceEnd : commentEnd;
  const body = chunk.body({ indent, column: indent.length, layout: "free" });
  const close = chunk.behind.includes("//") && !isAtLineEnd(text, at) ? `${style.lineEnd}${indentAt(text, container.start)}` : "";
  const line = `${style.lineEnd}${chunk.above}${indent}${body}${last.comma === undefined ? "" : ","}${chunk.behind}${close}`;
  if (last.comma !== undefined) return [{ start: at, end: at, text: line }];
  if (at === last.value.end) return [{ start: at, end: at, text: `,${line}` }];
  return [
    { start: last.value.end, end: last.value.end, text: "," },
    { start: at, end: at, text: line },
  ];
}

function appendOnLine(text: string, { start }: TreeValue, last: TreePart, at: number, chunk: Chunk, style: WritingStyle): Splice[] {
  const body = bodyOnLine(text, start, chunk, style);
  return [{ start: at, end: at, text: last.comma === undefined ? `,${style.gap}${body}` : `${style.gap}${body},` }];
}

function insertBefore(
  text: string,
  container: TreeValue,
  { index, next }: { readonly index: number; readonly next: TreePart },
  chunk: Chunk,
  style: WritingStyle,
): Splice[] {
  if (beginsLine(text, next.start)) {
    const at = leadStart(text, container, index);
    const indent = indentAt(text, next.start);
    const body = chunk.body({ indent, column: indent.length, layout: "free" });
    return [{ start: at, end: at, text: `${chunk.above}${indent}${body},${chunk.behind}${style.lineEnd}` }];
  }
  const at = partEdge(text, container, index);
  return [{ start: at, end: at, text: `${bodyOnLine(text, container.start, chunk, style)},${style.gap}` }];
}

/** Comments of lines need their line ends also where the rest is on one line. */
function bodyOnLine(text: string, containerStart: number, { above, body, behind }: Chunk, style: WritingStyle): string {
  const indent = indentAt(text, containerStart);
  const written = body({ indent, column: 0, layout: "one line" });
  const before = above.trim() === "" ? "" : `${style.lineEnd}${above}${indent}${style.unit}`;
  return before + written + (behind.trimStart().startsWith("//") ? `${behind}${style.lineEnd}${indent}` : behind);
}

/** Where a part that does not begin its line begins, with the comments between it and the comma or bracket before it. */
export function partEdge(text: string, { start, parts }: TreeValue, index: number): number {
  const stop = (parts[index - 1]?.comma ?? start) + 1;
  const commentEnd = pastComments(text, stop);
  const lineEnd = pastSpaces(text, commentEnd);
  return isAtLineEnd(text, lineEnd) ? pastAllSpace(text, pastLineEnd(text, lineEnd)) : pastSpaces(text, stop);
}
