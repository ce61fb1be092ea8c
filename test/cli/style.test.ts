import { expect, test } from "vitest";
import { makeStyle, wantsColour } from "../../src/cli/style.ts";
import { fakeTerminal } from "../support/fake-terminal.ts";

test("colour is for terminals; NO_COLOR takes it away and FORCE_COLOR brings it back", () => {
  const tty = fakeTerminal({ stdoutIsTty: true });
  const pipe = fakeTerminal({ stdoutIsTty: false });
  const rows = [
    [{}, tty, true],
    [{}, pipe, false],
    [{ NO_COLOR: "1" }, tty, false],
    [{ NO_COLOR: "" }, tty, true],
    [{ FORCE_COLOR: "1" }, pipe, true],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, pipe, true],
    [{ FORCE_COLOR: "0" }, tty, false],
    [{ TERM: "dumb" }, tty, false],
  ] as const;
  expect(rows.map(([env, terminal]) => wantsColour(env, terminal))).toEqual(rows.map(([, , expected]) => expected));
});

test("the home folder is shortened, a folder that only begins like it is not", () => {
  const style = makeStyle({ colour: false, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 });
  expect(["/home/me", "/home/me/.nemo", "/home/mel/.nemo", "/etc"].map(style.path)).toEqual(["~", "~/.nemo", "/home/mel/.nemo", "/etc"]);
});

test("a narrow terminal still gets 60 columns and a wide one at most 120", () => {
  const width = (columns: number) => makeStyle({ colour: false, width: columns, cli: "nemo", homeDir: "/", nowMs: 0 }).width;
  expect([20, 80, 300].map(width)).toEqual([60, 80, 120]);
});
