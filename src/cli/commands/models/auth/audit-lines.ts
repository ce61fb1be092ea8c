import { placeText } from "../../../../kernel/place.ts";
import { counted } from "../../../counted.ts";
import { hang } from "../../../hanging-text.ts";
import type { Style } from "../../../style.ts";
import { padEnd } from "../../../text-width.ts";
import type { AuditReport, ClearTextRow, MovedRow } from "./audit-report.ts";
import { copyLines } from "./logout-lines.ts";

export function auditText(report: AuditReport, style: Style): string {
  const { found, openStores, filesRead, moved } = report;
  const head = moved === null ? [] : [...movedLines(moved, style), ""];
  if (found.length + openStores.length === 0) {
    const text = `No secret lies in clear text outside the stores. Looked into ${counted(filesRead, "file")} and those of known tools.`;
    return [...head, hang(`${style.good("✓")} `, text, style.width)].join("\n");
  }
  const files = new Set(found.map(({ file }) => file)).size;
  const many = `${found.length} in ${counted(files, "file")}`;
  return [
    ...head,
    ...openStores.flatMap(({ file, message, todo }) => [
      hang(`${style.bad("✗")} `, `${style.path(file)} ${message}`, style.width),
      hang(`  ${style.accent("→")} `, todo, style.width),
    ]),
    ...(found.length === 0
      ? []
      : [`${style.bold("Secrets in clear text")}  ${style.dim(many)}`, ...found.flatMap((row) => rowLines(row, found.length, style))]),
  ].join("\n");
}

const WHAT: Readonly<Record<ClearTextRow["kind"], string>> = {
  config: "config",
  "models.json": "an agent's models.json",
  "older store": "file of an earlier version",
  tool: "file of a tool",
  dotenv: ".env file",
  "shell profile": "shell profile",
  "shell history": "shell history",
  backup: "backup",
  "stray file": "left-over file",
  cache: "an agent's cache",
};

function rowLines(row: ClearTextRow, total: number, style: Style): string[] {
  const { number, file, line, lines, called, provider, fingerprint, kind, tool, storedAs, todo } = row;
  const mark = `  ${padEnd(String(number), String(total).length)} `;
  const indent = " ".repeat(mark.length);
  const place = placeText({ file: style.path(file), ...(line !== null && { line }) });
  const facts = [
    tool ?? WHAT[kind],
    ...(called === null ? [] : [called]),
    ...(provider === null ? [] : [provider]),
    fingerprint,
    ...(storedAs === null ? [] : [`the same as ${storedAs}`]),
    ...(lines > 1 ? [`on ${lines} lines`] : []),
  ];
  return [
    hang(mark, place, style.width),
    style.dim(hang(indent, facts.join(" · "), style.width)),
    hang(`${indent}${style.accent("→")} `, todo.replaceAll("{cli}", style.cli), style.width),
  ];
}

function movedLines(
  { file, called, profileId, fingerprint, storePath, wasStored, configFiles, takenOut, copies, copiesCut }: MovedRow,
  style: Style,
): string[] {
  const stays = takenOut ? [] : [hang(`${style.warn("!")} `, `It still stands in ${style.path(file)}, which is yours to edit: delete it there.`, style.width)];
  return [
    ...(wasStored ? [] : [`Updated ${style.path(storePath)}`]),
    ...configFiles.map((edited) => `Updated ${style.path(edited)}`),
    ...(!takenOut || called === null ? [] : [`  without ${called}`]),
    hang("", `${style.bold(profileId)} holds ${wasStored ? "it already" : "it now"} ${style.dim(fingerprint)}`, style.width),
    ...stays,
    ...copyLines({ copies: copies.filter((copy) => copy.file !== file), copiesCut }, style),
  ];
}
