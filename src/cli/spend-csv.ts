import type { SpendRow } from "../usage/spend.ts";
import type { SpendReport } from "./spend-report.ts";

const COLUMNS: readonly (readonly [name: string, of: (row: SpendRow) => number | string])[] = [
  ["requests", (row) => row.requests],
  ["answered", (row) => row.answered],
  ["cut", (row) => row.cut],
  ["failed", (row) => row.failed],
  ["cancelled", (row) => row.cancelled],
  ["attempts", (row) => row.attempts],
  ["failed_attempts", (row) => row.failedAttempts],
  ["input_tokens", (row) => row.inputTokens],
  ["output_tokens", (row) => row.outputTokens],
  ["cache_read_tokens", (row) => row.cacheReadTokens],
  ["cache_write_tokens", (row) => row.cacheWriteTokens],
  ["uncounted", (row) => row.uncounted],
  ["cost_usd", (row) => row.costUsd ?? "unknown"],
  ["unpriced", (row) => row.unpriced],
  ["maybe_billed", (row) => row.maybeBilled],
];

/** A line of names, then a line a group (RFC 4180, lines end in LF). The key is empty where nobody answered. */
export function spendCsv({ by, groups }: Pick<SpendReport, "by" | "groups">): string {
  const head = [by, ...COLUMNS.map(([name]) => name)];
  const lines = groups.map((row) => [row.key ?? "", ...COLUMNS.map(([, of]) => of(row))]);
  return [head, ...lines].map((cells) => cells.map((cell) => quoted(String(cell))).join(",")).join("\n");
}

/** A name that a spreadsheet would take for a formula is made a text. */
function quoted(cell: string): string {
  const text = /^[=+@-]/.test(cell) && Number.isNaN(Number(cell)) ? `'${cell}` : cell;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
