import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { beside } from "../../src/host/beside.ts";
import { changeFiles } from "../../src/host/change-files.ts";
import { AppError } from "../../src/kernel/errors.ts";
import type { FileKeeping, FileTexts } from "../../src/kernel/host.ts";
import { deadOwner, livingOwner } from "./owners.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const secrets: FileKeeping = { kept: "secrets", backup: "previous", maxBytes: 10_000, command: "test", lockTimeoutMs: 20 };
const config: FileKeeping = { ...secrets, kept: "config" };
const to = (file: string, text: string) => (): FileTexts => new Map([[file, text]]);
const read = (name: string): string => readFileSync(path(name), "utf8");
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "done",
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describe("a change", () => {
  test("sees what is there, writes what it gives back, and leaves nothing else but the backup", async () => {
    writeFileSync(path("s.json"), "one", { mode: 0o600 });
    const seen: FileTexts[] = [];
    const written = await changeFiles([path("s.json")], secrets, (texts) => {
      seen.push(texts);
      return new Map([[path("s.json"), "two"]]);
    });
    expect([written, seen]).toEqual([[path("s.json")], [new Map([[path("s.json"), "one"]])]]);
    expect([readdirSync(path()), read("s.json"), read("s.json.bak")]).toEqual([["s.json", "s.json.bak"], "two", "one"]);
  });

  test("that gives nothing back, or what is there, writes nothing: not even a folder or a backup", async () => {
    writeFileSync(path("s.json"), "one");
    const before = statSync(path("s.json")).mtimeMs;
    expect(await changeFiles([path("s.json")], secrets, () => new Map())).toEqual([]);
    expect(await changeFiles([path("s.json")], { ...secrets, backup: "current" }, to(path("s.json"), "one"))).toEqual([]);
    expect(await changeFiles([path("new", "s.json")], secrets, () => new Map())).toEqual([]);
    expect([readdirSync(path()), statSync(path("s.json")).mtimeMs]).toEqual([["s.json"], before]);
  });

  test("that throws passes what it throws, and writes nothing", async () => {
    const failure = new AppError("PROFILE_UNKNOWN", "no", { hint: "h" });
    const failing = (): never => {
      throw failure;
    };
    await expect(changeFiles([path("new", "s.json")], secrets, failing)).rejects.toBe(failure);
    expect(readdirSync(path())).toEqual([]);
  });

  test("makes a new file, private, in private folders", async () => {
    await changeFiles([path("a", "b", "s.json")], config, to(path("a", "b", "s.json"), "new"));
    expect(["a", "a/b", "a/b/s.json"].map((name) => statSync(path(name)).mode & 0o7777)).toEqual([0o700, 0o700, 0o600]);
    expect(readdirSync(path("a", "b"))).toEqual(["s.json"]);
  });

  test("keeps a byte order mark that is there, and makes none", async () => {
    writeFileSync(path("s.json"), "\uFEFFone");
    await changeFiles([path("s.json")], secrets, (texts) => new Map([[path("s.json"), `${texts.get(path("s.json"))}\r\ntwo`]]));
    expect(read("s.json")).toBe("\uFEFFone\r\ntwo");
  });

  test("under two names of one file is one change", async () => {
    writeFileSync(path("s.json"), "one");
    symlinkSync("s.json", path("link"));
    const files = [path("link"), path("s.json")];
    const written = await changeFiles(files, config, (texts) => {
      expect(texts).toEqual(new Map(files.map((file) => [file, "one"])));
      return new Map([[path("link"), "two"]]);
    });
    expect([written, read("s.json")]).toEqual([[path("link")], "two"]);
  });

  test.each([
    ["a folder", (file: string) => mkdirSync(file)],
    ["too large", (file: string) => writeFileSync(file, "x".repeat(10_001))],
    ["not text", (file: string) => writeFileSync(file, Buffer.from([0xff, 0x00]))],
  ])("of what is %s is refused, and it stays", async (_, make) => {
    make(path("s.json"));
    const before = statSync(path("s.json"));
    expect(await codeOf(changeFiles([path("s.json")], secrets, to(path("s.json"), "new")))).toBe("FILE_UNREADABLE");
    expect([readdirSync(path()), statSync(path("s.json")).mtimeMs]).toEqual([["s.json"], before.mtimeMs]);
  });

  test("never makes a file that could not be read again", async () => {
    writeFileSync(path("s.json"), "one");
    expect(await codeOf(changeFiles([path("s.json")], secrets, to(path("s.json"), "x".repeat(10_001))))).toBe("FILE_WRITE_FAILED");
    expect(read("s.json")).toBe("one");
  });

  test("of a config that is marked read-only is refused; no mark is taken away", async () => {
    writeFileSync(path("c.json"), "one", { mode: 0o444 });
    await expect(changeFiles([path("c.json")], config, to(path("c.json"), "two"))).rejects.toMatchObject({
      code: "FILE_READ_ONLY",
      message: `${path("c.json")} is marked read-only`,
      facts: { hint: `If it is to be changed: \`chmod u+w ${path("c.json")}\`.` },
    });
    expect([readdirSync(path()), read("c.json")]).toEqual([["c.json"], "one"]);
  });

  test("through a link into a folder that is not there is refused: it may be a disk that is not mounted", async () => {
    symlinkSync(path("unmounted", "c.json"), path("link"));
    expect(await codeOf(changeFiles([path("link")], config, to(path("link"), "new")))).toBe("FILE_WRITE_FAILED");
    expect(readdirSync(path())).toEqual(["link"]);
  });

  test("through links in a circle is refused", async () => {
    symlinkSync("link", path("link"));
    await expect(changeFiles([path("link")], config, to(path("link"), "new"))).rejects.toMatchObject({
      code: "FILE_WRITE_FAILED",
      message: `${path("link")} could not be written (ELOOP)`,
    });
  });
});

