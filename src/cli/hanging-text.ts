import { textWidth, wrap } from "./text-width.ts";

/** Text after a prefix on lines of at most `width` columns; the second and later lines begin where the text began. */
export function hang(prefix: string, text: string, width: number): string {
  const indent = textWidth(prefix);
  return prefix + wrap(text, width - indent).replaceAll("\n", `\n${" ".repeat(indent)}`);
}
