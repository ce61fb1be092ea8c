import type { EditReport } from "./edit-report.ts";
import type { Style } from "./style.ts";

const LONGEST = 100;

/** A value of the config on one line, cut where it is long. */
export function shownValue(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

/** A line for what was written. */
export function takenBack(outcome: EditReport["outcome"], style: Style): string[] {
  return outcome === "written" ? [style.dim(`\`${style.cli} config undo\` takes it back.`)] : [];
}
