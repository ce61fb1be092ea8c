import type { ProblemRow } from "../../status/problem-row.ts";
import { problemRows } from "../../status/problem-row.ts";
import { AppError } from "../../kernel/errors.ts";
import { defineCommand } from "../command.ts";
import { counted } from "../counted.ts";
import { hang } from "../hanging-text.ts";
import { flag } from "../option.ts";
import { problemCounts, problemLines } from "../problem-lines.ts";
import type { Style } from "../style.ts";
import { AREAS, type Area, whatWasRead } from "./doctor-findings.ts";
import { type Examined, examine, repairAll, type RepairRow, repairRow, type RepairWish } from "./doctor-repair.ts";

/** Everything that is wrong with the files that are read, and what to do about it. */
export interface DoctorReport {
  schemaVersion: 1;
  /** In the order in which they were looked at. `unknown`: not looked at, because the config could not be read. */
  areas: { area: Area; state: "good" | "warnings" | "errors" | "unknown"; what: string }[];
  counts: { errors: number; warnings: number; notes: number };
  /** Errors first. With `--repair` what is left afterwards. */
  problems: ProblemRow[];
  /** What can be mended; with `--repair` what became of it. */
  repairs: RepairRow[];
}

export const doctor = defineCommand({
  summary: "Look at every file that is read and name what is wrong",
  about: [
    "Exits with 1 when there is an error, with 0 otherwise. No vendor is asked, and without --repair nothing is written.",
    "With --repair each thing that can be mended is shown and asked for. A store or config that cannot be used is put back from its backup, and the broken file is kept beside it; permissions that are too wide are taken away; what interrupted commands left is removed. Nothing else is touched.",
  ].join("\n\n"),
  options: {
    repair: flag("mend what can be mended, after a question for each"),
    yes: flag("with --repair: mend all of it without asking"),
    dryRun: flag("with --repair: show what would be done, and do nothing"),
  },
  examples: [
    { run: "doctor", does: "every problem with its place and what mends it" },
    { run: "doctor --repair", does: "ask for each thing that can be mended" },
    { run: "doctor --repair --yes --json", does: "mend, and tell as data" },
  ],
  run: async (broker, given, _args, talk): Promise<DoctorReport> => {
    refuseLoneFlags(given);
    if (!given.repair) {
      const examined = await examine(broker);
      return reportOf(
        examined,
        examined.repairs.map((repair) => repairRow(repair, "offered")),
      );
    }
    const { rows, after } = await repairAll(broker, given, talk);
    return reportOf(after, rows);
  },
  human,
  exitCode: ({ counts, repairs }) => (counts.errors > 0 || repairs.some(({ outcome }) => outcome === "failed") ? 1 : 0),
});

function refuseLoneFlags({ repair, yes, dryRun }: RepairWish & { readonly repair: boolean }): void {
  const lone = repair ? undefined : yes ? "--yes" : dryRun ? "--dry-run" : undefined;
  if (lone !== undefined) throw new AppError("USAGE", `${lone} goes with --repair`, { hint: `Run: {cli} doctor --repair ${lone}` });
  if (yes && dryRun) throw new AppError("USAGE", "--yes and --dry-run exclude each other", { hint: "Give one of the two." });
}

function reportOf({ problems, broker, configWasRead }: Examined, repairs: RepairRow[]): DoctorReport {
  const rows = problemRows(problems);
  const count = (severity: ProblemRow["severity"]): number => rows.filter((problem) => problem.severity === severity).length;
  return {
    schemaVersion: 1,
    areas: AREAS.map(([area, codes]) => {
      const own = rows.filter(({ code }) => codes.test(code));
      if (configWasRead === "yes") return { area, state: stateOf(own), what: whatWasRead(area, broker) };
      return area === "config"
        ? { area, state: stateOf(own), what: "cannot be used as it is" }
        : { area, state: "unknown", what: "not looked at: the config comes first" };
    }),
    counts: { errors: count("error"), warnings: count("warning"), notes: count("note") },
    problems: rows,
    repairs,
  };
}

function stateOf(problems: readonly ProblemRow[]): "good" | "warnings" | "errors" {
  if (problems.some(({ severity }) => severity === "error")) return "errors";
  return problems.some(({ severity }) => severity === "warning") ? "warnings" : "good";
}

function human(report: DoctorReport, style: Style): string {
  const { areas, problems, repairs } = report;
  const sign = { good: style.good("✓"), warnings: style.warn("!"), errors: style.bad("✗"), unknown: style.dim("?") };
  const width = Math.max(...areas.map(({ area }) => area.length));
  const found = problemCounts(problems);
  const notes = report.counts.notes === 0 ? "" : style.dim(`${found === "" ? "" : ", "}${counted(report.counts.notes, "note")}`);
  return [
    ...repairLines(repairs, style),
    found === ""
      ? `${style.good("✓")} Nothing is wrong${notes === "" ? "." : `; ${notes}.`}`
      : `${report.counts.errors > 0 ? style.bad("✗") : style.warn("!")} ${found}${notes}`,
    ...(problems.length === 0 ? [] : ["", ...problemLines(problems, style)]),
    "",
    style.bold("Looked at"),
    ...areas.map(({ area, state, what }) => hang(`  ${sign[state]} ${area.padEnd(width)}  `, what.split(", ").map(style.path).join(", "), style.width)),
  ].join("\n");
}

/** What `--repair` did. What is only offered stands with its problem. */
function repairLines(repairs: readonly RepairRow[], style: Style): string[] {
  const told = repairs.filter(({ outcome }) => outcome !== "offered");
  if (told.length === 0) return [];
  const signs = {
    done: style.good("✓"),
    failed: style.bad("✗"),
    offered: "",
    declined: style.dim("·"),
    "not needed": style.dim("·"),
    "would be done": style.accent("→"),
  };
  const lines = told.flatMap(({ outcome, message, would, files, reason }) => [
    hang(`  ${signs[outcome]} `, `${outcome}: ${would}`, style.width),
    style.dim(hang("    ", `${message}${reason === null ? "" : `. ${reason}`}`, style.width)),
    ...files.map((file) => style.dim(`    at ${style.path(file)}`)),
  ]);
  return [style.bold("Repairs"), ...lines, ""];
}
