import { shortDuration } from "../kernel/duration.ts";
import { isBad, type ProbeRow, type ProbeSummary } from "../probe/summary.ts";
import { hang, hintLine } from "./hanging-text.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";

/** Who answered and how fast; below, what is wrong and what mends it. */
export function probeLines({ results, totalTargets, durationMs }: ProbeSummary, style: Style): string[] {
  const asked = results.filter((row) => row.asked);
  const left = results.filter((row) => !row.asked);
  const rows = asked.map((row) => [
    ...(row.role === null ? [] : [row.role]),
    row.model ?? row.provider,
    row.label,
    stateText(row, style),
    latencyText(row.latencyMs),
  ]);
  const wide = rows.some((cells) => cells.length > 4) ? 5 : 4;
  const even = rows.map((cells) => (cells.length < wide ? ["", ...cells] : cells));
  return [
    ...(even.length === 0
      ? []
      : [table(even, { style, flexible: wide - 4, indent: "  ", align: [...Array.from({ length: wide - 1 }, () => "left" as const), "right"] })]),
    ...asked.flatMap((row) => (isBad(row) || row.note !== null ? troubleLines(row, style) : [])),
    ...(left.length === 0 ? [] : [style.dim("  not asked:"), ...left.map((row) => leftLine(row, style))]),
    style.dim(`  ${countText(totalTargets)} in ${latencyText(durationMs)}`),
  ];
}

/** Stronger than what files say: the default model was asked, and no account of it answered. */
export function refutation(ref: string, probes: ProbeSummary | undefined, style: Style): string | undefined {
  const asked = askedOf({ model: ref }, probes);
  const [first] = asked;
  if (first === undefined || !asked.every(isBad)) return undefined;
  return hang(`${style.bad("✗")} `, `${style.bold(ref)} was asked and does not answer: ${stateWord(first)}.`, style.width);
}

/** An account, or a model by whichever account. */
type Asked = { readonly profileId: string } | { readonly model: string };

/** What asking has shown; undefined where nobody was asked. */
export function shownByAsking(who: Asked, probes: ProbeSummary | undefined, style: Style) {
  const asked = askedOf(who, probes);
  const [first] = asked;
  if (first === undefined) return undefined;
  return asked.every(isBad) ? { answers: false, text: stateText({ ...first, httpStatus: null }, style) } : { answers: true, text: style.good("✓ answers") };
}

function askedOf(who: Asked, probes: ProbeSummary | undefined): readonly ProbeRow[] {
  const isMeant = (row: ProbeRow): boolean => row.asked && ("model" in who ? row.model === who.model : row.profileId === who.profileId);
  return probes?.results.filter(isMeant) ?? [];
}

function countText(count: number): string {
  if (count === 0) return "nobody was asked";
  return count === 1 ? "1 was asked" : `${count} were asked`;
}

/** In two lines at most: what is wrong, and what to do. */
function troubleLines(row: ProbeRow, style: Style): string[] {
  const { label, model, provider, error, note, hint, resetAt } = row;
  const who = row.source === "none" ? (model ?? provider) : label;
  const subject = row.source === "none" ? who : `${label}: ${provider}`;
  const until = resetAt === null || resetAt <= style.nowMs ? "" : `; again in ${shortDuration(resetAt - style.nowMs)}`;
  if (!isBad(row)) return [hang(`  ${style.dim("·")} `, `${who}: ${note}`, style.width)];
  const lines = [hang(`  ${style.bad("✗")} `, `${subject} ${error}${until}`, style.width)];
  return hint === null ? lines : [...lines, hintLine("    ", hint, style)];
}

/** Who was not asked, and why. */
export function leftLine({ label, provider, error, role }: ProbeRow, style: Style): string {
  const who = label === "no key" ? provider : label;
  return style.dim(hang("  - ", `${role === null ? "" : `${role}: `}${who} ${error ?? "was not asked"}`, style.width));
}

function stateText({ status, reason, detail, httpStatus }: ProbeRow, style: Style): string {
  if (status === "ok") return style.good("✓ ok");
  const text = `✗ ${stateWord({ status, reason, detail })}${httpStatus === null ? "" : ` ${httpStatus}`}`;
  return status === "rate_limit" ? style.warn(text) : style.bad(text);
}

/** The class, or what is more exact where the class has no word of its own. */
export function stateWord({ status, reason, detail }: Pick<ProbeRow, "status" | "reason" | "detail">): string {
  return status === "unknown" ? (detail ?? reason ?? status) : status;
}

/** "312 ms", "2.4 s". */
export function latencyText(ms: number | undefined): string {
  if (ms === undefined) return "-";
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
