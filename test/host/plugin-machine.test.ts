import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { nodePlugins } from "../../src/host/plugin-machine.ts";
import { AppError } from "../../src/kernel/errors.ts";
import type { PackageFiles } from "../../src/kernel/plugin-machine.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const LIMITS = { files: 3, totalBytes: 1000 };
const { readFolder, placeFolder, removeFolder, bringBack, ask } = nodePlugins;

function files(texts: Readonly<Record<string, string>>): PackageFiles {
  return new Map(Object.entries(texts).map(([name, text]) => [name, { bytes: Buffer.from(text), isProgram: name.endsWith(".sh") }]));
}

describe("a folder of files", () => {
  test("is read as it was placed: private, with its programs", () => {
    placeFolder(path("extensions", "acme"), files({ "a.json": "{}", "bin/run.sh": "#!/bin/sh" }));
    expect([...readFolder(path("extensions", "acme"), LIMITS)].map(([name, { bytes, isProgram }]) => [name, Buffer.from(bytes).toString(), isProgram])).toEqual(
      [
        ["a.json", "{}", false],
        ["bin/run.sh", "#!/bin/sh", true],
      ],
    );
    const modeOf = (...names: string[]): number => statSync(path("extensions", "acme", ...names)).mode & 0o777;
    expect([modeOf(), modeOf("bin"), modeOf("a.json"), modeOf("bin", "run.sh")]).toEqual([0o700, 0o700, 0o600, 0o700]);
  });

  test("takes the whole place of the one before, and nothing lies beside it", () => {
    placeFolder(path("acme"), files({ old: "1", both: "1" }));
    placeFolder(path("acme"), files({ both: "2" }));
    expect([readdirSync(path()), readdirSync(path("acme")), readFileSync(path("acme", "both"), "utf8")]).toEqual([["acme"], ["both"], "2"]);
  });

  test("leaves alone what another writer is at now", () => {
    mkdirSync(path(".acme.abcdefghijkl.new"));
    placeFolder(path("acme"), files({ a: "1" }));
    expect(readdirSync(path())).toEqual([".acme.abcdefghijkl.new", "acme"]);
  });

  test("that cannot be written leaves what was there, and nothing else", () => {
    placeFolder(path("acme"), files({ a: "1" }));
    expect(() => placeFolder(path("acme"), files({ "x/y": "1", x: "2" }))).toThrow(AppError);
    expect([readdirSync(path()), readdirSync(path("acme"))]).toEqual([["acme"], ["a"]]);
    writeFileSync(path("file"), "");
    expect(() => placeFolder(path("file", "acme"), files({ a: "1" }))).toThrow(AppError);
  });

  test.each<[string, () => void, RegExp]>([
    ["a link to a file", () => symlinkSync("/etc/passwd", path("p", "key")), /key is a link/],
    ["a link to a folder", () => symlinkSync("/etc", path("p", "etc")), /etc is a link/],
    ["too many files", () => ["1", "2", "3", "4"].forEach((name) => writeFileSync(path("p", name), "")), /too many files/],
    ["too much", () => ["1", "2"].forEach((name) => writeFileSync(path("p", name), "x".repeat(600))), /too large together/],
  ])("that holds %s is refused", (_title, prepare, why) => {
    mkdirSync(path("p"));
    prepare();
    expect(() => readFolder(path("p"), LIMITS)).toThrow(why);
  });

  test("of a developer comes without what npm leaves out too", () => {
    for (const name of [".git", "node_modules", "src"]) mkdirSync(path("p", name), { recursive: true });
    for (const name of [".git/config", "node_modules/x", "src/a"]) writeFileSync(path("p", name), "");
    expect([...readFolder(path("p"), LIMITS).keys()]).toEqual(["src/a"]);
  });

  test("is removed with all that is in it, a link alone without what it leads to, and one that is not there without a word", () => {
    placeFolder(path("acme"), files({ "a/b": "1" }));
    symlinkSync(path("acme"), path("link"));
    removeFolder(path("link"));
    expect(readdirSync(path())).toEqual(["acme"]);
    removeFolder(path("acme"));
    removeFolder(path("acme"));
    expect(readdirSync(path())).toEqual([]);
  });
});

