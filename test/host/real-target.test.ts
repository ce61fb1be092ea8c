import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { realTarget } from "../../src/host/real-target.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();

describe("where a path really leads", () => {
  test("a file, and a file that is still to be made, lead to themselves", () => {
    writeFileSync(path("file"), "");
    expect(realTarget(path("file"))).toEqual({ file: path("file"), dangles: false });
    expect(realTarget(path("a", "b", "new"))).toEqual({ file: path("a", "b", "new"), dangles: false });
  });

  test("links are followed, relative ones from where they really are, in chains and in folders", () => {
    mkdirSync(path("real", "deep"), { recursive: true });
    writeFileSync(path("real", "deep", "file"), "");
    symlinkSync("real/deep", path("short"));
    symlinkSync("../deep/file", path("real", "deep", "two"));
    symlinkSync(path("short", "two"), path("one"));
    expect(realTarget(path("one"))).toEqual({ file: path("real", "deep", "file"), dangles: false });
    expect(realTarget(path("short", "new"))).toEqual({ file: path("real", "deep", "new"), dangles: false });
  });

  test("a link into nothing leads to where the file would be, and says that it dangles; so does a folder's", () => {
    symlinkSync("nowhere/file", path("link"));
    symlinkSync(path("unmounted"), path("folder"));
    expect(realTarget(path("link"))).toEqual({ file: path("nowhere", "file"), dangles: true });
    expect(realTarget(path("folder", "a", "new"))).toEqual({ file: path("unmounted", "a", "new"), dangles: true });
  });

  test("links in a circle lead nowhere", () => {
    symlinkSync("b", path("a"));
    symlinkSync("a", path("b"));
    expect(() => realTarget(path("a"))).toThrow("ELOOP");
    expect(() => realTarget(path("a", "new"))).toThrow("ELOOP");
  });
});
