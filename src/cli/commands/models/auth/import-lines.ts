import { shortDuration } from "../../../../kernel/duration.ts";
import { placeText } from "../../../../kernel/place.ts";
import { hang } from "../../../hanging-text.ts";
import { problemLines } from "../../../problem-lines.ts";
import type { Style } from "../../../style.ts";
import { table } from "../../../table.ts";
import { carriedLines } from "./carried-over.ts";
import type { FoundRow, ImportReport } from "./import-report.ts";

const KINDS: Readonly<Record<FoundRow["type"], string>> = { api_key: "key", token: "token", oauth: "login" };

export function importText(report: ImportReport, style: Style): string {
  const { outcome, found, problems } = report;
  if (problems.length > 0) return [style.bold("Problems"), ...problemLines(problems, style), "", importText({ ...report, problems: [] }, style)].join("\n");
  if (found.length === 0) return hang("", "Nothing was found: no variable, no older file and no file of a known tool holds a credential.", style.width);
  if (outcome === "declined") return "Nothing was stored.";
  const imported = found.filter((row) => row.imported);
  if (outcome !== "imported") return [...foundLines(report, style), ...closingLines(report, style)].join("\n");
  return [
    `Updated ${style.path(report.storePath)}`,
    ...report.configFiles.map((file) => `Updated ${style.path(file)}`),
    `${style.bold("Stored")}  ${style.dim(`agent ${report.agentId}`)}`,
    rowTable(imported, style),
    ...carriedLines(report.carriedOver, style),
    ...closingLines(report, style),
  ].join("\n");
}

/** What was found, by what can become of it. */
export function foundLines({ found, agentId }: ImportReport, style: Style): string[] {
  const of = (verdict: FoundRow["verdict"]): FoundRow[] => found.filter((row) => row.verdict === verdict);
  const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ["", style.bold(title), ...lines]);
  const fresh = of("new");
  const lines = [
    ...(fresh.length === 0
      ? []
      : [`${style.bold("New")}  ${style.dim(`can be stored for agent ${agentId}`)}`, ...rowTable(fresh, style).split("\n"), ...takenLines(fresh, style)]),
    ...section(
      "Already there",
      [...of("stored"), ...of("repeated")].map((row) => hang("  = ", `${whereOf(row, style)} is the same as ${row.profileId}`, style.width)),
    ),
    ...section("Left where it is", refusedLines(of("refused"), style)),
  ];
  return lines[0] === "" ? lines.slice(1) : lines;
}

function rowTable(rows: readonly FoundRow[], style: Style): string {
  const cells = rows.map((row) => [
    row.profileId ?? row.providerName,
    KINDS[row.type],
    style.dim(row.fingerprint),
    expiryText(row, style),
    style.dim(whereOf(row, style)),
  ]);
  return table(cells, { style, flexible: 4, indent: `  ${style.good("+")} ` });
}

function expiryText({ expiresAt }: FoundRow, style: Style): string {
  return expiresAt === null ? "" : `ends in ${shortDuration(expiresAt - style.nowMs)}`;
}

function whereOf({ label, file, line, called, source }: FoundRow, style: Style): string {
  const place = file === null ? undefined : placeText({ file: style.path(file), ...(line !== null && { line }) });
  if (source === "environment") return place === undefined ? `${called} in the environment` : `${called} at ${place}`;
  return place === undefined ? label : `${label}, ${place}`;
}

function takenLines(rows: readonly FoundRow[], style: Style): string[] {
  return rows.flatMap(({ takenId, profileId }) =>
    takenId === null ? [] : [hang("    ", `${takenId} holds another secret, so this would be ${profileId}`, style.width)],
  );
}

/** A reason that several share is said once. */
function refusedLines(rows: readonly FoundRow[], style: Style): string[] {
  const reasons = [...new Set(rows.map(({ reason }) => reason))];
  return reasons.flatMap((reason) => [
    ...rows
      .filter((row) => row.reason === reason)
      .map((row) => hang("  - ", `${row.provider ?? row.providerName} ${KINDS[row.type]}: ${whereOf(row, style)}`, style.width)),
    style.dim(hang("    ", reason ?? "", style.width)),
  ]);
}

function closingLines({ outcome, found, configProblem }: ImportReport, style: Style): string[] {
  const arrow = style.accent("→");
  const problem =
    configProblem === null
      ? []
      : [
          hang(
            `${style.warn("!")} `,
            `The config lists other accounts and was not changed: ${configProblem.message}. ${configProblem.hint.replaceAll("{cli}", style.cli)}`,
            style.width,
          ),
        ];
  if (outcome === "imported")
    return [
      ...problem,
      hang("", "Nothing was changed where they come from: the secrets are still there as well.", style.width),
      `${arrow} ${style.cli} models auth audit`,
    ];
  if (outcome === "nothing new") return ["", "Nothing new: nothing was stored."];
  return found.some(({ verdict }) => verdict === "new")
    ? ["", "Nothing was stored.", `${arrow} ${style.cli} models auth import --yes`]
    : ["", "Nothing was stored."];
}
