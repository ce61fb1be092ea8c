import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makeFolders, removeFolders } from "../../src/host/private-folder.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();

test("missing folders are made private; one that is there stays as it is", () => {
  mkdirSync(path("there"));
  chmodSync(path("there"), 0o755);
  expect(makeFolders(path("there", "a", "b"))).toEqual([path("there", "a"), path("there", "a", "b")]);
  expect(["there", "there/a", "there/a/b"].map((name) => statSync(path(name)).mode & 0o777)).toEqual([0o755, 0o700, 0o700]);
  expect(makeFolders(path("there", "a", "b"))).toEqual([]);
});

test("those that stayed empty are removed again, the others not", () => {
  const made = makeFolders(path("a", "b"));
  writeFileSync(path("a", "file"), "");
  removeFolders(made);
  expect([existsSync(path("a")), existsSync(path("a", "b"))]).toEqual([true, false]);
});

test("when one cannot be made, none is", () => {
  writeFileSync(path("file"), "");
  expect(() => makeFolders(path("file", "a"))).toThrow("ENOTDIR");
  expect(existsSync(path("file", "a"))).toBe(false);
});
