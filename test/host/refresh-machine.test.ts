import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeRefreshing as machine } from "../../src/host/refresh-machine.ts";

let folder: string;
let before: string | undefined;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "signalbox-refreshing-")));
  mkdirSync(join(folder, "run"), { mode: 0o700 });
  before = process.env["XDG_RUNTIME_DIR"];
  process.env["XDG_RUNTIME_DIR"] = join(folder, "run");
});
afterEach(() => {
  if (before === undefined) delete process.env["XDG_RUNTIME_DIR"];
  else process.env["XDG_RUNTIME_DIR"] = before;
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
    expect(readdirSync(folder).sort()).toEqual(["linked.json", "run", "store.json"]);
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
    expect(readdirSync(folder).sort()).toEqual(["run", "store.json"]);
  });

  test("that a killed holder left is taken away by the next one", () => {
    machine.reserve(stored("store.json"), 9000);
    machine.reserve(stored("store.json"), 10).release();
    expect(readdirSync(folder)).toEqual(["run"]);
  });

  test("that is not there is an error of ours", () => {
    expect(() => machine.reserve(stored("nowhere/store.json"), 10)).toThrow(expect.objectContaining({ code: "FILE_WRITE_FAILED" }));
  });
});

describe("a rescue copy", () => {
  test("is for its owner alone, is found again, and is forgotten when it is told to", () => {
    const file = machine.rescue(stored("store.json"), "tokens");
    expect([join(folder, "run"), statSync(file).mode & 0o777]).toEqual([join(file, ".."), 0o600]);
    expect([machine.rescued(stored("store.json")), machine.rescued(stored("store.json", "zai:you"))]).toEqual([{ file, text: "tokens" }, undefined]);
    machine.rescue(stored("store.json"), "newer");
    expect(machine.rescued(stored("store.json"))?.text).toBe("newer");
    machine.forgetRescued(stored("store.json"));
    expect([machine.rescued(stored("store.json")), readdirSync(join(folder, "run"))]).toEqual([undefined, []]);
  });

  test("is not believed where somebody else could have put it", () => {
    const file = machine.rescue(stored("store.json"), "tokens");
    chmodSync(file, 0o644);
    expect(machine.rescued(stored("store.json"))).toBeUndefined();
    chmodSync(file, 0o600);
    chmodSync(join(folder, "run"), 0o777);
    expect(machine.rescued(stored("store.json"))).toBeUndefined();
  });
});
