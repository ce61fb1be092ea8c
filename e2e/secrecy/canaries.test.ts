import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import { commands } from "../../src/cli/commands/index.ts";
import { runProgram } from "../program.ts";
import { onStage, root, type Stage } from "../stage.ts";
import { hasTerminals, runInTerminal, typed } from "../terminal.ts";
import { houndFor, leftIn, programOf, runAmongSecrets, wordsOf, workOf } from "./among-secrets.ts";
import { canary, Hound } from "./canary.ts";
import { CASES } from "./cases.ts";
import { plant } from "./fixture.ts";

const FORMATS: readonly (readonly string[])[] = [[], ["--json"], ["--plain"]];

test("the hound finds a secret however it is written, and nothing else", () => {
  const one = canary("one", "sk-", '"+/\\=');
  const hound = new Hound([one]);
  const seen = (text: string): string[] => hound.find(text).map(({ written }) => written);
  const bytes = Buffer.from(one.value);
  expect(seen(`before ${one.value} after`)).toContain("raw");
  expect(seen(`before ${one.body.slice(3, 40)} after`)).toContain("raw");
  for (const shift of [0, 1, 2]) expect(seen(Buffer.concat([Buffer.alloc(shift, 65), bytes]).toString("base64"))).toContain("base64");
  for (const shift of [0, 1, 2]) expect(seen(Buffer.concat([Buffer.alloc(shift, 65), bytes]).toString("base64url"))).not.toEqual([]);
  expect(seen(encodeURIComponent(one.value))).toContain("percent-encoded");
  expect(seen(JSON.stringify({ one: one.value }))).toContain("JSON");
  expect(seen(JSON.stringify(JSON.stringify({ one: one.value })))).toContain("JSON in JSON");
  expect(seen(Array.from(bytes, (code) => `\\u00${code.toString(16)}`).join(""))).toContain("JSON escapes");
  expect(seen([...one.value].toReversed().join(""))).toContain("reversed");
  expect(seen(bytes.toString("hex"))).toContain("hexadecimal");
  expect(seen(`${one.prefix}… ${one.body.slice(0, 11)} ${canary("two").value} ${readFileSync(import.meta.filename, "utf8")}`)).toEqual([]);
});

test("every command has a case here, and every case is of a command", () => {
  expect(Object.keys(CASES).filter((path) => !Object.hasOwn(commands, path))).toEqual([]);
  expect(Object.keys(commands).filter((path) => !Object.hasOwn(CASES, path))).toEqual([]);
});

describe.concurrent.each(Object.keys(commands))("%s", (path) => {
  for (const brand of Object.values(brands)) {
    const isWhole = brand.bin === "nemo";
    test(`shows no secret and leaves none behind as ${brand.bin}`, async () => {
      const hasLines = (await commands[path]?.load())?.plain !== undefined;
      const formats = isWhole ? FORMATS.filter(([flag]) => flag !== "--plain" || hasLines) : FORMATS.slice(1, 2);
      const hits: string[] = [];
      for (const { words, ...one } of CASES[path]?.slice(0, isWhole ? undefined : 1) ?? []) {
        for (const format of formats) {
          const { call, said, left, crash } = await runAmongSecrets({ brand, path, ...one, words: [...wordsOf(words), ...format] });
          hits.push(...[...said, ...left, ...crash].map((hit) => `${call}, ${hit}`));
        }
      }
      expect(hits).toEqual([]);
    });
  }

  test("repeats no secret that stands where none belongs, and keeps it nowhere", async () => {
    const hits: string[] = [];
    for (const { given, format } of MISPLACED.filter(({ where }) => where.test(path))) {
      for (const words of misplacements(CASES[path]?.[0]?.words ?? "", given.value)) {
        const { call, said, left } = await runAmongSecrets({ brand: brands.nemo, path, words: [...words, ...format], given: [given] });
        hits.push(...[...said, ...left].map((hit) => `${call.replaceAll(given.value, `<${given.name}>`)}, ${hit}`));
      }
    }
    expect(hits).toEqual([]);
  });
});

/** One of a shape that a vendor publishes, anywhere; and, where people are about to give a secret, one that could be anything. */
const MISPLACED = [
  { given: canary("of a published shape", "sk-ant-api03-"), format: ["--json"], where: /^/ },
  { given: canary("of no shape"), format: [], where: /^models auth\b/ },
];

/** As one word too many, as a flag that there is not, and in place of each word and of the value of each flag. */
function misplacements(words: string, secret: string): string[][] {
  const usual = wordsOf(words);
  const instead = usual.flatMap((word, index) => (word.startsWith("-") ? [] : [usual.with(index, secret)]));
  return [[...usual, secret], [...usual, `--token=${secret}`], [...usual, "--agent", secret], ...instead];
}

