import { expect, test } from "vitest";
import { liveLines } from "../../src/cli/live-lines.ts";
import type { LiveServerRow } from "../../src/cli/live-rows.ts";
import { makeStyle } from "../../src/cli/style.ts";

const style = makeStyle({ colour: false, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 });
const server = (more: Partial<LiveServerRow>): LiveServerRow =>
  ({
    label: "Lab",
    outcome: "listed",
    detail: null,
    models: 0,
    listedAt: null,
    kept: false,
    account: null,
    url: null,
    skipped: 0,
    hint: null,
    ...more,
  }) as LiveServerRow;
const last = (...servers: LiveServerRow[]) => liveLines({ models: [], servers }, style).split("\n").at(-1);

test("that nothing matches is said only where something was listed", () => {
  expect(last(server({ models: 3 }))).toBe("No model is listed that matches.");
  expect(last(server({ outcome: "failed", detail: "could not be found" }), server({}))).toBe("No model was listed.");
});

test("what mends it is wrapped with the name that the program has, however long that is", () => {
  const long = makeStyle({ colour: false, width: 80, cli: "neuroion --profile work", homeDir: "/home/me", nowMs: 0 });
  const hint = "Put another key in its place: `{cli} models auth add --provider lab --replace`.";
  const failed = server({ outcome: "failed", detail: "does not accept the credential (401)", hint });
  expect(
    liveLines({ models: [], servers: [failed] }, long)
      .split("\n")
      .slice(1, 3),
  ).toEqual(["  → Put another key in its place: `neuroion --profile work models auth add", "    --provider lab --replace`."]);
});

test("one odd entry is one entry", () => {
  const head = (skipped: number) => liveLines({ models: [], servers: [server({ models: 1, skipped })] }, style).split("\n")[0];
  expect([head(1), head(2)]).toEqual(["✓ Lab 1 model (1 entry could not be used)", "✓ Lab 1 model (2 entries could not be used)"]);
});
