import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { createWhole, flushFolderAt, removeQuietly, replaceFile } from "../../src/host/atomic-file.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const bytes = Buffer.from("new");

test("a file is made whole and private, and only where there is none: not even through a link", () => {
  createWhole(path("f"), bytes, () => undefined);
  writeFileSync(path("elsewhere"), "old");
  symlinkSync("elsewhere", path("link"));
  symlinkSync("nowhere", path("dangling"));
  for (const name of ["f", "link", "dangling"]) expect(() => createWhole(path(name), Buffer.from("other"), () => undefined)).toThrow("EEXIST");
  expect([readFileSync(path("f"), "utf8"), statSync(path("f")).mode & 0o777, readFileSync(path("elsewhere"), "utf8")]).toEqual(["new", 0o600, "old"]);
  expect(readdirSync(path())).toEqual(["dangling", "elsewhere", "f", "link"]);
});

test("of one that could not be finished nothing is left", () => {
  const failing = (): never => {
    throw Object.assign(new Error("EIO"), { code: "EIO" });
  };
  expect(() => createWhole(path("f"), bytes, failing)).toThrow("EIO");
  expect(readdirSync(path())).toEqual([]);
});

test("replacing takes the place of the name, not of what else has the content", () => {
  writeFileSync(path("cache"), "old");
  linkSync(path("cache"), path("twin"));
  replaceFile(path("cache"), "new");
  expect([readFileSync(path("cache"), "utf8"), readFileSync(path("twin"), "utf8"), readdirSync(path())]).toEqual(["new", "old", ["cache", "twin"]]);
});

test("what a killed writer with our number left does not stop a writer, and is left to who knows that it is dead", () => {
  const left = Array.from({ length: 50 }, (_, index) => `.cache.${process.pid}.${index}.tmp`);
  for (const name of left) writeFileSync(path(name), "half");
  replaceFile(path("cache"), "new");
  expect([readFileSync(path("cache"), "utf8"), readdirSync(path()).sort()]).toEqual(["new", [...left, "cache"].sort()]);
});

test("no two writers of a process write under one name, by which its number can be told", () => {
  mkdirSync(path("cache"));
  const names = [1, 2].map(() => {
    const thrown = failureOf(() => replaceFile(path("cache"), "new"));
    return basename((thrown.facts.cause as { path: string }).path);
  });
  expect(names).toEqual([1, 2].map(() => expect.stringMatching(new RegExp(`^\\.cache\\.${process.pid}\\.\\d{6,15}\\.tmp$`))));
  expect([new Set(names).size, readdirSync(path())]).toEqual([2, ["cache"]]);
});

function failureOf(act: () => void): AppError {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
  }
  throw new Error("it did not fail as it should");
}

test("removing what is not there, or is a folder, fails nobody; a folder that is there can be flushed", () => {
  mkdirSync(path("folder"));
  removeQuietly(path("none"));
  removeQuietly(path("folder"));
  flushFolderAt(path("folder"));
  expect(readdirSync(path())).toEqual(["folder"]);
});
