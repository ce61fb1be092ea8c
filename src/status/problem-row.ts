import type { Problem } from "../kernel/problem.ts";

/** A problem as a report shows it. */
export interface ProblemRow {
  code: string;
  severity: "error" | "warning" | "note";
  subject: string;
  message: string;
  hint: string;
  file: string | null;
  line: number | null;
  column: number | null;
}

const BY_SEVERITY: Readonly<Record<Problem["severity"], number>> = { error: 0, warning: 1, note: 2 };

/** Errors first, each said once; within a severity in the order in which they were found. */
export function problemRows(problems: readonly Problem[]): ProblemRow[] {
  const seen = new Map<string, ProblemRow>();
  for (const problem of problems) {
    const key = `${problem.code}\n${problem.subject}\n${problem.message}`;
    if (!seen.has(key)) seen.set(key, problemRow(problem));
  }
  return [...seen.values()].sort((a, b) => BY_SEVERITY[a.severity] - BY_SEVERITY[b.severity]);
}

function problemRow({ code, severity, subject, message, hint, place }: Problem): ProblemRow {
  return { code, severity, subject, message, hint, file: place?.file ?? null, line: place?.line ?? null, column: place?.column ?? null };
}
