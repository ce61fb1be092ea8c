import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeRefreshing as machine } from "../../src/host/refresh-machine.ts";

let folder: string;
const VARIABLES = ["XDG_RUNTIME_DIR", "TMPDIR"] as const;
let before: readonly (string | undefined)[];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "signalbox-refreshing-")));
  mkdirSync(join(folder, "run"), { mode: 0o700 });
  mkdirSync(join(folder, "temporary"));
  before = VARIABLES.map((name) => process.env[name]);
  process.env["XDG_RUNTIME_DIR"] = join(folder, "run");
  process.env["TMPDIR"] = join(folder, "temporary");
});
afterEach(() => {
  for (const [index, name] of VARIABLES.entries()) {
    const value = before[index];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rmSync(folder, { recursive: true, force: true });
});

const stored = (name: string, id = "zai:me") => ({ store: join(folder, name), id });
const request = { command: "test", timeoutMs: 5000 };

describe("a credential", () => {
  test("is the same under every name of its store, and another one in another store or under another id", () => {
    mkdirSync(join(folder, "real"));
    writeFileSync(join(folder, "real/store.json"), "{}");
    symlinkSync("real/store.json", join(folder, "linked.json"));
    symlinkSync("real", join(folder, "also"));
    const keys = [stored("real/store.json"), stored("linked.json"), stored("also/store.json")].map(machine.keyOf);
    expect(new Set(keys).size).toBe(1);
    expect(new Set([keys[0], machine.keyOf(stored("real/store.json", "zai:you")), machine.keyOf(stored("real/other.json"))]).size).toBe(3);
  });

  test("is renewed by one at a time, under all its names; others need not wait; nothing is left", async () => {
    writeFileSync(join(folder, "store.json"), "{}");
    symlinkSync("store.json", join(folder, "linked.json"));
    const did: string[] = [];
    const act = (name: string) => async () => {
      did.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      did.push(`${name} out`);
    };
    await Promise.all([machine.alone(stored("store.json"), request, act("a")), machine.alone(stored("linked.json"), request, act("b"))]);
    expect(did).toEqual(["a in", "a out", "b in", "b out"]);
    await machine.alone(stored("store.json"), request, () => machine.alone(stored("store.json", "zai:you"), request, act("c")));
    expect(readdirSync(folder).sort()).toEqual(["linked.json", "run", "store.json", "temporary"]);
  });
});

describe("room that is taken early", () => {
  test("lies beside the store, for its owner alone, and is given back", async () => {
    writeFileSync(join(folder, "store.json"), "{}");
    const reserve = machine.reserve(stored("store.json"), 9000);
    const [name = ""] = readdirSync(folder).filter((each) => each.endsWith(".tmp"));
    const { size, mode } = statSync(join(folder, name));
    expect([size, mode & 0o777]).toEqual([9000, 0o600]);
    reserve.release();
    reserve.release();
    expect(readdirSync(folder).sort()).toEqual(["run", "store.json", "temporary"]);
  });

  test("that a killed holder left is taken away by the next one", () => {
    machine.reserve(stored("store.json"), 9000);
    machine.reserve(stored("store.json"), 10).release();
    expect(readdirSync(folder).sort()).toEqual(["run", "temporary"]);
  });

  test("that is not there is an error of ours", () => {
    expect(() => machine.reserve(stored("nowhere/store.json"), 10)).toThrow(expect.objectContaining({ code: "FILE_WRITE_FAILED" }));
  });
});

describe("a rescue copy", () => {
  const texts = (id?: string) => machine.rescued(stored("store.json", id)).map(({ text }) => text);
  const temporary = () => join(folder, "temporary", `signalbox-${process.geteuid?.() ?? "rescue"}`);

  test("is for its owner alone, is found again, and is forgotten when it is told to", () => {
    const file = machine.rescue(stored("store.json"), "tokens");
    expect([join(folder, "run"), statSync(file).mode & 0o777]).toEqual([join(file, ".."), 0o600]);
    expect([machine.rescued(stored("store.json")), texts("zai:you"), machine.allRescued()]).toEqual([[{ file, text: "tokens" }], [], [file]]);
    machine.rescue(stored("store.json"), "newer");
    expect([texts(), existsSync(temporary())]).toEqual([["newer"], false]);
    machine.forgetRescued(stored("store.json"));
    expect([texts(), machine.allRescued(), readdirSync(join(folder, "run"))]).toEqual([[], [], []]);
  });

  test("is not believed where somebody else could have put it", () => {
    const file = machine.rescue(stored("store.json"), "tokens");
    chmodSync(file, 0o644);
    expect(texts()).toEqual([]);
    chmodSync(file, 0o600);
    chmodSync(join(folder, "run"), 0o777);
    expect(texts()).toEqual([]);
  });

  test("that a process without a runtime folder made is found by one that has it, and the other way round", () => {
    const run = process.env["XDG_RUNTIME_DIR"] ?? "";
    delete process.env["XDG_RUNTIME_DIR"];
    const file = machine.rescue(stored("store.json"), "of a service");
    expect([join(file, ".."), machine.allRescued()]).toEqual([temporary(), [file]]);
    process.env["XDG_RUNTIME_DIR"] = run;
    expect([texts(), machine.allRescued()]).toEqual([["of a service"], [file]]);
    machine.forgetRescued(stored("store.json"));
    expect([texts(), readdirSync(temporary())]).toEqual([[], []]);
  });

  test("is put into the next folder where one takes nothing, and takes the older ones with it only then", () => {
    const first = machine.rescue(stored("store.json"), "tokens");
    mkdirSync(`${first}.unfinished`);
    const second = machine.rescue(stored("store.json"), "newer");
    expect([join(second, ".."), existsSync(first), texts()]).toEqual([temporary(), false, ["newer"]]);
    rmSync(temporary(), { recursive: true });
    rmSync(`${first}.unfinished`, { recursive: true });
    machine.rescue(stored("store.json"), "before");
    mkdirSync(`${first}.unfinished`);
    writeFileSync(temporary(), "in the way");
    expect(() => machine.rescue(stored("store.json"), "lost")).toThrow(expect.objectContaining({ code: "FILE_WRITE_FAILED" }));
    expect(texts()).toEqual(["before"]);
  });

  test.runIf(isMainThread).each([0o000, 0o077, 0o277, 0o777])("lies in a folder that is ours to use, whatever the umask (%i)", (mask) => {
    delete process.env["XDG_RUNTIME_DIR"];
    const umask = process.umask(mask);
    try {
      const file = machine.rescue(stored("store.json"), "tokens");
      expect([join(file, ".."), statSync(temporary()).mode & 0o7777, statSync(file).mode & 0o7777]).toEqual([temporary(), 0o700, 0o600]);
    } finally {
      process.umask(umask);
    }
  });

  test("that was whole before its writer was killed is found without its name; one that was not is its text alone", () => {
    const file = machine.rescue(stored("store.json"), "older");
    writeFileSync(`${file}.unfinished`, "newer", { mode: 0o600 });
    expect(texts()).toEqual(["older", "newer"]);
  });

  test("that a killed process left half made is forgotten too", () => {
    const file = machine.rescue(stored("store.json"), "tokens");
    writeFileSync(`${file}.unfinished`, "tok", { mode: 0o600 });
    expect(machine.allRescued()).toEqual([file, `${file}.unfinished`]);
    machine.forgetRescued(stored("store.json"));
    expect(readdirSync(join(folder, "run"))).toEqual([]);
  });
});
