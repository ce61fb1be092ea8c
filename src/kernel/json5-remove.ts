import type { Chunk } from "./json5-insert.ts";
import { partEdge } from "./json5-insert.ts";
import type { TreePart, TreeValue } from "./json5-tree.ts";
import { beginsLine, isAtLineEnd, leadStart, lineStart, pastAllSpace, pastComments, pastLineEnd, pastSpaces, type Splice, spliced } from "./json5-trivia.ts";

export interface Removal {
  readonly splices: readonly Splice[];
  /** What was taken out, to be put in elsewhere. */
  readonly chunk: Chunk;
}

/** A part with what surrounds it. */
interface Site {
  readonly text: string;
  readonly container: TreeValue;
  readonly index: number;
  readonly part: TreePart;
  /** Behind its comma, or its value. */
  readonly stop: number;
  /** Behind the comments that follow on the same line. */
  readonly commentEnd: number;
  /** Behind the spaces that follow those. */
  readonly spaceEnd: number;
}

/**
 * Takes a part out, with the comment behind it when nothing else is on its line, and with the comments that are its own above. Comments of its
 * neighbours stay, and so do those that a blank line parts from it. Without a comma at its own end, the one before it goes.
 */
export function removePart(text: string, container: TreeValue, index: number): Removal {
  const part = container.parts[index];
  if (part === undefined) return { splices: [], chunk: { above: "", body: () => "", behind: "" } };
  const stop = part.comma === undefined ? part.value.end : part.comma + 1;
  const commentEnd = pastComments(text, stop);
  const site = { text, container, index, part, stop, commentEnd, spaceEnd: pastSpaces(text, commentEnd) };
  const removal = beginsLine(text, part.start) ? removeFromLines(site) : removeFromLine(site);
  return { ...removal, splices: tidied(site, removal.splices) };
}

function removeFromLines(site: Site): Removal {
  const { text, container, index, part, stop, commentEnd, spaceEnd } = site;
  const own = lineStart(text, part.start);
  if (isAtLineEnd(text, spaceEnd)) {
    const lead = leadStart(text, container, index);
    const chunk = chunkOf(site, text.slice(lead, own), text.slice(stop, commentEnd));
    return { splices: [...commaBefore(site), withBlankLine(text, container, lead, pastLineEnd(text, spaceEnd))], chunk };
  }
  if (spaceEnd === container.end - 1) {
    const lead = leadStart(text, container, index);
    return {
      splices: [...commaBefore(site), { start: lead, end: spaceEnd, text: "" }],
      chunk: chunkOf(site, text.slice(lead, own), text.slice(stop, commentEnd)),
    };
  }
  return { splices: [{ start: part.start, end: pastSpaces(text, stop), text: "" }], chunk: chunkOf(site, "", "") };
}

function removeFromLine(site: Site): Removal {
  const { text, container, index, part, stop, commentEnd, spaceEnd } = site;
  const isLast = index === container.parts.length - 1;
  const edge = partEdge(text, container, index);
  const previous = container.parts[index - 1]?.comma;
  if (previous === undefined) return removeFirst(site);
  const end = spaceEnd === container.end - 1 ? commentEnd : stop;
  const chunk = { ...chunkOf(site, "", text.slice(stop, end)), body: () => text.slice(edge, part.start) + bodyOf(site) };
  const followsLineEnd = edge !== pastSpaces(text, previous + 1);
  if (followsLineEnd) return { splices: [...commaBefore(site), { start: edge, end: isLast ? end : pastSpaces(text, stop), text: "" }], chunk };
  return { splices: [{ start: part.comma === undefined ? previous : previous + 1, end, text: "" }], chunk };
}

function removeFirst(site: Site): Removal {
  const { text, container, part, stop, commentEnd, spaceEnd } = site;
  const { start } = part;
  if (isAtLineEnd(text, spaceEnd) && container.parts.length > 1)
    return { splices: [{ start, end: pastAllSpace(text, commentEnd), text: "" }], chunk: chunkOf(site, "", text.slice(stop, commentEnd)) };
  const closes = spaceEnd === container.end - 1;
  return {
    splices: [{ start, end: closes ? commentEnd : pastSpaces(text, stop), text: "" }],
    chunk: chunkOf(site, "", closes ? text.slice(stop, commentEnd) : ""),
  };
}

/** The last one had no comma behind it: neither may the one that is last from now on. */
function commaBefore({ container, index, part }: Site): Splice[] {
  const comma = part.comma === undefined ? container.parts[index - 1]?.comma : undefined;
  return comma === undefined ? [] : [{ start: comma, end: comma + 1, text: "" }];
}

/** Of two blank lines that would meet, and of one that would stand next to a bracket, one goes too. */
function withBlankLine(text: string, container: TreeValue, start: number, end: number): Splice {
  const above = lineAbove(text, start);
  const isBlankAbove = above > container.start && text.slice(above, start).trim() === "";
  const below = pastSpaces(text, end);
  const isBlankBelow = isAtLineEnd(text, below) && below < container.end;
  if (isBlankAbove && (isBlankBelow || below === container.end - 1)) return { start: above, end, text: "" };
  const followsBracket = !isBlankAbove && text.slice(container.start + 1, start).trim() === "";
  return { start, end: isBlankBelow && followsBracket ? pastLineEnd(text, below) : end, text: "" };
}

/** Where the line before the one that begins at `start` begins. */
function lineAbove(text: string, start: number): number {
  return lineStart(text, text.slice(start - 2, start) === "\r\n" ? start - 2 : start - 1);
}

/** Nothing but space left between the brackets: they close up. */
function tidied({ text, container }: Site, splices: readonly Splice[]): readonly Splice[] {
  if (container.parts.length > 1) return splices;
  const start = container.start + 1;
  const end = container.end - 1;
  const inside = spliced(
    text.slice(start, end),
    splices.map((splice) => ({ ...splice, start: splice.start - start, end: splice.end - start })),
  );
  return inside.trim() === "" ? [{ start, end, text: "" }] : splices;
}

function chunkOf(site: Site, above: string, behind: string): Chunk {
  return { above, body: () => bodyOf(site), behind };
}

/** With comments between the value and its comma; one of a line keeps its line end. */
function bodyOf({ text, part }: Site): string {
  const body = text.slice(part.start, part.comma ?? part.value.end);
  return body.slice(part.value.end - part.start).includes("//") ? body : body.trimEnd();
}
