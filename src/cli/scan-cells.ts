import type { ScanRow, ScanTestRow } from "../probe/scan-row.ts";
import { SCAN_TESTS } from "../probe/scan-test.ts";
import { tokensText } from "./model-words.ts";
import { latencyText } from "./probe-lines.ts";
import { cutMiddle, padEnd, padStart } from "./text-width.ts";

/** "312 ms", "fail", "skip". */
export function testText({ ok, latencyMs, skipped }: Pick<ScanTestRow, "ok" | "latencyMs" | "skipped">): string {
  if (ok) return latencyText(latencyMs ?? undefined);
  return skipped === true ? "skip" : "fail";
}

/** "45", "4.5", "-". */
export function speedText(tokensPerSecond: number | null): string {
  if (tokensPerSecond === null) return "-";
  return tokensPerSecond < 10 ? tokensPerSecond.toFixed(1) : String(Math.round(tokensPerSecond));
}

/** "70b", "1t", "-". */
export function sizeText(billions: number | null): string {
  if (billions === null) return "-";
  return billions >= 1000 ? `${billions / 1000}t` : `${billions}b`;
}

/** What is worth a line of progress: how quick the first two tests were, what failed, the speed. */
export function progressText(row: ScanRow): string {
  const parts = SCAN_TESTS.flatMap((name) => {
    const { ok, skipped, reason } = row[name];
    if (skipped === true) return [];
    if (!ok) return [`${name} fail${reason === undefined || reason === "answer" ? "" : ` (${reason})`}`];
    return name === "tool" || name === "image" ? [`${name} ${testText(row[name])}`] : [];
  });
  return [...parts, ...(row.tokensPerSecond === null ? [] : [`${speedText(row.tokensPerSecond)} tok/s`])].join(" · ");
}

/** Beside what the questions draw, in 80 columns. */
const MODEL_COLUMNS = 32;
const COLUMNS = [6, 6, 5, 5, 5] as const;

/** Lines of the table, as choices. */
export function choiceLabels(rows: readonly ScanRow[]): string[] {
  const name = nameIn(rows);
  return rows.map((row) =>
    choiceLine(name(row), [
      testText(row.tool),
      testText(row.image),
      speedText(row.tokensPerSecond),
      tokensText(row.contextLength),
      sizeText(row.inferredParamB),
    ]),
  );
}

/** A provider that all have in common is not repeated. */
export function nameIn(rows: readonly ScanRow[]): (row: ScanRow) => string {
  const isOne = new Set(rows.map(({ provider }) => provider)).size === 1;
  return ({ id, modelRef }) => (isOne ? id : modelRef);
}

export const CHOICE_HEADERS = `  ${choiceLine("Model", ["Tool", "Image", "tok/s", "Ctx", "Size"])}`;

function choiceLine(name: string, cells: readonly string[]): string {
  return [padEnd(cutMiddle(name, MODEL_COLUMNS), MODEL_COLUMNS), ...cells.map((cell, i) => padStart(cell, COLUMNS[i] ?? 0))].join(" ");
}
