import { type LineChange, lineChanges, linesOf } from "./line-changes.ts";

export interface DiffSides {
  readonly before: string;
  readonly after: string;
  /** A text in which what nobody may see is replaced; it has the same lines. */
  readonly shown: (text: string, lines: LineRanges) => string;
}

/** `[start, end)`, counted from 0. */
export type LineRanges = readonly (readonly [number, number])[];

/** The changed lines alone, without any around them; empty when nothing changed. A new file has an empty text before. */
export function unifiedDiff(file: string, { before, after, shown }: DiffSides): string {
  const changes = lineChanges(linesOf(before), linesOf(after));
  if (changes.length === 0) return "";
  const old = linesOf(
    shown(
      before,
      changes.map(({ oldStart, oldEnd }) => [oldStart, oldEnd] as const),
    ),
  );
  const changed = linesOf(
    shown(
      after,
      changes.map(({ newStart, newEnd }) => [newStart, newEnd] as const),
    ),
  );
  const hunks = changes.map((change) => hunk(change, old, changed));
  return `--- ${before === "" ? "/dev/null" : file}\n+++ ${file}\n${hunks.join("")}`;
}

function hunk({ oldStart, oldEnd, newStart, newEnd }: LineChange, old: readonly string[], changed: readonly string[]): string {
  const head = `@@ -${range(oldStart, oldEnd)} +${range(newStart, newEnd)} @@\n`;
  return head + old.slice(oldStart, oldEnd).map(signed("-")).join("") + changed.slice(newStart, newEnd).map(signed("+")).join("");
}

/** An empty range is named by the line before it. */
function range(start: number, end: number): string {
  const count = end - start;
  return count === 1 ? `${start + 1}` : `${count === 0 ? start : start + 1},${count}`;
}

function signed(sign: "-" | "+"): (line: string) => string {
  return (line) => {
    const content = line.replace(/[\r\n]+$/, "");
    return `${sign}${content}\n${content === line ? "\\ No newline at end of file\n" : ""}`;
  };
}
