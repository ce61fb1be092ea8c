import { expect, test } from "vitest";
import { problemLines } from "../../src/cli/problem-lines.ts";
import { makeStyle } from "../../src/cli/style.ts";

test("a hint is wrapped with the name that the program has, however long that is", () => {
  const style = makeStyle({ colour: false, width: 80, cli: "neuroion --profile work", homeDir: "/home/me", nowMs: 0 });
  const hint = "Run `{cli} models auth add --provider anthropic`, or set ANTHROPIC_API_KEY.";
  expect(
    problemLines(
      [{ code: "CREDENTIAL_MISSING", severity: "error", subject: "anthropic", message: "it is missing", hint, file: null, line: null, column: null }],
      style,
    ),
  ).toEqual(["  ✗ it is missing", "    → Run `neuroion --profile work models auth add --provider anthropic`, or set\n      ANTHROPIC_API_KEY."]);
});
