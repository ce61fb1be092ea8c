import type { DrillReport, DrillRow } from "../drill/report.ts";
import { assertNever } from "../kernel/errors.ts";
import { hang } from "./hanging-text.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";

/** The verdict, every fault with what a client saw, and what would make it better. */
export function drillLines(report: DrillReport, style: Style): string {
  const { results, counts, advice, example, firstChoice, chain, pretended } = report;
  const total = results.length;
  const mark = counts.fail > 0 ? style.bad("✗") : counts.honest + counts.slow > 0 ? style.warn("!") : style.good("✓");
  const parts = [
    `${counts.pass} of ${total} answered as if nothing had happened`,
    ...(counts.slow > 0 ? [`${counts.slow} late`] : []),
    ...(counts.honest > 0 ? [`${counts.honest} ended in an honest error`] : []),
    ...(counts.fail > 0 ? [`${counts.fail} failed`] : []),
  ];
  return [
    hang(`${mark} `, `${parts.join(", ")}.`, style.width),
    ...(example ? [hang("  ", style.dim("There is no config yet: this is an example with two vendors, two accounts at the first."), style.width)] : []),
    "",
    ...chain.map((ref, i) => {
      const role = ref === firstChoice ? style.dim("  has every fault below; the others are well") : "";
      return hang(`  ${style.accent(String(i + 1))}  `, `${ref}${role}`, style.width);
    }),
    hang("  ", style.dim("No request left this machine, no key was used, and the clock is the drill's: a minute of silence takes no time."), style.width),
    ...(pretended.length > 0 ? [hang("  ", style.dim(`There is no account at ${pretended.join(", ")}: one was pretended.`), style.width)] : []),
    "",
    table(rowsOf(results, chain, style), {
      headers: ["", "fault", "streamed", "", "in one piece", ""],
      style,
      flexible: 1,
      holds: "words",
      align: [...LEFT, "right", "left", "right"],
      indent: "  ",
    }),
    ...(results.some(({ takenOverHow }) => takenOverHow === "same-words") ? ["", hang("  ", style.dim(SAME_WORDS), style.width)] : []),
    ...(advice.length === 0
      ? []
      : [
          "",
          style.bold("What would make it better"),
          ...advice.flatMap(({ about, command, faults }) => [
            hang(`  ${style.warn("!")} `, `${about} ${style.dim(`(${faults.join(", ")})`)}`, style.width),
            hang(`    ${style.accent("→")} `, `${style.cli} ${command}`, style.width),
          ]),
        ]),
  ].join("\n");
}

const SAME_WORDS =
  "Who went on said the same words again, as the vendors of this drill do. Real ones seldom do, and then the stream ends in an honest error. Models that take what was said as their own beginning go on with any words: Claude up to 4.5, at Anthropic.";

const LEFT = ["left", "left", "left"] as const;

/** One line a fault: streamed, and in one piece. */
function rowsOf(results: readonly DrillRow[], chain: readonly string[], style: Style): string[][] {
  const ids = [...new Set(results.map(({ id }) => id))];
  return ids.map((id) => {
    const own = results.filter((row) => row.id === id);
    const cells = [true, false].flatMap((streamed) => {
      const row = own.find((one) => one.streamed === streamed);
      return row === undefined ? ["", ""] : [outcome(row, chain, style), style.dim(secondsText(row.tookMs))];
    });
    return [style.dim(id), own[0]?.title ?? "", ...cells];
  });
}

function outcome(row: DrillRow, chain: readonly string[], style: Style): string {
  const text = saw(row, chain);
  switch (row.verdict) {
    case "pass":
      return style.good(`✓ ${text}`);
    case "slow":
    case "honest":
      return style.warn(`! ${text}`);
    case "fail":
      return style.bad(`✗ ${text}`);
    default:
      return assertNever(row.verdict);
  }
}

/** Who answered, by its number in the chain; or how the client was told. */
function saw({ clientSaw, servedBy, takenOverBy, words, attempts, verdict, why }: DrillRow, chain: readonly string[]): string {
  if (verdict === "fail") return why ?? "failed";
  if (clientSaw !== "answer") return words > 0 ? `error at word ${words}` : "error";
  const placeOf = (name: string | null): number => chain.findIndex((ref) => ref === name);
  const place = placeOf(servedBy);
  const who = place === -1 ? (servedBy ?? "answer") : `by ${place + 1}`;
  if (takenOverBy !== null) return `${who}, then ${placeOf(takenOverBy) === -1 ? takenOverBy : placeOf(takenOverBy) + 1}`;
  return place === 0 && attempts > 1 ? `${who}, 2nd try` : who;
}

function secondsText(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
