import type { ConfigView } from "../broker.ts";
import type { EditedFile, EditOutcome } from "../config/config-edit.ts";
import { flag } from "./option.ts";
import type { Style } from "./style.ts";

/** What every command that changes the config answers with; each adds its own facts. */
export interface EditReport {
  schemaVersion: 1;
  outcome: "written" | "unchanged" | "dry run";
  configPath: string;
  /** The files that are, or with `--dry-run` would be, different. */
  files: FileDiff[];
}

export interface FileDiff {
  file: string;
  /** The lines of a unified diff without context; secrets are hidden. None where nobody would see them. */
  diff: string[];
}

export const editOptions = { dryRun: flag("show what would change, as a diff, and write nothing") };

/** `shows`: what the person will see of it, for a diff takes a while to work out. */
export function editReport({ kind, files, after }: EditOutcome<ConfigView>, shows: "diffs" | "names"): EditReport {
  const told = shows === "diffs" ? files.map(fileDiff) : files.map(({ file }) => ({ file, diff: [] }));
  return { schemaVersion: 1, outcome: kind, configPath: after.config().path, files: told };
}

export function fileDiff({ file, diff }: EditedFile): FileDiff {
  return { file, diff: diff.trimEnd().split("\n") };
}

/** Which file was changed, then what that means in one or several lines: `says` when something is different, `stays` when nothing was. */
export function editLines({ outcome, files }: EditReport, text: { readonly says: readonly string[]; readonly stays: string }, style: Style): string {
  if (outcome === "unchanged") return text.stays;
  if (outcome === "dry run")
    return [`Nothing was written. ${style.bold("This would change:")}`, ...files.flatMap((file) => diffLines(file, style)), "", ...text.says].join("\n");
  return [...files.map(({ file }) => `Updated ${style.path(file)}`), ...text.says].join("\n");
}

/** The name of the file, then its changed lines. */
export function diffLines({ file, diff }: FileDiff, style: Style): string[] {
  return [style.bold(style.path(file)), ...diff.slice(2).map((line) => painted(shownTabs(line), style))];
}

function painted(line: string, style: Style): string {
  if (line.startsWith("+")) return style.good(line);
  if (line.startsWith("-")) return style.bad(line);
  return style.dim(line);
}

/** Tabs were made visible with all other control characters; of these there is no need to be afraid. */
function shownTabs(line: string): string {
  return line.replaceAll("\\u{9}", "  ");
}
