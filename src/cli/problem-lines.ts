import type { ProblemRow } from "../status/problem-row.ts";
import { placeText } from "../kernel/place.ts";
import { counted } from "./counted.ts";
import type { Style } from "./style.ts";
import { hang, hintLine } from "./hanging-text.ts";

/** What is wrong, where, and what to do: two or three lines a problem, each behind a sign that needs no colour. */
export function problemLines(problems: readonly ProblemRow[], style: Style): string[] {
  return problems.flatMap((problem) => {
    const lines = [hang(`  ${signOf(problem.severity, style)} `, problem.message, style.width)];
    if (problem.file !== null) lines.push(style.dim(`    at ${placeOf(problem.file, problem, style)}`));
    lines.push(hintLine("    ", problem.hint, style));
    return lines;
  });
}

export function signOf(severity: ProblemRow["severity"], style: Style): string {
  return { error: style.bad("✗"), warning: style.warn("!"), note: style.dim("·") }[severity];
}

function placeOf(file: string, { line, column }: ProblemRow, style: Style): string {
  return placeText({ file: style.path(file), ...(line !== null && { line }), ...(column !== null && { column }) });
}

/** "1 error, 2 warnings"; empty when there are neither. */
export function problemCounts(problems: readonly ProblemRow[]): string {
  const count = (severity: ProblemRow["severity"], word: string): string[] => {
    const many = problems.filter((problem) => problem.severity === severity).length;
    return many === 0 ? [] : [counted(many, word)];
  };
  return [...count("error", "error"), ...count("warning", "warning")].join(", ");
}
