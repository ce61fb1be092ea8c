import { expect, test } from "vitest";
import { editLines, type EditReport } from "../../src/cli/edit-report.ts";
import { harmlessReport } from "../../src/cli/harmless.ts";
import { makeStyle } from "../../src/cli/style.ts";

const style = (colour: boolean) => makeStyle({ colour, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 });
const report = (outcome: EditReport["outcome"]): EditReport => ({
  schemaVersion: 1,
  outcome,
  configPath: "/home/me/.nemo/nemo.json",
  files: [
    { file: "/home/me/.nemo/a.json", diff: ["--- /home/me/.nemo/a.json", "+++ /home/me/.nemo/a.json", "@@ -1 +1,2 @@", "-\ta: 1", "+\ta: 2", "+\u001b[31m"] },
  ],
});
const text = { says: ["Now a is 2"], stays: "a is 2, as before" };

test("what was written is said after the file that it was written to", () => {
  expect(editLines(report("written"), text, style(false))).toBe("Updated ~/.nemo/a.json\nNow a is 2");
  expect(editLines(report("unchanged"), text, style(false))).toBe("a is 2, as before");
});

test("the lines of a diff have colours beside their signs, tabs are space, and no other control character is left", () => {
  const lines = editLines(harmlessReport(report("dry run")), text, style(true));
  expect(lines.split("\n")).toEqual([
    "Nothing was written. \u001b[1mThis would change:\u001b[22m",
    "\u001b[1m~/.nemo/a.json\u001b[22m",
    "\u001b[2m@@ -1 +1,2 @@\u001b[22m",
    "\u001b[31m-  a: 1\u001b[39m",
    "\u001b[32m+  a: 2\u001b[39m",
    "\u001b[32m+\\u{1b}[31m\u001b[39m",
    "",
    "Now a is 2",
  ]);
});
