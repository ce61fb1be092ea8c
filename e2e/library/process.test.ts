import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Chaos, startChaos } from "../../test/support/chaos-vendor.mjs";
import { runProgram } from "../program.ts";
import { root } from "../stage.ts";

/** The built library in a process of its own, imported by its name. */

const KEY = "gsk_canary_0123456789abcdefghij";
const folder = mkdtempSync(join(tmpdir(), "signalbox-process-"));
let vendor: Chaos;
beforeAll(async () => {
  vendor = await startChaos();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/signalbox"));
});
afterAll(async () => {
  await vendor.close();
  rmSync(folder, { recursive: true, force: true });
});

let homes = 0;

/** Runs a module in a fresh home, with nothing but a key in the environment. */
async function run(code: string) {
  const home = join(folder, `home-${homes++}`);
  mkdirSync(home);
  const file = join(folder, `program-${homes}.mjs`);
  writeFileSync(file, code);
  const env = new Map([
    ["HOME", home],
    ["PATH", process.env["PATH"] ?? ""],
    ["GROQ_API_KEY", KEY],
    ["BEHAVIOUR_URL", vendor.url],
  ]);
  const ran = await runProgram([process.execPath, file], { env, cwd: home, stdin: "" });
  return { ...ran, home };
}

const open = (behaviour: string, options = ""): string => `
  import { openSignalbox } from "signalbox";
  const config = { models: { providers: { groq: { baseUrl: process.env.BEHAVIOUR_URL + "/${behaviour}/v1" } } } };
  const box = await openSignalbox({ config, ${options} });
  const request = { model: "groq/llama-3.3-70b-versatile", strict: true, prompt: "hi" };
`;

test("importing it opens, reads and writes nothing", async () => {
  const { stdout, home } = await run(
    `const before = [Object.keys(globalThis), process.getActiveResourcesInfo()].map(String); const door = await import("signalbox");
     const after = [Object.keys(globalThis), process.getActiveResourcesInfo()].map(String); console.log(Object.keys(door).sort().join(" "), String(after) === String(before));`,
  );
  expect(stdout).toBe("AppError ERRORS EXIT UpstreamExhausted brands defineBrand defineProvider openBroker openSignalbox true\n");
  expect(readdirSync(home)).toEqual([]);
});

test("what it loads before it is opened is small: the engine comes later", () => {
  const seen = new Map<string, number>();
  const follow = (file: string): void => {
    if (seen.has(file)) return;
    const text = readFileSync(join(root, "dist/lib", file), "utf8");
    seen.set(file, text.length);
    for (const [, next = ""] of text.matchAll(/(?:^|[;}])import(?:[^;("']*from)?["']\.\/([^"']+)["']/g)) follow(next);
  };
  follow("index.js");
  expect(seen.size).toBeLessThanOrEqual(6);
  expect([...seen.values()].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(60_000);
});

test("after close() nothing keeps the process, and what was used is kept", async () => {
  const script = `${open("good")}
    console.log((await box.chat(request)).text);
    for await (const event of box.stream(request)) if (event.kind === "text") break;
    await box.close();
    process.on("exit", () => console.log(process.getActiveResourcesInfo().filter((name) => /Timeout|Immediate/.test(name)).length));`;
  const { code, stdout, stderr, home } = await run(script);
  expect([code, stdout, stderr]).toEqual([0, "Hello wörld\n0\n", ""]);
  const kept = readdirSync(home, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"));
  expect(kept).toHaveLength(1);
});

test("without close() the process ends all the same, and what was used is kept", async () => {
  const { code, stdout, stderr, home } = await run(`${open("good")}
    console.log((await box.chat(request)).text);
    for await (const event of box.stream(request)) if (event.kind === "text") break;
    box.stream(request);`);
  expect([code, stdout, stderr]).toEqual([0, "Hello wörld\n", ""]);
  const kept = readdirSync(home, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"));
  expect(kept.map((name) => readFileSync(join(home, name), "utf8").trim().split("\n").length)).toEqual([2]);
});

test("a library that cannot be opened ends no program that has handed it to the SDK: the first call tells it", async () => {
  const { code, stdout, stderr } = await run(`
    import { setTimeout as wait } from "node:timers/promises";
    import { openSignalbox } from "signalbox";
    import { createSignalboxProvider } from "signalbox/ai";
    const provider = createSignalboxProvider({ signalbox: openSignalbox({ config: { models: 7 } }) });
    await openSignalbox({ config: { models: 7 } }).catch(() => wait(50));
    await provider("default").doGenerate({ prompt: [] }).catch((error) => console.log(error.code));`);
  expect([code, stdout, stderr]).toEqual([0, "CONFIG_INVALID\n", ""]);
});

test("with its state in memory it writes nothing at all", async () => {
  const { stdout, home } = await run(`${open("auth", 'state: "memory"')}
    await box.chat(request).catch((error) => console.log(error.code));
    await box.close();`);
  expect(stdout).toBe("UPSTREAM_EXHAUSTED\n");
  expect(readdirSync(home)).toEqual([]);
});

test("however an error is printed, no secret is in it", async () => {
  const script = `
    import { inspect } from "node:util";
    ${open("auth")}
    const tell = (error) => console.log(error.stack, JSON.stringify(error), inspect(error, { depth: 9, showHidden: true }), String(error));
    await box.chat(request).catch(tell);
    await box.chat({ ...request, messages: "x" }).catch(tell);
    await box.token("env:NOPE").catch(tell);
    await box.close();`;
  const { stdout, stderr } = await run(script);
  expect(stdout).toContain("UPSTREAM_EXHAUSTED");
  expect(`${stdout}${stderr}`).not.toContain(KEY);
});

test("two brands in one process find their own files", async () => {
  const { stdout } = await run(`
    import { openSignalbox } from "signalbox";
    const [one, other] = await Promise.all([openSignalbox(), openSignalbox({ brand: "nemo", profile: "lab" })]);
    for (const box of [one, other]) { const { configPath } = await box.status(); console.log(configPath.replace(process.env.HOME, "~")); await box.close(); }`);
  expect(stdout).toBe("~/.neuroion/neuroion.json\n~/.nemo-lab/nemo.json\n");
});
