import type { Style } from "./style.ts";
import { cutMiddle, padEnd, padStart, textWidth } from "./text-width.ts";

export interface TableLayout {
  readonly headers?: readonly string[];
  readonly style: Style;
  /** The column that gives way first when the line is too long, and is cut in the middle. The first unless told. */
  readonly flexible?: number;
  /** What that column holds: ids unless told, also where they are paths. */
  readonly holds?: "ids" | "words";
  readonly align?: readonly ("left" | "right")[];
  /** Put before each line. */
  readonly indent?: string;
}

const GAP = "  ";
/** No column gives way beyond so few. */
const NARROWEST = 12;

/** Aligned columns, two spaces apart, without trailing spaces. Cells may carry styling. Empty for no rows. */
export function table(rows: readonly (readonly string[])[], layout: TableLayout): string {
  if (rows.length === 0) return "";
  const headers = layout.headers?.map((header) => layout.style.dim(header));
  const lines = headers === undefined ? rows : [headers, ...rows];
  const columns = columnsFor(lines, layout);
  return lines.map((cells) => line(cells, columns, layout)).join("\n");
}

interface Column {
  readonly width: number;
  readonly isCut: boolean;
}

function columnsFor(lines: readonly (readonly string[])[], layout: TableLayout): Column[] {
  const widths: number[] = [];
  for (const cells of lines)
    cells.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, textWidth(cell));
    });
  const gaps = GAP.length * (widths.length - 1) + textWidth(layout.indent ?? "");
  let over = widths.reduce((sum, width) => sum + width, 0) + gaps - layout.style.width;
  const columns = widths.map((width) => ({ width, isCut: false }));
  for (const column of over > 0 ? givingWay(widths, layout) : []) {
    const wanted = widths[column] ?? 0;
    const width = Math.min(wanted, Math.max(NARROWEST, wanted - over));
    columns[column] = { width, isCut: width < wanted };
    over -= wanted - width;
    if (over <= 0) break;
  }
  return columns;
}

/** The flexible column, then the widest; none that may hold ids for a program to read. */
function givingWay(widths: readonly number[], { flexible = 0, holds = "ids", style }: TableLayout): number[] {
  if (style.ids === "whole") return holds === "words" ? [flexible] : [];
  const others = widths.map((_, column) => column).filter((column) => column !== flexible);
  return [flexible, ...others.sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))];
}

function line(cells: readonly string[], columns: readonly Column[], layout: TableLayout): string {
  const shown = cells.map((cell, at) => {
    const { width, isCut } = columns[at] ?? { width: 0, isCut: false };
    const fitting = isCut ? cutMiddle(cell, width) : cell;
    return layout.align?.[at] === "right" ? padStart(fitting, width) : padEnd(fitting, width);
  });
  return `${layout.indent ?? ""}${shown.join(GAP)}`.trimEnd();
}