test("after a logout the secret is nowhere below the home folder, backups included, and other accounts are as they were", async () => {
  await onStage(brands.nemo, async (stage) => {
    const planted = plant(stage);
    const store = join(stage.vars.get("AGENT") ?? "", "auth-profiles.json");
    const inStores = ["api key of the store", "backup of the store", "metadata of the store"];
    const removed = planted.canaries.filter(({ name }) => inStores.includes(name));
    const run = (words: string, stdin = "") => runProgram(programOf(stage, wordsOf(words)), { env: stage.env, cwd: workOf(stage), stdin });
    expect((await run("models auth paste-token --provider zai --profile-id zai:other", "first")).code).toBe(0);
    const others = Object.entries(JSON.parse(readFileSync(store, "utf8")).profiles).filter(([id]) => id !== "anthropic:key");
    expect((await run("models auth logout anthropic:key --yes")).code).toBe(0);
    expect(removed.length).toBe(inStores.length);
    expect(leftIn(stage.folder, removed)).toEqual([]);
    expect(Object.entries(JSON.parse(readFileSync(store, "utf8")).profiles)).toEqual(others);
  });
});

test("the package that is published holds none of them, nor any secret of a test", async () => {
  await onStage(brands.nemo, async (stage) => {
    const planted = plant(stage);
    const env = new Map([...stage.env, ["npm_config_cache", join(stage.folder, "out/npm")]]);
    const packed = await runProgram(["npm", "pack", "--ignore-scripts", "--silent", "--pack-destination", stage.folder], { env, cwd: root, stdin: "" });
    expect(packed.code).toBe(0);
    const text = gunzipSync(readFileSync(join(stage.folder, packed.stdout.trim()))).toString("latin1");
    expect(text).toContain("package/bin/nemo.cjs");
    expect(houndFor(planted.canaries).find(text)).toEqual([]);
    expect(text.match(/.{0,40}canary.{0,40}/gi) ?? []).toEqual([]);
  });
});

if (!hasTerminals()) process.stderr.write("NOT RUN: secrets that are typed at a terminal; util-linux's `script` is not here\n");

describe.skipIf(!hasTerminals())("at a terminal", () => {
  const given = canary("typed", "gsk_");

  test.each([
    ["models auth paste-api-key --provider groq --profile-id groq:typed", /API key of/, `${given.value}<enter>`],
    ["models auth paste-token --provider zai --profile-id zai:typed", /oken of/, `${given.value}<enter>`],
    ["models auth paste-api-key --provider groq --profile-id groq:typed", /API key of/, `<paste>${given.value}<break></paste><enter>`],
  ])("what is typed or pasted at %s is stored and not shown", async (words, when, keys) => {
    await onStage(brands.nemo, async (stage) => {
      const planted = plant(stage);
      const more = { env: stage.env, cwd: workOf(stage), answers: [{ when, keys: typed(keys) }] };
      const { code, stdout } = await runInTerminal(programOf(stage, wordsOf(words)), more);
      expect([code, houndFor([...planted.canaries, given]).find(stdout)]).toEqual([0, []]);
      expect(readFileSync(join(stage.vars.get("AGENT") ?? "", "auth-profiles.json"), "utf8")).toContain(given.value);
    });
  });
});

describe.concurrent("a bug of ours", () => {
  /** In hand when it happens: accounts, whether stored, in the environment or in the config. */
  const inHand = [
    "api key of the store",
    "refresh token",
    "access token",
    "environment",
    "dotenv of the state folder",
    "apiKey of the config",
    "token of the store",
  ];

  for (const [format, method] of [
    [[], { method: "String.prototype.repeat", fewest: 1 }],
    // With a layout: that of the answer.
    [["--json"], { method: "JSON.stringify", fewest: 3 }],
  ] as const) {
    for (const command of ["models status", "models auth list"]) {
      test(`that quotes every account shows none of them: ${[command, ...format].join(" ")}`, async () => {
        await onStage(brands.nemo, async (stage) => {
          const planted = plant(stage);
          const quoted = planted.canaries.filter(({ name }) => inHand.includes(name)).map(({ value }) => value);
          expect(quoted.length).toBe(inHand.length);
          stage.env.set("NODE_OPTIONS", `--require ${crashing(stage, method, quoted)}`);
          const argv = programOf(stage, [...wordsOf(command), ...format]);
          const { code, stdout, stderr } = await runProgram(argv, { env: stage.env, cwd: workOf(stage), stdin: "" });
          expect(code).toBe(70);
          expect(stdout + stderr).toContain("the bug says");
          expect(houndFor(planted.canaries).find(stdout + stderr)).toEqual([]);
        });
      });
    }
  }
});

/**
 * A module that makes one built-in function fail once, with a message that quotes what it should not, in several spellings. `fewest`: calls with
 * fewer arguments are not meant.
 */
function crashing(stage: Stage, { method, fewest }: { readonly method: string; readonly fewest: number }, quoted: readonly string[]): string {
  const file = join(stage.vars.get("OUT") ?? "", "crash.cjs");
  const spelled = quoted.flatMap((text) => [text, encodeURIComponent(text), JSON.stringify({ text }), Buffer.from(`x${text}`).toString("base64")]);
  const [owner, name] = [method.slice(0, method.lastIndexOf(".")), method.slice(method.lastIndexOf(".") + 1)];
  const code = `let done = false; const real = ${owner}.${name};
const isOurs = () => /dist.cli/.test(new Error().stack) && !/Module._compile/.test(new Error().stack);
${owner}.${name} = function (...args) {
  if (done || args.length < ${fewest} || !isOurs()) return real.apply(this, args);
  done = true;
  throw new TypeError(${JSON.stringify(`the bug says ${spelled.join(" ")}`)});
};`;
  writeFileSync(file, code);
  return file;
}
