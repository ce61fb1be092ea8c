import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
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

function npm(...args: string[]): void {
  execFileSync("npm", args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}
