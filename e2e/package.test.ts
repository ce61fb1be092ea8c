import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { brands } from "../src/brand.ts";
import { runProgram } from "./program.ts";
import { onStage, root } from "./stage.ts";

/** What an installation may weigh. */
const MOST_PACKAGES = 8;
const MOST_BYTES = 8_000_000;

const prefix = mkdtempSync(join(tmpdir(), "signalbox-package-"));
const modules = join(prefix, "lib/node_modules");

beforeAll(() => {
  npm("pack", "--silent", "--pack-destination", prefix);
  const tarball = readdirSync(prefix).find((name) => name.endsWith(".tgz")) ?? "";
  npm("install", "--global", "--prefix", prefix, "--ignore-scripts", "--offline", "--no-audit", "--no-fund", "--loglevel=error", join(prefix, tarball));
});

afterAll(() => rmSync(prefix, { recursive: true, force: true }));

test("the tarball installs without a network and without scripts: few packages, few bytes", () => {
  const files = readdirSync(modules, { recursive: true, encoding: "utf8" });
  const manifests = files.filter((name) => /(^|node_modules\/)(@[^/]+\/)?[^/]+\/package\.json$/.test(name));
  const scripts = manifests.flatMap((name) => Object.keys(JSON.parse(readFileSync(join(modules, name), "utf8")).scripts ?? {}));
  const bytes = files.map((name) => statSync(join(modules, name))).reduce((sum, facts) => sum + (facts.isFile() ? facts.size : 0), 0);
  expect(manifests.length).toBeLessThanOrEqual(MOST_PACKAGES);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  expect(scripts.filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
});

test("it holds no sources, no tests and no source maps, but the notices of what is bundled", () => {
  const top = readdirSync(join(modules, "signalbox"));
  expect(top.filter((name) => ["src", "test", "e2e", "scripts", "bench", "node_modules"].includes(name))).toEqual([]);
  expect(top).toEqual(expect.arrayContaining(["bin", "dist", "docs", "LICENSE", "README.md", "CHANGELOG.md", "THIRD_PARTY_NOTICES.md"]));
  expect(readdirSync(modules, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".map"))).toEqual([]);
});

test("what its README names of its own files is in it", () => {
  const readme = readFileSync(join(modules, "signalbox/README.md"), "utf8");
  const named = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, file = ""]) => file);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => !statSync(join(modules, "signalbox", file), { throwIfNoEntry: false })?.isFile())).toEqual([]);
});

describe.each(Object.values(brands))("the installed $bin", (brand) => {
  test("runs alone: the catalogue and the schema of the config are inside", async () => {
    const [version, plain, list, schema] = await onStage(brand, ({ env, folder }) =>
      Promise.all(
        ["--version", "models status --plain", "models list --all --json", "config schema"].map((words) =>
          runProgram([join(prefix, "bin", brand.bin), ...words.split(" ")], { env, cwd: folder, stdin: "" }),
        ),
      ),
    );
    expect(version).toEqual({ code: 0, stdout: `${JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version}\n`, stderr: "" });
    expect(plain).toEqual({ code: 0, stdout: "anthropic/claude-opus-4-6\n", stderr: "" });
    expect(JSON.parse(list?.stdout ?? "").count).toBeGreaterThanOrEqual(1400);
    expect(JSON.parse(schema?.stdout ?? "")).toMatchObject({ type: "object" });
  });
});

test("as a library it has four doors, each with its types", () => {
  const script =
    'const doors = await Promise.all(["signalbox", "signalbox/provider", "signalbox/cli", "signalbox/ai"].map((name) => import(name))); console.log(JSON.stringify(doors.map((door) => Object.keys(door).sort())))';
  execFileSync("ln", ["-s", modules, join(prefix, "node_modules")]);
  const [main, provider, cli, ai] = JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: prefix, encoding: "utf8" }));
  expect(main).toEqual(expect.arrayContaining(["openBroker"]));
  expect(ai).toContain("createSignalboxProvider");
  expect(provider).toEqual(expect.arrayContaining(["apiKey", "defineProvider"]));
  expect(cli).toEqual(expect.arrayContaining(["defineBrand", "start"]));
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const types = Object.values<{ types?: string }>(exports).flatMap(({ types: file }) => (file === undefined ? [] : [file]));
  expect(types.filter((file) => !statSync(join(modules, "signalbox", file), { throwIfNoEntry: false })?.isFile())).toEqual([]);
  expect(types.length).toBe(4);
});

test("an error is shown by its own name, whatever the bundle calls its class", () => {
  const script =
    'const { openSignalbox } = await import("signalbox"); const box = await openSignalbox({ env: {}, config: {}, state: "memory" }); await box.chat({ prompt: "hi" }).catch((error) => console.log(error)); await box.close();';
  const shown = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: prefix, encoding: "utf8" });
  expect(shown).toMatch(/^UpstreamExhausted\b.*: nobody answered for default/);
});

/** `signalbox/ai` needs the types of the SDK, which are its own. */
const PROGRAM = `import { AppError, type Answer, type ChatEnd, openSignalbox, type Signalbox, type StreamEvent } from "signalbox";
import { defineProvider } from "signalbox/provider";
export async function ask(box: Signalbox): Promise<[Answer, StreamEvent["kind"][], ChatEnd["kind"] | undefined]> {
  const kinds: StreamEvent["kind"][] = [];
  for await (const event of box.stream({ prompt: "hi" })) kinds.push(event.kind);
  return [await box.chat({ prompt: "hi" }), kinds, undefined];
}
export const code = (thrown: unknown): string | undefined => (thrown instanceof AppError ? thrown.code : undefined);
export const both = [openSignalbox, defineProvider];
`;

test.each([
  ["bundler", "esnext", []],
  ["node16", "node16", ["dom"]],
  ["nodenext", "nodenext", ["dom", "dom.iterable"]],
  ["nodenext", "nodenext", []],
  ["nodenext", "nodenext", ["esnext.disposable"]],
])("its types need no others: resolved as %s, modules as %s, beside the libraries %j", (moduleResolution, module, libraries) => {
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: false, types: [], typeRoots: [], target: "es2023", lib: ["es2023", ...libraries] };
  writeFileSync(join(prefix, "program.mts"), PROGRAM);
  writeFileSync(join(prefix, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...compilerOptions, moduleResolution, module }, files: ["program.mts"] }));
  const compiled = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", prefix], { encoding: "utf8" });
  expect([compiled.stdout, compiled.status]).toEqual(["", 0]);
});

function npm(...args: string[]): void {
  execFileSync("npm", args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}
