import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram } from "../program.ts";
import { root } from "../stage.ts";
import { type PageVendor, startPageVendor } from "./page-vendor.ts";

/** Each block of docs/library.md is run as it stands there, in a home of its own, and prints what stands below it. */
const page = readFileSync(join(root, "docs/library.md"), "utf8");
const blocks = [...page.matchAll(/^```ts\n(.*?)^```\n\n```text\n(.*?)^```$/gms)].map(([, code = "", prints = ""]) => ({ code, prints }));

let vendor: PageVendor;
const folder = mkdtempSync(join(tmpdir(), "signalbox-page-"));
beforeAll(async () => {
  vendor = await startPageVendor();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/signalbox"));
  for (const name of ["ai", "@types"]) symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
});
afterAll(async () => {
  await vendor.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The vendors of the page are on this machine: the only thing that is not as a reader has it. */
const addresses = () => ({ groq: { baseUrl: `${vendor.url}/groq/v1` }, anthropic: { baseUrl: `${vendor.url}/anthropic` } });

test("no block of the page is left out", () => {
  expect(blocks.length).toBe([...page.matchAll(/^```ts$/gm)].length);
  expect(blocks.length).toBeGreaterThan(8);
});

test("the compiler accepts every block as it stands there, strictly", () => {
  const files = blocks.map(({ code }, index) => {
    const file = join(folder, `typed-${index}.mts`);
    writeFileSync(file, code);
    return file;
  });
  const { ES2023: target } = ts.ScriptTarget;
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const program = ts.createProgram(files, {
    ...options,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
    types: ["node"],
    typeRoots: [join(folder, "node_modules/@types")],
  });
  const told = ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
  expect(told).toEqual([]);
});

describe("docs/library.md", () => {
  test.each(blocks.map((block, index) => ({ ...block, index })))("block $index prints what the page says", async ({ code, prints, index }) => {
    const home = join(folder, `home-${index}`);
    mkdirSync(join(home, ".neuroion"), { recursive: true, mode: 0o700 });
    writeFileSync(join(home, ".neuroion/neuroion.json"), JSON.stringify({ models: { providers: addresses() } }), { mode: 0o600 });
    const here = code.replace(/(\n {4}agents: \{ defaults: \{ model: \{ primary)/, `\n    models: { providers: ${JSON.stringify(addresses())} },$1`);
    const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
    const file = join(folder, `block-${index}.mjs`);
    writeFileSync(file, ts.transpileModule(here, { compilerOptions: options }).outputText);
    const env = new Map([
      ["HOME", home],
      ["PATH", process.env["PATH"] ?? ""],
      ["GROQ_API_KEY", "gsk_a_good_key_0123456789"],
    ]);
    const ran = await runProgram([process.execPath, file], { env, cwd: folder, stdin: "" });
    expect(ran).toEqual({ code: 0, stdout: prints, stderr: "" });
  });
});
