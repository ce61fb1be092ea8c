import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { brands } from "../src/brand.ts";
import { commands } from "../src/cli/commands/index.ts";
import { runProgram } from "./program.ts";
import { onStage, root } from "./stage.ts";

/** What the reference pages of the three binaries name: facts, not their text. */
interface Reference {
  readonly commands: readonly string[];
  readonly flags: Readonly<Record<string, readonly { readonly flag: string; readonly value?: string }[]>>;
  readonly variables: readonly string[];
}

const reference: Reference = JSON.parse(readFileSync(join(root, "test/fixtures/reference-flags.json"), "utf8"));
const built = reference.commands.filter((path) => Object.hasOwn(commands, path));

test("of the commands that the reference pages name, all that read are built", () => {
  const reading = reference.commands.filter((path) => / (status|list)$/.test(path));
  expect(reading.filter((path) => !built.includes(path))).toEqual([]);
});

describe.concurrent.each(Object.values(brands))("the help of $bin", (brand) => {
  test.each(built)("says all that the reference page says of %s", async (path) => {
    const { code, stdout } = await onStage(brand, ({ vars, env, folder }) =>
      runProgram([vars.get("NODE") ?? "", vars.get("BIN") ?? "", ...path.split(" "), "--help"], { env, cwd: folder, stdin: "" }),
    );
    const wanted = (reference.flags[path] ?? []).map(({ flag, value }) => (value === undefined ? flag : `${flag} ${value}`));
    const variables = path === "models status" ? reference.variables.map((name) => name.replace("{PFX}", brand.envPrefix)) : [];
    expect(code).toBe(0);
    expect([...wanted, ...variables].filter((word) => !new RegExp(`(^|\\s)${word}(?![\\w-])`, "m").test(stdout))).toEqual([]);
  });
});
