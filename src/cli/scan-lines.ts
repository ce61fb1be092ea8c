import type { ScanRow, ScanTestRow } from "../probe/scan-row.ts";
import { SCAN_TESTS } from "../probe/scan-test.ts";
import { counted } from "./counted.ts";
import { diffLines } from "./edit-report.ts";
import { listLines } from "./fallback-lines.ts";
import { hang, hintLine } from "./hanging-text.ts";
import { abilityText, ABILITY_LEGEND, priceText, tokensText } from "./model-words.ts";
import { latencyText } from "./probe-lines.ts";
import { nameIn, sizeText, speedText, testText } from "./scan-cells.ts";
import type { ListedReport, ScanList, ScanReport } from "./scan-report.ts";
import { takenBack } from "./shown-value.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { wrap } from "./text-width.ts";

/** What was found, what went wrong, what was done about it. */
export function scanLines(report: ScanReport, style: Style): string {
  const { results } = report;
  if (results.length === 0) return wrap("No model matches. --paid takes those that cost money too; fewer filters find more.", style.width);
  return [
    headline(report, style),
    "",
    testTable(results, style),
    "",
    ...failureLines(results, style),
    ...noteLines(results, style),
    ...choiceLines(report, style),
  ].join("\n");
}

/** A bare list, of which nothing was tested. */
export function listedLines(rows: ListedReport, style: Style): string {
  if (rows.length === 0) return wrap("No model matches. --paid takes those that cost money too; fewer filters find more.", style.width);
  const free = rows.filter(({ isFree }) => isFree).length;
  const isAllFree = free === rows.length;
  const models = `${isAllFree ? "free " : ""}${rows.length === 1 ? "model" : "models"}${isAllFree ? "" : ` (${free} of them free)`}`;
  const head = `Found ${rows.length} ${models}, not probed.`;
  const cells = rows.map((row) => [
    row.modelRef,
    "not probed",
    abilityText({ ...row.stated, input: inputOf(row) }),
    tokensText(row.contextLength),
    sizeText(row.inferredParamB),
    ...(isAllFree ? [] : [row.isFree ? "free" : priceText(row.usdPerMTok)]),
  ]);
  const headers = ["Model", "Tests", "TVR", "Context", "Size", ...(isAllFree ? [] : ["$ in / out"])];
  const align = headers.map((header) => (/Context|Size|\$/.test(header) ? ("right" as const) : ("left" as const)));
  const legend = `By their own word: ${isAllFree ? ABILITY_LEGEND.replace(/ · \$.*/, "") : ABILITY_LEGEND}.`;
  return [
    head,
    "",
    table(cells, { headers, style, flexible: 0, align }),
    "",
    style.dim(wrap(legend, style.width)),
    style.dim("Without --no-probe they are tested."),
  ].join("\n");
}

function inputOf({ stated }: ScanRow): string {
  return stated.images === null ? "-" : stated.images ? "text+image" : "text";
}

function headline({ results, requests, durationMs, repeat }: ScanReport, style: Style): string {
  const tools = results.filter(({ tool }) => tool.ok).length;
  const images = results.filter(({ image }) => image.ok).length;
  const both = results.filter(({ tool, image }) => tool.ok && image.ok).length;
  const sign = tools > 0 ? style.good("✓") : style.bad("✗");
  const of = `${tools} of ${results.length} ${results.length === 1 ? "model calls" : "models call"} tools`;
  const seeing =
    images === 0 ? "none sees images" : `${images} ${images === 1 ? "sees" : "see"} images${both === images ? "" : `, ${both} of them with tools`}`;
  const asked = `${counted(requests, "request")} in ${latencyText(durationMs)}${repeat > 1 ? `, each test ${repeat} times` : ""}`;
  return hang(`${sign} `, `${of}; ${seeing} ${style.dim(`(${asked})`)}`, style.width);
}

/** The source's name is not repeated in every line where there is but one. */
function testTable(rows: readonly ScanRow[], style: Style): string {
  const name = nameIn(rows);
  const [first] = rows;
  const hasSpeed = rows.some(({ tokensPerSecond }) => tokensPerSecond !== null);
  const hasPrice = rows.some(({ isFree }) => !isFree);
  const cells = rows.map((row) => [
    name(row),
    testCell(row.tool, style),
    testCell(row.image, style),
    signCell(row.json, style),
    signCell(row.stream, style),
    ...(hasSpeed ? [speedText(row.tokensPerSecond)] : []),
    tokensText(row.contextLength),
    sizeText(row.inferredParamB),
    ...(hasPrice ? [row.isFree ? "free" : priceText(row.usdPerMTok)] : []),
  ]);
  const model = first !== undefined && name(first) === first.id ? `Model (${first.provider}/…)` : "Model";
  const headers = [model, "Tool", "Image", "JSON", "SSE", ...(hasSpeed ? ["tok/s"] : []), "Ctx", "Size", ...(hasPrice ? ["$ in / out"] : [])];
  const align = headers.map((header) => (header === model || header === "JSON" || header === "SSE" ? ("left" as const) : ("right" as const)));
  return table(cells, { headers, style, flexible: 0, align });
}

