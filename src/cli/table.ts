import type { Style } from "./style.ts";
import { cutMiddle, padEnd, padStart, textWidth } from "./text-width.ts";

/** `whole`: stdout is no terminal, and ids that a program would read there are not cut. */
export interface TableStyle extends Style {
  readonly ids?: "cut" | "whole";
}

export interface TableLayout {
  readonly headers?: readonly string[];
  readonly style: TableStyle;
  /** The column that gives way when the line is too long, and is cut in the middle. The first unless told. */
  readonly flexible?: number;
  /** What that column holds: words unless told. */
  readonly holds?: "ids" | "words";
  readonly align?: readonly ("left" | "right")[];
  /** Put before each line. */
  readonly indent?: string;
}

const GAP = "  ";

/** Aligned columns, two spaces apart, without trailing spaces. Cells may carry styling. Empty for no rows. */
export function table(rows: readonly (readonly string[])[], layout: TableLayout): string {
  if (rows.length === 0) return "";
  const headers = layout.headers?.map((header) => layout.style.dim(header));
  const lines = headers === undefined ? rows : [headers, ...rows];
  const widths = columnWidths(lines, layout);
  return lines.map((cells) => line(cells, widths, layout)).join("\n");
}

function columnWidths(lines: readonly (readonly string[])[], layout: TableLayout): number[] {
  const widths: number[] = [];
  for (const cells of lines)
    cells.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, textWidth(cell));
    });
  const gaps = GAP.length * (widths.length - 1) + textWidth(layout.indent ?? "");
  const over = widths.reduce((sum, width) => sum + width, 0) + gaps - layout.style.width;
  const flexible = layout.flexible ?? 0;
  const isWhole = layout.holds === "ids" && layout.style.ids === "whole";
  if (over > 0 && !isWhole) widths[flexible] = Math.max(12, (widths[flexible] ?? 0) - over);
  return widths;
}

function line(cells: readonly string[], widths: readonly number[], layout: TableLayout): string {
  const flexible = layout.flexible ?? 0;
  const shown = cells.map((cell, column) => {
    const width = widths[column] ?? 0;
    const fitting = column === flexible ? cutMiddle(cell, width) : cell;
    return layout.align?.[column] === "right" ? padStart(fitting, width) : padEnd(fitting, width);
  });
  return `${layout.indent ?? ""}${shown.join(GAP)}`.trimEnd();
}
