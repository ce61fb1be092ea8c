import { agoText, shortDuration } from "../kernel/duration.ts";
import { assertNever } from "../kernel/errors.ts";
import type { AuthRefreshReport, RefreshRow } from "./commands/models/auth/refresh-report.ts";
import { hang, hintLine } from "./hanging-text.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";

/** Problems first, each with what mends it; then one line a login. */
export function refreshText({ logins, leftAlone }: AuthRefreshReport, style: Style): string {
  const problems = logins.flatMap(({ problem, usable }) =>
    problem === null ? [] : [hang(usable ? style.warn("! ") : style.bad("✗ "), `${problem.message}.`, style.width), hintLine("  ", problem.hint, style)],
  );
  const rows = logins.map((row) => [row.profileId, outcomeText(row, style), endText(row, style)]);
  const foreign =
    leftAlone.length === 0
      ? []
      : [hang("", style.dim(`Left alone, for the program that made it renews it: ${leftAlone.map(({ profileId }) => profileId).join(", ")}.`), style.width)];
  if (logins.length === 0) return ["No login here is renewed by this program.", ...foreign, `${style.accent("→")} ${style.cli} models auth login`].join("\n");
  return [...problems, ...(problems.length > 0 ? [""] : []), table(rows, { style, flexible: 0, indent: "  " }), ...foreign].join("\n");
}

function outcomeText({ outcome, usable }: RefreshRow, style: Style): string {
  switch (outcome) {
    case "renewed":
      return style.good("✓ renewed");
    case "adopted":
      return style.good("✓ renewed by another program");
    case "not due":
      return style.dim("- not due");
    case "failed":
    case "needs login":
      return usable ? style.warn(`! ${outcome}`) : style.bad(`✗ ${outcome}`);
    default:
      return assertNever(outcome);
  }
}

function endText({ expiresAt }: RefreshRow, style: Style): string {
  if (expiresAt === null) return "";
  const leftMs = expiresAt - style.nowMs;
  return style.dim(leftMs > 0 ? `ends in ${shortDuration(leftMs)}` : `ended ${agoText(-leftMs)}`);
}
