import { isoTime } from "../kernel/duration.ts";
import type { SpendGrouping } from "../usage/spend-groupings.ts";
import type { SpendRow, SpendSums } from "../usage/spend.ts";
import { counted } from "./counted.ts";
import { hang } from "./hanging-text.ts";
import { tokensText } from "./model-words.ts";
import type { MissedRow, SpendReport } from "./spend-report.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { padEnd, textWidth } from "./text-width.ts";

/** What it came to, what could not be read, a line with a bar for each group, and what the figures leave out. */
export function spendLines(report: SpendReport, style: Style): string {
  const missed = report.missed.map((what) => missedLine(what, style));
  const parts =
    report.groups.length === 0 ? [emptyLines(report, style), missed] : [[headline(report, style)], missed, tableLines(report, style), notes(report, style)];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function headline({ total, from }: SpendReport, style: Style): string {
  const { requests, attempts, failed, cut } = total;
  const cost = total.costUsd === null ? "What it cost is unknown" : `${isAtLeast(total) ? "At least " : ""}${moneyText(total.costUsd)}`;
  const counts = [
    counted(requests, "request", grouped(requests)),
    counted(attempts, "attempt", grouped(attempts)),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(cut > 0 ? [`${cut} cut off`] : []),
  ];
  return hang("", `${style.bold(cost)} since ${momentText(from)}: ${counts.join(", ")}; ${tokensOf(total).join(" tokens in, ")} out.`, style.width);
}

function emptyLines({ from, folder }: SpendReport, style: Style): string[] {
  const serve = style.accent(`${style.cli} gateway serve`);
  const why = `The gateway (${serve}) notes each request of its clients in ${style.path(folder)}, and so does a program that uses the library; kept for 90 days.`;
  return [`No request was noted since ${momentText(from)}.`, hang(`  ${style.accent("→")} `, why, style.width)];
}

function missedLine({ file, why, lines }: MissedRow, style: Style): string {
  const path = style.path(file);
  const says = {
    damaged: `${counted(lines, "line", grouped(lines))} of ${path} cannot be read, and ${lines === 1 ? "is" : "are"} not counted`,
    unreadable: `${path} cannot be read: nothing of that day is counted`,
    full: `${path} is full: later requests of that day were not noted`,
  };
  return hang(`${style.warn("!")} `, says[why], style.width);
}

const HEADERS = ["Cost", "", "Requests", "Tries", "Failed", "Cut", "In", "Out"];
const ALIGN = ["right", "left", "right", "right", "right", "right", "right", "right"] as const;

/** A name that leaves too little room for its figures gets a line of its own above them. */
function tableLines({ groups, by }: SpendReport, style: Style): string[] {
  const measure = measureOf(groups);
  const most = Math.max(...groups.map((row) => sizeOf(row, measure)));
  const marks = groups.some(({ maybeBilled }) => maybeBilled > 0) ? ["*", " "] : ["", ""];
  const cells = groups.map((row) => [
    `${costText(row)}${marks[row.maybeBilled > 0 ? 0 : 1]}`,
    bar(sizeOf(row, measure) / most, style),
    ...countCells(row, style),
  ]);
  const names = groups.map(({ key }) => key ?? NOBODY[by]);
  const figures = table(cells, { headers: HEADERS, style, align: ALIGN, flexible: 1, holds: "words" }).split("\n");
  const widths = { names: Math.max(...[...names, by].map(textWidth)), figures: Math.max(...figures.map(textWidth)) };
  const [head = "", ...lines] = figures;
  if (2 + widths.names + 2 + widths.figures <= style.width) {
    const named = (name: string, line: string): string => `  ${padEnd(name, widths.names)}  ${line}`;
    return [named(style.dim(`${by[0]?.toUpperCase()}${by.slice(1)}`), head), ...lines.map((line, at) => named(names[at] ?? "", line))];
  }
  return [`    ${head}`, ...lines.flatMap((line, at) => [`  ${style.bold(names[at] ?? "")}`, `    ${line}`])];
}

const NOBODY: Readonly<Record<SpendGrouping, string>> = { day: "-", client: "-", model: "(nobody answered)", profile: "(no account)" };

/** What the bars show. */
function measureOf(groups: readonly SpendRow[]): "cost" | "requests" {
  return groups.some(({ costUsd }) => (costUsd ?? 0) > 0) ? "cost" : "requests";
}

function sizeOf({ costUsd, requests }: SpendRow, measure: "cost" | "requests"): number {
  return measure === "cost" ? (costUsd ?? 0) : requests;
}

function countCells(row: SpendRow, style: Style): string[] {
  const { requests, attempts, failed, cut } = row;
  const bad = (count: number): string => (count === 0 ? "" : style.bad(grouped(count)));
  return [grouped(requests), grouped(attempts), bad(failed), bad(cut), ...tokensOf(row)];
}

const CELLS = 8;

function bar(share: number, style: Style): string {
  const full = Number.isNaN(share) ? 0 : Math.max(share > 0 ? 1 : 0, Math.round(share * CELLS));
  return `${"█".repeat(full)}${style.dim("░".repeat(CELLS - full))}`;
}

/** Nothing known is nothing said; a sum that leaves something out says so. */
function costText(sums: SpendSums): string {
  if (sums.costUsd === null) return "unknown";
  return `${isAtLeast(sums) ? "≥ " : ""}${moneyText(sums.costUsd)}`;
}

function isAtLeast({ unpriced, maybeBilled }: SpendSums): boolean {
  return unpriced > 0 || maybeBilled > 0;
}

/** "$0.00", "$0.0042", "$3.20", "$1,234". */
export function moneyText(usd: number): string {
  if (usd > 0 && usd < 0.00005) return "<$0.0001";
  if (usd > 0 && usd < 0.01) return `$${usd.toFixed(4).replace(/0+$/, "")}`;
  return usd < 1000 ? `$${usd.toFixed(2)}` : `$${grouped(Math.round(usd))}`;
}

function tokensOf({ inputTokens, outputTokens, uncounted, requests }: SpendSums): [input: string, output: string] {
  const isUnknown = uncounted > 0 && uncounted === requests && inputTokens + outputTokens === 0;
  return isUnknown ? ["?", "?"] : [tokensText(inputTokens), tokensText(outputTokens)];
}

function notes({ groups, total }: SpendReport, style: Style): string[] {
  const { unpriced, uncounted, maybeBilled } = total;
  const dim = (prefix: string, text: string): string => style.dim(hang(prefix, text, style.width));
  const why =
    uncounted === 0
      ? "no price is stated for the model"
      : uncounted === unpriced
        ? "the vendor counted no tokens"
        : "no price is stated, or the vendor counted no tokens";
  const sign = groups.some((row) => row.costUsd !== null && isAtLeast(row)) ? "≥" : "·";
  return [
    ...(unpriced === 0 ? [] : [dim(`  ${sign} `, `the cost of ${counted(unpriced, "answer", grouped(unpriced))} is unknown: ${why}`)]),
    ...(maybeBilled === 0 ? [] : [dim("  * ", `${counted(maybeBilled, "attempt", grouped(maybeBilled))} broke off, and may be on a bill all the same`)]),
    dim("  · ", `by the models' stated prices, also where a subscription pays; days are UTC${measureOf(groups) === "cost" ? "" : "; bars show requests"}`),
  ];
}

/** 1234567 → "1,234,567". */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A day, and the time where it is not the day's beginning. */
function momentText(ms: number): string {
  const text = isoTime(ms);
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}