describe("somebody who writes without our lock", () => {
  test("meanwhile is not overwritten: the change is asked again with what is there now", async () => {
    writeFileSync(path("s.json"), "one", { mode: 0o600 });
    const seen: (string | undefined)[] = [];
    await changeFiles([path("s.json")], secrets, (texts) => {
      const text = texts.get(path("s.json"));
      seen.push(text);
      if (seen.length < 3) writeFileSync(path("s.json"), `hand edit ${seen.length}`);
      return new Map([[path("s.json"), `${text} and ours`]]);
    });
    expect(seen).toEqual(["one", "hand edit 1", "hand edit 2"]);
    expect([readdirSync(path()), read("s.json"), read("s.json.bak")]).toEqual([["s.json", "s.json.bak"], "hand edit 2 and ours", "hand edit 2"]);
  });

  test("makes the file that we were about to make, or takes it away: that counts too", async () => {
    const seen: unknown[] = [];
    await changeFiles([path("s.json")], secrets, (texts) => {
      seen.push(texts.get(path("s.json")));
      if (seen.length === 1) writeFileSync(path("s.json"), "theirs");
      if (seen.length === 2) rmSync(path("s.json"));
      return new Map([[path("s.json"), "ours"]]);
    });
    expect(seen).toEqual([undefined, "theirs", undefined]);
  });

  test("each time wins after ten times, and is told apart from a lock", async () => {
    let times = 0;
    const change = (): FileTexts => {
      writeFileSync(path("s.json"), `theirs ${++times}`);
      return new Map([[path("s.json"), "ours"]]);
    };
    expect(await codeOf(changeFiles([path("s.json")], secrets, change))).toBe("FILE_CHANGED");
    expect([times, read("s.json"), readdirSync(path())]).toEqual([10, "theirs 10", ["s.json"]]);
  });

  test("but took the lock of earlier versions is waited for, before and just before we write", async () => {
    mkdirSync(path("s.json.lock"));
    expect(await codeOf(changeFiles([path("s.json")], secrets, to(path("s.json"), "ours")))).toBe("LOCK_HELD");
    expect(await codeOf(changeFiles([path("s.json")], config, to(path("s.json"), "ours")))).toBe("done");
    rmSync(path("s.json.lock"), { recursive: true });
    let times = 0;
    await changeFiles([path("s.json")], secrets, () => {
      times += 1;
      mkdirSync(path("s.json.lock"), { recursive: true });
      const old = Date.now() / 1000 - 40;
      if (times === 1) utimesSync(path("s.json.lock"), old, old);
      return new Map([[path("s.json"), `ours ${times}`]]);
    });
    expect([times, read("s.json"), existsSync(path("s.json.lock"))]).toEqual([2, "ours 2", true]);
  });

  test("and removed our lock by hand stops the write; it is done under a new lock", async () => {
    let times = 0;
    await changeFiles([path("s.json")], secrets, () => {
      times += 1;
      if (times === 1) rmSync(beside(path("s.json")).lock);
      return new Map([[path("s.json"), `ours ${times}`]]);
    });
    expect([times, read("s.json"), readdirSync(path())]).toEqual([2, "ours 2", ["s.json"]]);
  });

  test("and turned the link meanwhile gets the change where the link leads now", async () => {
    for (const name of ["a", "b"]) writeFileSync(path(name), name);
    symlinkSync("a", path("link"));
    let times = 0;
    await changeFiles([path("link")], config, (texts) => {
      times += 1;
      if (times === 1) {
        rmSync(path("link"));
        symlinkSync("b", path("link"));
        writeFileSync(path("a"), "a, edited");
      }
      return new Map([[path("link"), `${texts.get(path("link"))}!`]]);
    });
    expect([times, read("a"), read("b")]).toEqual([2, "a, edited", "b!"]);
  });
});

