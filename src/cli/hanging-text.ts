import type { Style } from "./style.ts";
import { textWidth, wrap } from "./text-width.ts";

/** Text after a prefix on lines of at most `width` columns; the second and later lines begin where the text began. */
export function hang(prefix: string, text: string, width: number): string {
  const indent = textWidth(prefix);
  return prefix + wrap(text, width - indent).replaceAll("\n", `\n${" ".repeat(indent)}`);
}

/** What mends a problem, behind an arrow. The program's name stands in it before it is wrapped: it may be longer than `{cli}`. */
export function hintLine(indent: string, hint: string, style: Style): string {
  return hang(`${indent}${style.accent("→")} `, hint.replaceAll("{cli}", style.cli), style.width);
}
