import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** What each rule is there to find, planted into a copy of the tree. */
const PLANTED: readonly (readonly [rule: string, file: string, code: string])[] = [
  ["no-circular", "src/kernel/planted-a.ts", 'import { b } from "./planted-b.ts";\nexport const a = b;'],
  ["not-to-unresolvable", "src/chat/planted.ts", 'import { a } from "./nowhere.ts";\nexport const b = a;'],
  ["kernel-looks-left-only", "src/kernel/planted.ts", 'import type { LoadedConfig } from "../config/loaded-config.ts";\nexport type A = LoadedConfig;'],
  ["config-looks-left-only", "src/config/planted-right.ts", 'import type { Health } from "../credentials/health.ts";\nexport type A = Health;'],
  ["status-looks-left-only", "src/status/planted.ts", 'import type { Style } from "../cli/style.ts";\nexport type A = Style;'],
  ["every-room-is-listed", "src/cellar/planted.ts", 'import type { Secret } from "../kernel/secret.ts";\nexport type A = Secret;'],
  ["providers-are-data", "src/providers/planted.ts", 'import { AppError } from "../kernel/errors.ts";\nexport const a = AppError;'],
  ["only-the-broker-knows-the-vendors", "src/routing/planted.ts", 'import { a } from "../providers/planted.ts";\nexport const b = a;'],
  ["protocols-never-see-secrets", "src/protocols/planted.ts", 'import type { Secret } from "../kernel/secret.ts";\nexport type A = Secret;'],
  ["rooms-touch-the-machine-through-Host", "src/catalog/planted.ts", 'import { readFileSync } from "node:fs";\nexport const a = readFileSync;'],
  ["cli-touches-the-machine-through-Host", "src/cli/planted.ts", 'import { homedir } from "node:os";\nexport const a = homedir;'],
  ["only-the-program-start-knows-the-machine", "src/credentials/planted.ts", 'import { nodeHost } from "../host/node.ts";\nexport const a = nodeHost;'],
  ["host-implements-kernel-and-state", "src/host/planted.ts", 'import type { ModelRef } from "../catalog/model-ref.ts";\nexport type A = ModelRef;'],
  ["no-brand-below-the-cli", "src/plugins/planted.ts", 'import { brands } from "../brand.ts";\nexport const a = brands;'],
  ["nobody-imports-the-library-door", "src/cli/planted-door.ts", 'import * as door from "../index.ts";\nexport const a = door;'],
  ["src-knows-no-tests-or-tools", "src/usage/planted.ts", 'import { a } from "../../test/planted.ts";\nexport const b = a;'],
  ["only-bundled-packages", "src/state/planted.ts", 'import json5 from "json5";\nexport const a = json5;'],
  ["undici-lives-behind-host", "src/probe/planted.ts", 'import { request } from "undici";\nexport const a = request;'],
];

/** What some of them import. */
const COMPANIONS: typeof PLANTED = [
  ["", "src/kernel/planted-b.ts", 'import { a } from "./planted-a.ts";\nexport const b = a;'],
  ["", "test/planted.ts", "export const a = 1;"],
];

test("the rooms look left only, and the rest of the architecture holds", { timeout: 300_000 }, () => {
  expect(cruise(root)).toMatchObject({ exit: 0, out: expect.stringMatching(/^\d+ modules, \d+ imports$/) });
});

test("each rule finds the violation that is planted for it, type-only imports included", { timeout: 300_000 }, () => {
  const folder = copyOfTheTree();
  plant(folder, [...COMPANIONS, ...PLANTED]);
  const { exit, out } = cruise(folder);
  const found = new Set(out.split("\n").map((line) => line.split(" → ")[0]));
  expect(PLANTED.map(([rule, file]) => `${rule}: ${file}`).filter((violation) => !found.has(violation))).toEqual([]);
  expect(Number(/(\d+) modules seen/.exec(out)?.[1])).toBeGreaterThan(50);
  expect(exit).toBe(1);
});

test("a cruiser that sees hardly any module is called blind, although it found no violation", { timeout: 300_000 }, () => {
  const folder = newFolder();
  plant(folder, [
    ["", "src/kernel/a.ts", "export const a = 1;"],
    ["", "tsconfig.json", "{}"],
  ]);
  expect(cruise(folder)).toMatchObject({ exit: 1, out: expect.stringContaining("only 1 modules were seen") });
});

function cruise(folder: string): { exit: number | null; out: string } {
  const { status, stdout } = spawnSync(process.execPath, [join(root, "scripts/cruise.mjs"), folder], { encoding: "utf8" });
  return { exit: status, out: stdout.trim() };
}

function copyOfTheTree(): string {
  const folder = newFolder();
  cpSync(join(root, "src"), join(folder, "src"), { recursive: true, filter: (path) => !path.startsWith(join(root, "src/catalog/data")) });
  for (const name of ["tsconfig.json", "package.json"]) cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-rooms-"));
  folders.push(folder);
  return folder;
}

function plant(folder: string, files: readonly (readonly [string, string, string])[]): void {
  for (const [, file, code] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${code}\n`);
  }
}
