import type { EditOutcome } from "../config/edit.ts";
import type { ConfigView } from "../broker.ts";
import { flag } from "./option.ts";
import type { Style } from "./style.ts";

/** What every command that changes the config answers with; each adds its own facts. */
export interface EditReport {
  schemaVersion: 1;
  outcome: "written" | "unchanged" | "dry run";
  configPath: string;
  /** The files that are, or with `--dry-run` would be, different. The diff is unified, without context; secrets are hidden. */
  files: { file: string; diff: string }[];
}

export const editOptions = { dryRun: flag("show what would change, as a diff, and write nothing") };

export function editReport({ kind, files, after }: EditOutcome<ConfigView>): EditReport {
  return { schemaVersion: 1, outcome: kind, configPath: after.config().path, files: files.map(({ file, diff }) => ({ file, diff })) };
}

/** Which file was changed, then what that means in one or several lines: `says` when something is different, `stays` when nothing was. */
export function editLines({ outcome, files }: EditReport, text: { readonly says: readonly string[]; readonly stays: string }, style: Style): string {
  if (outcome === "unchanged") return text.stays;
  if (outcome === "dry run")
    return [`Nothing was written. ${style.bold("This would change:")}`, ...files.map(({ diff }) => diff.trimEnd()), "", ...text.says].join("\n");
  return [...files.map(({ file }) => `Updated ${style.path(file)}`), ...text.says].join("\n");
}
