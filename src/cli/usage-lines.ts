import { agoText } from "../kernel/duration.ts";
import type { UsageRow, WindowRow } from "../usage/usage-row.ts";
import { counted } from "./counted.ts";
import { hang, hintLine } from "./hanging-text.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { amountText, percentText, untilText, whenText } from "./usage-words.ts";

/** From this share on a window is a problem, and from that one on it is worth a look. */
const FULL_PERCENT = 90;
const HIGH_PERCENT = 75;

/** What is wrong, then what is left of each account, then who told nothing. */
export function usageLines(accounts: readonly UsageRow[], style: Style): string {
  const parts = [[headline(accounts, style)], accounts.flatMap((row) => troubleLines(row, style)), tableLines(accounts, style), footLines(accounts, style)];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function headline(accounts: readonly UsageRow[], style: Style): string {
  if (accounts.length === 0)
    return hang(`${style.warn("!")} `, `There is no account to ask. Add one: ${style.accent(`${style.cli} models auth add`)}.`, style.width);
  const told = accounts.filter((row) => row.outcome === "told").length;
  const failed = accounts.filter((row) => row.outcome === "failed").length;
  const answerable = accounts.filter((row) => row.outcome !== "not asked").length;
  if (failed > 0) return `${style.bad("✗")} ${failed} of ${countText(answerable)} gave no good answer.`;
  if (told === 0) return `${style.warn("!")} No vendor of these accounts tells what is left.`;
  const tight = accounts.filter(isTight).length;
  return tight === 0
    ? `${style.good("✓")} ${countText(told)} ${told === 1 ? "has" : "have"} something left.`
    : `${style.warn("!")} ${tight} of ${countText(told)} ${tight === 1 ? "is" : "are"} close to the end.`;
}

function countText(count: number): string {
  return counted(count, "account");
}

function isTight({ blocked, windows, balances }: UsageRow): boolean {
  return blocked || windows.some(({ usedPercent }) => usedPercent >= FULL_PERCENT) || (balances.length > 0 && balances.every(({ amount }) => amount <= 0));
}

function troubleLines(row: UsageRow, style: Style): string[] {
  const { profileId, label, outcome, detail, hint, heldUntil, ageMs, blocked, windows } = row;
  if (outcome === "failed") {
    const again = heldUntil === null ? "" : `; asked again in ${untilText(heldUntil, style.nowMs)}`;
    const last = ageMs === null ? "" : `; what is shown was told ${agoText(ageMs)}`;
    const line = hang(`  ${style.bad("✗")} `, `${profileId}: ${label} ${detail ?? "could not be asked"}${again}${last}`, style.width);
    return hint === null ? [line] : [line, hintLine("    ", hint, style)];
  }
  if (blocked) return [hang(`  ${style.bad("✗")} `, `${profileId}: ${label} refuses calls now, as nothing is left`, style.width)];
  return windows.flatMap((window) =>
    window.usedPercent >= FULL_PERCENT ? [hang(`  ${style.warn("!")} `, fullText(profileId, window, style), style.width)] : [],
  );
}

function fullText(profileId: string, { label, usedPercent, resetsAt }: WindowRow, style: Style): string {
  const anew = resetsAt === null ? "" : `; it begins anew ${whenText(resetsAt, style.nowMs)}`;
  return `${profileId}: ${label} is ${usedPercent >= 100 ? "used up" : `${percentText(usedPercent)} used`}${anew}`;
}

/** One table, in which a line of its own names the account above what is known of it. */
function tableLines(accounts: readonly UsageRow[], style: Style): string[] {
  const known = accounts.map((row) => ({ row, cells: cellsOf(row, style) })).filter(({ cells }) => cells.length > 0);
  if (known.length === 0) return [];
  const headers = ["Limit", "Used", "Left", "Resets"];
  const all = known.flatMap(({ cells }) => cells);
  const [head = "", ...lines] = table(all, { headers, style, flexible: 0, indent: "    ", align: ["left", "left", "right", "left"] }).split("\n");
  return [head, ...known.flatMap(({ row, cells }) => [nameLine(row, style), ...lines.splice(0, cells.length)])];
}

function nameLine({ profileId, plan, official }: UsageRow, style: Style): string {
  return `  ${style.bold(profileId)}${plan === null ? "" : ` ${style.dim(`(${plan})`)}`}${official === false ? " *" : ""}`;
}

function cellsOf(row: UsageRow, style: Style): string[][] {
  return [
    ...row.windows.map((window) => [window.label, meter(window.usedPercent, style), leftText(window), resetText(window.resetsAt, style)]),
    ...row.balances.map(({ amount, currency }) => ["balance", "", amount > 0 ? amountText(amount, currency) : style.bad(amountText(amount, currency)), ""]),
    ...spentCells(row),
    ...row.limits.map(({ name, limit, remaining, resetsAt }) => [
      name,
      limit === null || limit === 0 ? "" : meter((1 - remaining / limit) * 100, style),
      limit === null ? String(remaining) : `${remaining} of ${limit}`,
      resetText(resetsAt, style),
    ]),
  ];
}

/** Where nothing else tells how it stands. */
function spentCells({ windows, balances, spent }: UsageRow): string[][] {
  const best = spent.find(({ period }) => period === "month") ?? spent.at(-1);
  if (best === undefined || windows.length + balances.length > 0) return [];
  const when = { day: "today", week: "this week", month: "this month", all: "in all" }[best.period];
  return [["spent", `${amountText(best.amount, best.currency)} ${when}`, "", ""]];
}

const CELLS = 10;

/** Ten cells and the share in figures: without colour it says the same. */
function meter(percent: number, style: Style): string {
  const full = Math.min(CELLS, Math.max(percent > 0 ? 1 : 0, Math.floor((percent / 100) * CELLS)));
  const paint = percent >= FULL_PERCENT ? style.bad : percent >= HIGH_PERCENT ? style.warn : style.good;
  return `${paint("█".repeat(full))}${style.dim("░".repeat(CELLS - full))} ${percentText(percent).padStart(4)}`;
}

function leftText({ limit, remaining, unit }: WindowRow): string {
  if (remaining === null) return "";
  if (unit === "USD" || unit === "CNY") return limit === null ? amountText(remaining, unit) : `${amountText(remaining, unit)} of ${amountText(limit, unit)}`;
  return `${limit === null ? remaining : `${remaining} of ${limit}`}${unit === null || unit === "requests" ? "" : ` ${unit}`}`;
}

function resetText(at: number | null, style: Style): string {
  return at === null ? "" : whenText(at, style.nowMs);
}

function footLines(accounts: readonly UsageRow[], style: Style): string[] {
  const dim = (prefix: string, text: string): string => style.dim(hang(prefix, text, style.width));
  const names = (rows: readonly UsageRow[]): string => rows.map(({ profileId }) => profileId).join(", ");
  const silent = accounts.filter(({ outcome }) => outcome === "silent");
  const kept = accounts.filter(({ outcome, asked, ageMs }) => outcome === "told" && !asked && (ageMs ?? 0) >= 60_000);
  const before = kept.map(({ profileId, ageMs }) => `${profileId} ${agoText(ageMs ?? 0)}`).join(", ");
  return [
    ...(accounts.some(({ official, takenAt }) => official === false && takenAt !== null)
      ? [dim("  * ", "the vendor does not document the address: asked every 15 minutes at most")]
      : []),
    ...(kept.length === 0 ? [] : [dim("  · ", `told before: ${before}; --refresh asks anew`)]),
    ...(silent.length === 0 ? [] : [dim("  - ", `answered, and told nothing of what is left: ${names(silent)}`)]),
    ...accounts.filter(({ outcome }) => outcome === "not asked").map(({ profileId, detail }) => dim("  - ", `${profileId} ${detail ?? "was not asked"}`)),
  ];
}
