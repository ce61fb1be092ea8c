/** What a rig could not do for want of a tool. */
const NOT_RUN = 69;

/**
 * One line of what a rig found: faults that fired of those that were planned, then what went wrong, all of which is to be 0. Sets the exit code: 1
 * when it is not good. With `json` the line goes to stderr, and stdout has one document a line. With `notRun`, one loud line and exit 69 at once.
 */
export function finish(title, result, { json = false, isGood = false, note = "" } = {}) {
  if (result.notRun !== undefined) {
    console.error(`NOT RUN: ${title}: ${result.notRun}`);
    process.exit(NOT_RUN);
  }
  if (!isGood) process.exitCode = 1;
  if (json) console.log(JSON.stringify({ title, isGood, result, note }));
  const { planned, fired, ...counts } = result;
  const faults = planned === undefined ? "" : `faults fired ${fired} / ${planned} planned, `;
  const said = Object.entries(counts).map(([key, value]) => `${typeof value === "object" ? JSON.stringify(value) : value} ${key}`);
  (json ? console.error : console.log)(`${isGood ? "ok    " : "FAILED"}  ${title}: ${faults}${said.join(", ")}${note === "" ? "" : `; ${note}`}`);
}
