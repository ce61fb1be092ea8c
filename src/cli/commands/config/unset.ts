import type { Broker } from "../../../broker.ts";
import { findKey } from "../../../config/find-key.ts";
import { keyPathText } from "../../../config/key-path.ts";
import type { Planned } from "../../../config/planned.ts";
import { AppError } from "../../../kernel/errors.ts";
import { defineCommand } from "../../command.ts";
import { editLines, editOptions, type EditReport } from "../../edit-report.ts";
import { plannedEdit } from "../../planned-edit.ts";
import { shownValue, takenBack } from "../../shown-value.ts";
import type { Style } from "../../style.ts";
import type { Talk } from "../../talk.ts";

export interface ConfigUnsetReport extends EditReport {
  key: string;
  /** As it was in effect, secrets as "[secret]". */
  previous: unknown;
}

export const configUnset = defineCommand({
  summary: "Take one key out of the config",
  about: "With the comments that belong to it: those on its line, and those directly above it without a blank line between. Afterwards its default counts.",
  args: [{ name: "key", help: "a path such as agents.defaults.imageModel or agents.list[0].name", names: "config-key" }],
  rooms: [],
  options: editOptions,
  examples: [
    { run: "config unset agents.defaults.imageModel", does: "no image model any more" },
    { run: "config unset agents.defaults.imageModel --dry-run", does: "what would go" },
  ],
  run: (broker, { dryRun }, [key = ""], talk) => unset(broker, talk, { key, dryRun }),
  human,
});

async function unset(broker: Broker, talk: Talk, { key, dryRun }: { readonly key: string; readonly dryRun: boolean }): Promise<ConfigUnsetReport> {
  const { report, facts } = await plannedEdit({ broker, talk, command: "config unset", dryRun }, ({ config }): Planned<{ key: string; previous: unknown }> => {
    const { path, value } = findKey(config(), key);
    if (path.length === 0) throw new AppError("USAGE", "the whole config cannot be taken out", { hint: "Name one key; `{cli} config get` shows all." });
    return { edits: [{ kind: "remove", path }], facts: { key: keyPathText(path), previous: value }, warnings: [] };
  });
  return { ...report, ...facts };
}

function human(report: ConfigUnsetReport, style: Style): string {
  const { key, previous, outcome } = report;
  const says = `${key} is ${outcome === "dry run" ? "gone then" : "gone"}${style.dim(` (was ${shownValue(previous)})`)}`;
  return editLines(report, { says: [says, ...takenBack(outcome, style)], stays: `${key} is not set, as before` }, style);
}
