import { chmodSync, linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { changeFiles } from "../../src/host/change-files.ts";
import type { FileKeeping } from "../../src/kernel/host.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();

/** How a file may lie there: makes it, and says what it is called and where it really is. */
const LAYOUTS: Readonly<Record<string, (mode: number) => { readonly name: string; readonly real: string; readonly isNew?: boolean }>> = {
  "a file": (mode) => ({ name: "f", real: old("f", mode) }),
  "a link": (mode) => ({ name: link("l", "f"), real: old("f", mode) }),
  "an absolute link": (mode) => ({ name: link("l", path("f")), real: old("f", mode) }),
  "a chain of links": (mode) => ({ name: link("k", link("l", "dotfiles/f")), real: old("dotfiles/f", mode) }),
  "a file in a linked folder": (mode) => ({ real: old("dotfiles/f", mode), name: `${link("state", "dotfiles")}/f` }),
  "a link from another folder": (mode) => ({ real: old("dotfiles/f", mode), name: link("state/l", "../dotfiles/f") }),
  "one of two hard links": (mode) => ({ real: old("f", mode), name: hardLink("f", "twin") }),
  "a new file": () => ({ name: "f", real: "f", isNew: true }),
  "a new file in a new folder": () => ({ name: "a/b/f", real: "a/b/f", isNew: true }),
  "a dangling link": () => ({ name: link("l", "f"), real: "f", isNew: true }),
};

function old(name: string, mode: number): string {
  mkdirSync(dirname(path(name)), { recursive: true });
  writeFileSync(path(name), "old");
  chmodSync(path(name), mode);
  return name;
}

function link(name: string, target: string): string {
  mkdirSync(dirname(path(name)), { recursive: true });
  symlinkSync(target, path(name));
  return name;
}

function hardLink(name: string, twin: string): string {
  linkSync(path(name), path(twin));
  return name;
}

/** Every link with where it leads, every file with its mode and text. Links are not followed. */
function everything(folder = path()): Record<string, string> {
  return Object.assign(
    {},
    ...readdirSync(folder).map((name) => {
      const place = join(folder, name);
      const stats = lstatSync(place);
      if (stats.isDirectory()) return everything(place);
      const is = stats.isSymbolicLink() ? `-> ${readlinkSync(place)}` : `${(stats.mode & 0o7777).toString(8)} ${readFileSync(place, "utf8")}`;
      return { [place.slice(path().length + 1)]: is };
    }),
  );
}

const cases = Object.keys(LAYOUTS).flatMap((layout) =>
  (["secrets", "config"] as const).flatMap((kept) =>
    (["previous", "current", "none"] as const).flatMap((backup) =>
      [0o600, 0o644, 0o2660].map((mode) => ({ layout, kept, backup, mode, octal: mode.toString(8) })),
    ),
  ),
);

describe("what lies there afterwards", () => {
  test("is asked for in as many ways as files lie about", () => {
    expect(cases.length).toBeGreaterThan(120);
  });

  test.each(cases)("$layout of mode $octal, kept as $kept with the $backup backup", async ({ layout, kept, backup, mode }) => {
    const { name, real, isNew = false } = LAYOUTS[layout]?.(mode) ?? { name: "", real: "" };
    const before = everything();
    const keeping: FileKeeping = { kept, backup, maxBytes: 100, command: "test", lockTimeoutMs: 100 };
    await changeFiles([path(name)], keeping, () => new Map([[path(name), "new"]]));

    const expectedMode = kept === "secrets" || isNew ? 0o600 : mode;
    const hasBackup = backup === "current" || (backup === "previous" && !isNew);
    expect(everything()).toEqual({
      ...before,
      [real]: `${expectedMode.toString(8)} new`,
      ...(hasBackup ? { [`${real}.bak`]: `600 ${backup === "current" ? "new" : "old"}` } : {}),
    });
  });

  test("is never narrower than what the user set on a folder, nor wider than private where we made it", async () => {
    mkdirSync(path("theirs"));
    chmodSync(path("theirs"), 0o755);
    const file = path("theirs", "ours", "f");
    await changeFiles([file], { kept: "secrets", backup: "none", maxBytes: 100, command: "test" }, () => new Map([[file, "new"]]));
    expect([path("theirs"), path("theirs", "ours"), file].map((place) => statSync(place).mode & 0o777)).toEqual([0o755, 0o700, 0o600]);
  });
});

describe("the backup of what was there before", () => {
  const secrets: FileKeeping = { kept: "secrets", backup: "previous", maxBytes: 100, command: "test" };
  const write = (text: string): Promise<unknown> => changeFiles([path("f")], secrets, () => new Map([[path("f"), text]]));

  test("is the old file itself where nobody else may read or reach it", async () => {
    old("f", 0o600);
    const { ino } = statSync(path("f"));
    await write("new");
    expect(statSync(path("f.bak")).ino).toBe(ino);
  });

  test("is a copy where it is itself already the backup, as after a kill between the two renames", async () => {
    old("f", 0o600);
    linkSync(path("f"), path("f.bak"));
    await write("new");
    expect(everything()).toEqual({ f: "600 new", "f.bak": "600 old" });
  });

  test("takes the place of a link that somebody planted under its name, and does not follow it", async () => {
    old("f", 0o644);
    old("elsewhere", 0o644);
    link("f.bak", "elsewhere");
    await write("new");
    expect(everything()).toEqual({ f: "600 new", "f.bak": "600 old", elsewhere: "644 old" });
  });
});
