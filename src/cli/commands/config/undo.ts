import type { Broker } from "../../../broker.ts";
import { isoTime } from "../../../kernel/duration.ts";
import { ERRORS, EXIT } from "../../../kernel/errors.ts";
import { undoEdit } from "../../../config/undo.ts";
import { defineCommand } from "../../command.ts";
import { diffLines, editOptions, type FileDiff, fileDiff } from "../../edit-report.ts";
import type { Style } from "../../style.ts";
import { wrap } from "../../text-width.ts";

export interface ConfigUndoReport {
  schemaVersion: 1;
  outcome: "written" | "dry run";
  /** The command whose change is taken back, and when it was made. */
  undone: string;
  changedAt: string;
  files: FileDiff[];
  /** Why it cannot be taken back; only with `--dry-run`, else that is the error. */
  obstacle: { message: string; hint: string } | null;
}

export const configUndo = defineCommand({
  summary: "Take the last change of the config back",
  about:
    "Puts back the text from before the last command that changed the config, in all its files or in none, and only when nothing else has changed them since. Running it again brings the change back. Changes that were made by hand are not known here.",
  rooms: [],
  options: editOptions,
  examples: [
    { run: "config undo", does: "the text from before" },
    { run: "config undo --dry-run", does: "what would change" },
  ],
  run: (broker, { dryRun }) => undo(broker, dryRun ? "dry run" : "for real"),
  human,
  exitCode: ({ obstacle }) => (obstacle === null ? EXIT.ok : ERRORS.UNDO_UNAVAILABLE.exit),
});

async function undo({ host, names }: Broker, how: "dry run" | "for real"): Promise<ConfigUndoReport> {
  const { kind, undone, files, obstacle } = await undoEdit({ host, names }, { dryRun: how === "dry run" });
  return {
    schemaVersion: 1,
    outcome: kind,
    undone: undone.command,
    changedAt: isoTime(undone.atMs),
    files: files.map(fileDiff),
    obstacle: obstacle === undefined ? null : { message: obstacle.message, hint: obstacle.hint },
  };
}

function human({ outcome, undone, files, obstacle }: ConfigUndoReport, style: Style): string {
  if (outcome === "written") {
    return [
      ...files.map(({ file }) => `Restored ${style.path(file)}`),
      `Taken back: ${style.accent(undone)}. ${style.dim(`\`${style.cli} config undo\` brings it again.`)}`,
    ].join("\n");
  }
  const lines = files.flatMap((file) => diffLines(file, style));
  if (obstacle === null) return [`Nothing was written. ${style.bold(`This would take back "${undone}":`)}`, ...lines].join("\n");
  return [wrap(`${style.warn("!")} ${obstacle.message}. ${obstacle.hint}`, style.width, "  "), ...lines].join("\n");
}
