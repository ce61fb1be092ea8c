import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startChaos } from "../test/support/chaos-vendor.mjs";
import { brands } from "../src/brand.ts";
import { FAULTS } from "../src/drill/faults.ts";
import { commands } from "../src/cli/commands/index.ts";
import { allOptions, flagName } from "../src/cli/parse-words.ts";
import { runProgram } from "./program.ts";
import { node, onStage, root } from "./stage.ts";

/** Every page that people read, but those that are made from the code; `{cli}` of the templates is `nemo` in the others. */
const PAGES = [
  "README.md",
  ...["docs", "docs/templates"].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  ),
];

interface Named {
  /** As the page has it, for who mends it. */
  readonly shown: string;
  readonly path: string | undefined;
  readonly flags: readonly string[];
}

/** What stands in code: a line of a block of commands, or between backticks. */
function* codeOf(page: string): Generator<string> {
  const blocks = /^( *)```(\w*)\n([\s\S]*?)^ *```$/gm;
  for (const [, , language, text = ""] of page.matchAll(blocks))
    if (language === "" || language === "sh" || language === "bash") for (const line of text.replaceAll("\\\n", " ").split("\n")) yield line;
  for (const [, text = ""] of page.replaceAll(blocks, "").matchAll(/`([^`]+)`/g)) yield text.replaceAll("\n", " ");
}

const PROGRAM = /(?:^|[\s(|"'])(?:\$ )?(?:nemo|\{cli\}|bin\/nemo\.cjs) ((?:[a-z][a-z-]*(?: |$|(?=[)"'`,;])))+)([^|)<>;#]*)/g;

function* named(page: string): Generator<Named> {
  for (const line of codeOf(page))
    for (const [shown, words = "", rest = ""] of line.matchAll(PROGRAM)) {
      const path = Object.keys(commands)
        .filter((known) => `${words.trim()} `.startsWith(`${known} `))
        .toSorted((a, b) => b.length - a.length)[0];
      yield { shown: shown.trim(), path, flags: `${words}${rest}`.match(/--[a-z][a-z-]*/g) ?? [] };
    }
}

/** Groups of commands may be named as such: `nemo gateway keys`. */
const isGroup = (shown: string): boolean => {
  const words = shown.replace(/^.*?(?:nemo|\{cli\}|bin\/nemo\.cjs) /, "").trim();
  return Object.keys(commands).some((known) => known.startsWith(`${words} `));
};

/** The blocks below a heading, up to the next one. */
function blocksBelow(page: string, heading: string): string[] {
  const [, after = ""] = page.split(`\n## ${heading}\n`);
  const [section = ""] = after.split("\n## ");
  return [...section.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
}

test("README's first five minutes can be typed line by line in an empty HOME, and show nothing of the key", async () => {
  const vendor = await startChaos();
  const key = "gsk_canary0123456789abcdefghijABCDEFGHIJ";
  const [look = "", whole = ""] = blocksBelow(readFileSync(join(root, "README.md"), "utf8"), "The first five minutes");
  await onStage(brands.nemo, async ({ vars, env, folder }) => {
    const type = (line: string, stdin = "") =>
      runProgram(["sh", "-c", line.replaceAll("bin/nemo.cjs", join(root, "bin/nemo.cjs"))], { env, cwd: join(folder, "work"), stdin });
    const first = await type(look.slice(2).split("\n")[0] ?? "");
    const shown = look.split("\n").slice(1, -2);
    expect(first.code).toBe(0);
    // Its last line is cut short on the page.
    expect(shown.filter((line) => !first.stdout.includes(line.replace(/\d+ variables of \d+/, "")) && !/\d+ variables of/.test(line))).toEqual([]);
    // Nobody outside is asked: the vendor is on this machine.
    mkdirSync(vars.get("STATE") ?? "", { mode: 0o700 });
    const config = JSON.stringify({ models: { providers: { groq: { baseUrl: `${vendor.url}/good/v1` } } } });
    writeFileSync(vars.get("CONFIG") ?? "", config, { mode: 0o600 });
    const lines = whole.split("\n").filter((line) => line !== "");
    expect(lines.length).toBeGreaterThan(12);
    for (const line of lines) {
      const { code, stdout, stderr } = await type(line, `${key}\n`);
      expect([line, code, stdout === "", (stdout + stderr).includes("canary")]).toEqual([line, 0, false, false]);
    }
  });
  await vendor.close();
});

test("what the pages show of a config is one that counts", async () => {
  const shown = PAGES.flatMap((file) => [...readFileSync(join(root, file), "utf8").matchAll(/^```json5\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text));
  expect(shown.length).toBeGreaterThan(1);
  for (const text of shown)
    await onStage(brands.nemo, async ({ vars, env, folder }) => {
      mkdirSync(vars.get("STATE") ?? "", { mode: 0o700 });
      writeFileSync(vars.get("CONFIG") ?? "", text, { mode: 0o600 });
      const { code, stdout, stderr } = await runProgram([node, vars.get("BIN") ?? "", "config", "validate"], { env, cwd: folder, stdin: "" });
      expect([code, code === 0 ? "" : stdout + stderr]).toEqual([0, ""]);
    });
});

test("the pages that begin with a command say first how to install it, in the version that this is", () => {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const tarball = `signalbox-${version}.tgz`;
  const begin = ["README.md", "docs/gateway.md", "docs/logins.md", "docs/plugins.md", "docs/templates/getting-started.md", "docs/library.md"];
  for (const file of begin) {
    const text = readFileSync(join(root, file), "utf8");
    const found = [...text.matchAll(/signalbox-[\w.-]+\.tgz/g)].map(([name]) => name);
    expect([file, found]).toEqual([file, [tarball]]);
    const before = text.slice(0, text.indexOf(tarball));
    expect([file, /^ *(?:bin\/nemo\.cjs|\$ bin\/nemo\.cjs|nemo|\{cli\}) /m.test(before)]).toEqual([file, false]);
    expect([file, file === "docs/library.md" || before.endsWith("`npm pack && npm i -g ./")]).toEqual([file, true]);
  }
});

test("every variable of a brand's own that the code names is on the page of variables", () => {
  const page = readFileSync(join(root, "docs/templates/variables.md"), "utf8");
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const named = sources.flatMap((name) =>
    [...readFileSync(join(root, "src", name), "utf8").matchAll(/(?:[pP]refix|\{PFX)\}_([A-Z_]*[A-Z])/g)].map(([, what]) => what),
  );
  expect(new Set(named).size).toBeGreaterThan(12);
  expect(named.filter((what) => !page.includes(`{PFX}_${what}`))).toEqual([]);
});

test("README counts the faults of the drill", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(/against (\d+) scripted faults/.exec(readme)?.[1]).toBe(String(FAULTS.length));
});

describe("what the pages say to type", () => {
  test.each(PAGES)("%s names commands and flags that there are", async (file) => {
    const wrong: unknown[] = [];
    for (const { shown, path, flags } of named(readFileSync(join(root, file), "utf8"))) {
      const command = path === undefined ? undefined : await commands[path]?.load();
      if (command === undefined) {
        if (!isGroup(shown)) wrong.push({ shown });
        continue;
      }
      const known = Object.keys(allOptions(command)).map(flagName);
      const strange = flags.filter((flag) => !known.includes(flag));
      if (strange.length > 0) wrong.push({ shown, strange });
    }
    expect(wrong).toEqual([]);
  });

  test("and that is many commands", () => {
    const all = PAGES.flatMap((file) => [...named(readFileSync(join(root, file), "utf8"))].map(({ path }) => path));
    expect(new Set(all.filter((path) => path !== undefined)).size).toBeGreaterThan(40);
    expect(all.length).toBeGreaterThan(150);
  });
});