function testCell(test: ScanTestRow, style: Style): string {
  const text = testText(test);
  return test.ok ? style.good(text) : test.skipped === true ? style.dim(text) : style.bad(text);
}

function signCell(test: ScanTestRow, style: Style): string {
  if (test.ok) return style.good("✓");
  return test.skipped === true ? style.dim("skip") : style.bad("fail");
}

const WORDS = { tool: "tool", image: "image", json: "JSON", stream: "stream" } as const;
const MOST_NAMED = 3;

/** Those that failed alike stand together; what was not asked because of it goes without saying. */
function failureLines(rows: readonly ScanRow[], style: Style): string[] {
  const nameOf = nameIn(rows);
  const groups = new Map<string, { readonly error: string; readonly hint: string | undefined; readonly models: string[] }>();
  for (const row of rows)
    for (const name of SCAN_TESTS) {
      const { ok, skipped, error, hint, answer, reason } = row[name];
      if (ok || error === undefined || (skipped === true && reason !== "unresolved_reference" && reason !== "unaddressed")) continue;
      const said = answer === undefined || reason !== "answer" ? "" : ` ("${answer}")`;
      const text = `${WORDS[name]}: ${error}${said}`;
      // Of a model that answers something else, what is wrong is not what these hints are about.
      const hasAnswered = SCAN_TESTS.some((other) => row[other].ok);
      const group = groups.get(text) ?? { error: text, hint: hasAnswered ? undefined : hint, models: [] };
      groups.set(text, group);
      group.models.push(nameOf(row));
    }
  if (groups.size === 0) return [];
  return [...[...groups.values()].flatMap(({ error, hint, models }) => failureLine(error, models, hint, style)), ""];
}

function failureLine(error: string, models: readonly string[], hint: string | undefined, style: Style): string[] {
  const named = models.slice(0, MOST_NAMED).join(", ");
  const more = models.length > MOST_NAMED ? ` and ${models.length - MOST_NAMED} more` : "";
  const line = hang(`${style.bad("✗")} `, `${style.bold(`${named}${more}`)} · ${error}`, style.width);
  return hint === undefined ? [line] : [line, hintLine("  ", hint, style)];
}

function noteLines(rows: readonly ScanRow[], style: Style): string[] {
  const nameOf = nameIn(rows);
  const lines = rows.flatMap((row) =>
    SCAN_TESTS.flatMap((name) => {
      const { note } = row[name];
      return note === undefined ? [] : [hang(`${style.dim("·")} `, `${nameOf(row)} · ${WORDS[name]}: ${note}`, style.width)];
    }),
  );
  return lines.length === 0 ? [] : [...lines, ""];
}

function choiceLines(report: ScanReport, style: Style): string[] {
  const { outcome, consent, selected, files, lists } = report;
  if (!report.results.some(({ tool }) => tool.ok)) return [wrap("No model calls tools, so that none can serve an agent. Nothing was written.", style.width)];
  if (outcome === "not written") return consent === "person" ? ["Nothing was chosen, and nothing was written."] : notWritten(report, style);
  const says = lists.flatMap((list) => listedChange(list, style));
  if (outcome === "unchanged") return ["Nothing had to be changed.", ...says];
  if (outcome === "dry run")
    return [
      `Nothing was written. ${style.bold(`This would change with ${selected.length} chosen:`)}`,
      ...files.flatMap((file) => diffLines(file, style)),
      "",
      ...says,
    ];
  return [...files.map(({ file }) => `Updated ${style.path(file)}`), ...says, ...takenBack("written", style)];
}

function notWritten({ selected, selectedImages }: ScanReport, style: Style): string[] {
  const images = selectedImages.length === 0 ? [] : [wrap(`Best for images: ${selectedImages.map((ref) => style.accent(ref)).join(", ")}`, style.width, "  ")];
  return [
    wrap(`Best: ${selected.map((ref) => style.accent(ref)).join(", ")}`, style.width, "  "),
    ...images,
    hang(
      `${style.accent("→")} `,
      `Nothing was written. The same with ${style.accent("--yes")} makes them the fallbacks; with --keep-existing too, after those that are there.`,
      style.width,
    ),
  ];
}

function listedChange(list: ScanList, style: Style): string[] {
  const removed = list.removed.length === 0 ? [] : [wrap(`No longer there: ${list.removed.join(", ")}`, style.width, "  ")];
  const { role, primary, previous } = list;
  const before = previous === null || previous === primary ? "" : style.dim(` (was ${previous})`);
  const title = role === "fallback" ? "Default model" : "Image model";
  return [...(primary === null ? [] : [wrap(`${title}: ${style.accent(primary)}${before}`, style.width, "  ")]), ...listLines(list, style), ...removed];
}