describe("a folder that a killed writer set aside", () => {
  const setAside = (name: string, token: string, text: string): void => {
    placeFolder(path(name), files({ a: text }));
    renameSync(path(name), path(`.${name}.${token}.old`));
  };

  test("is brought back, the newest of several, and a name that begins alike has its own", async () => {
    setAside("acme", "aaaaaaaaaaaa", "1");
    await expect.poll(() => Date.now() > statSync(path(".acme.aaaaaaaaaaaa.old")).ctimeMs + 20).toBe(true);
    mkdirSync(path("spare"));
    writeFileSync(path("spare", "a"), "2");
    renameSync(path("spare"), path(".acme.bbbbbbbbbbbb.old"));
    setAside("acme.more", "cccccccccccc", "3");
    expect(bringBack(path()).toSorted()).toEqual(["acme", "acme.more"]);
    expect([readdirSync(path()), readFileSync(path("acme", "a"), "utf8")]).toEqual([[".acme.aaaaaaaaaaaa.old", "acme", "acme.more"], "2"]);
    expect(bringBack(path())).toEqual([]);
  });

  test("is there again before a new one is placed, so that one that cannot be written costs nothing", () => {
    setAside("acme", "aaaaaaaaaaaa", "1");
    expect(() => placeFolder(path("acme"), files({ "x/y": "1", x: "2" }))).toThrow(AppError);
    expect([readdirSync(path()), readdirSync(path("acme"))]).toEqual([["acme"], ["a"]]);
  });

  test("goes with the one that is removed", () => {
    setAside("acme", "aaaaaaaaaaaa", "1");
    mkdirSync(path("acme"));
    removeFolder(path("acme"));
    expect([bringBack(path()), readdirSync(path())]).toEqual([[], []]);
  });

  test("to be removed is not brought back, for half of it may be gone", () => {
    mkdirSync(path(".acme.aaaaaaaaaaaa.gone"));
    mkdirSync(path(".acme.bbbbbbbbbbbb.new"));
    expect([bringBack(path()), bringBack(path("absent"))]).toEqual([[], []]);
  });
});

describe("a program", () => {
  const call = (script: string) => {
    writeFileSync(path("main.mjs"), script);
    return ask({ command: ["node", "./main.mjs"], folder: path(), input: "hello", timeoutMs: 30_000, maxBytes: 1000 });
  };

  test("gets its input, its folder and nothing else", async () => {
    const script = `import { text } from "node:stream/consumers"; console.log(JSON.stringify([await text(process.stdin), process.cwd(), process.env]));`;
    const { exitCode, stdout } = await call(script);
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, ["hello", path(), {}]]);
  });

  test.each([
    ["./run.sh", 'printf "$PATH"', ""],
    ["sh", "", process.env["PATH"] ?? ""],
  ])("by the name %s gets PATH only where it has to be looked for", async (command, text, expected) => {
    writeFileSync(path("run.sh"), `#!/bin/sh\n${text}`);
    chmodSync(path("run.sh"), 0o700);
    const args = command === "sh" ? ["-c", 'printf "$PATH"'] : [];
    const { stdout } = await ask({ command: [command, ...args], folder: path(), input: "", timeoutMs: 30_000, maxBytes: 10_000 });
    expect(stdout.startsWith(expected)).toBe(true);
    if (expected === "") expect(stdout).not.toBe(process.env["PATH"]);
  });

  test("that does not end is ended with all that it started", async () => {
    // A shell is there sooner than a Node would be.
    const command = ["sh", "-c", "sleep 60 & echo $! > pid; wait"];
    expect(await ask({ command, folder: path(), input: "", timeoutMs: 1500, maxBytes: 1000 })).toMatchObject({ exitCode: undefined, failure: "deadline" });
    const pid = Number(readFileSync(path("pid"), "utf8"));
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  test("that leaves somebody behind is not waited for", async () => {
    const script = `import { spawn } from "node:child_process"; spawn("sleep", ["60"], { stdio: "inherit" }).unref(); console.log("done"); process.exit(0);`;
    expect(await call(script)).toMatchObject({ exitCode: 0, stdout: "done\n" });
  });

  test("that prints too much is ended, and what it printed is cut", async () => {
    const { failure, stdout } = await call(`for (;;) await new Promise((done) => process.stdout.write("x".repeat(600), done));`);
    expect([failure, stdout.length]).toEqual(["too_much", 1000]);
  });

  test("that is not there, or dies, is an answer", async () => {
    expect(await ask({ command: ["./none"], folder: path(), input: "", timeoutMs: 1000, maxBytes: 10 })).toMatchObject({
      exitCode: undefined,
      failure: "ENOENT",
    });
    expect(await call(`console.error("why"); process.exit(3);`)).toEqual({ exitCode: 3, stdout: "", stderr: "why\n" });
    expect(existsSync(path("main.mjs"))).toBe(true);
  });
});

/** A killed process may stay a zombie until somebody reaps it. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