describe("the lock", () => {
  test("is held during a change and gone afterwards; a living holder is never robbed", async () => {
    const { lock } = beside(path("s.json"));
    await changeFiles([path("s.json")], secrets, () => {
      expect([existsSync(lock), statSync(lock).mode & 0o777]).toEqual([true, 0o600]);
      return new Map([[path("s.json"), "one"]]);
    });
    expect(existsSync(lock)).toBe(false);
    writeFileSync(lock, JSON.stringify(livingOwner()));
    expect(await codeOf(changeFiles([path("s.json")], secrets, to(path("s.json"), "two")))).toBe("LOCK_HELD");
    expect([read("s.json"), existsSync(lock)]).toEqual(["one", true]);
  });

  test("of a dead process is taken over at once, and what it left is swept", async () => {
    const { lock, temporary } = beside(path("s.json"));
    writeFileSync(path("s.json"), "one", { mode: 0o600 });
    writeFileSync(lock, JSON.stringify(deadOwner()));
    writeFileSync(temporary(), "half a secr");
    await changeFiles([path("s.json")], secrets, to(path("s.json"), "two"));
    expect([readdirSync(path()), read("s.json")]).toEqual([["s.json", "s.json.bak"], "two"]);
  });

  test("lets a hundred changes of one process through, one after the other", async () => {
    const add = (texts: FileTexts): FileTexts => new Map([[path("s.json"), String(Number(texts.get(path("s.json")) ?? "0") + 1)]]);
    await Promise.all(Array.from({ length: 100 }, () => changeFiles([path("s.json")], secrets, add)));
    expect(read("s.json")).toBe("100");
  });
});

describe("several files", () => {
  test("are changed together, and only those that are different", async () => {
    for (const name of ["a", "b", "c"]) writeFileSync(path(name), name);
    const files = ["c", "a", "b"].map((name) => path(name));
    const written = await changeFiles(files, config, () => new Map([...to(path("a"), "A")(), ...to(path("c"), "C")(), ...to(path("b"), "b")()]));
    expect([written, read("a"), read("b"), read("c")]).toEqual([[path("a"), path("c")], "A", "b", "C"]);
    expect(readdirSync(path())).toEqual(["a", "a.bak", "b", "c", "c.bak"]);
  });

  test("all keep their old content when a later one cannot be replaced", async () => {
    writeFileSync(path("a"), "a", { mode: 0o640 });
    writeFileSync(path("c"), "c");
    mkdirSync(path("c.bak", "full"), { recursive: true });
    const files = ["a", "b", "c"].map((name) => path(name));
    expect(await codeOf(changeFiles(files, config, () => new Map(files.map((file) => [file, "new"]))))).toBe("FILE_WRITE_FAILED");
    expect([readdirSync(path()), read("a"), read("c"), statSync(path("a")).mode & 0o777]).toEqual([["a", "a.bak", "c", "c.bak"], "a", "c", 0o640]);
  });
});

test("a backup of what is written now holds it too, and no trace of a killed writer is left", async () => {
  writeFileSync(path("s.json"), "with a secret", { mode: 0o600 });
  await changeFiles([path("s.json")], secrets, to(path("s.json"), "with two secrets"));
  writeFileSync(beside(path("s.json")).temporary(), "with a secret of a killed writer");
  await changeFiles([path("s.json")], { ...secrets, backup: "current" }, to(path("s.json"), "without"));
  expect(Object.fromEntries(readdirSync(path()).map((name) => [name, read(name)]))).toEqual({ "s.json": "without", "s.json.bak": "without" });
  writeFileSync(path("s.json"), "with an edit in place");
  expect(read("s.json.bak")).toBe("without");
});
