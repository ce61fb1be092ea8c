import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { candidateName } from "../../src/host/beside.ts";
import { newOwner } from "../../src/host/lock-record.ts";
import { nodeMending } from "../../src/host/mending.ts";
import type { BringBack } from "../../src/kernel/mending.ts";

let folder = "";
const at = (name: string): string => join(folder, name);
const modeOf = (name: string): number => statSync(at(name)).mode & 0o7777;
const put = (name: string, content: string | Uint8Array, mode = 0o600): void => {
  writeFileSync(at(name), content);
  chmodSync(at(name), mode);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-mending-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bringBack = (more: Partial<BringBack> = {}) =>
  nodeMending.bringBack({
    file: at("store.json"),
    backup: at("store.json.bak"),
    aside: at("store.json.corrupt-1"),
    kept: "secrets",
    command: "test",
    isNeeded: () => true,
    ...more,
  });

describe("restrict", () => {
  test("takes permissions away, gives none, and leaves what is narrow enough untouched", () => {
    put("wide", "x", 0o644);
    put("readonly", "x", 0o444);
    put("narrow", "x", 0o600);
    utimesSync(at("narrow"), 1, 1);
    const changedMs = statSync(at("narrow")).ctimeMs;
    for (const name of ["wide", "readonly", "narrow"]) nodeMending.restrict(at(name), 0o600);
    expect(["wide", "readonly", "narrow"].map(modeOf)).toEqual([0o600, 0o400, 0o600]);
    expect(statSync(at("narrow")).ctimeMs).toBe(changedMs);
  });

  test("follows a link to what is meant, and says what the system said when it cannot", () => {
    put("wide", "x", 0o666);
    symlinkSync(at("wide"), at("link"));
    nodeMending.restrict(at("link"), 0o600);
    expect(modeOf("wide")).toBe(0o600);
    expect(() => nodeMending.restrict(at("absent"), 0o600)).toThrow(`the permissions of ${at("absent")} cannot be changed (ENOENT)`);
  });
});

describe("bringBack", () => {
  test("keeps the broken bytes, whatever they are, and puts the backup in their place in private", async () => {
    const broken = Buffer.from([0xff, 0x00, 0x7b, 0xc3]);
    put("store.json", broken);
    put("store.json.bak", "\ufeff{}\n");
    expect(await bringBack()).toBe("done");
    expect(readdirSync(folder).sort()).toEqual(["store.json", "store.json.bak", "store.json.corrupt-1"]);
    expect(readFileSync(at("store.json"))).toEqual(Buffer.from("\ufeff{}\n"));
    expect(readFileSync(at("store.json.bak"))).toEqual(Buffer.from("\ufeff{}\n"));
    expect(readFileSync(at("store.json.corrupt-1"))).toEqual(broken);
    expect(["store.json", "store.json.corrupt-1"].map(modeOf)).toEqual([0o600, 0o600]);
  });

  test("a config keeps its mode; what is kept aside is private", async () => {
    put("store.json", "broken", 0o640);
    put("store.json.bak", "{}");
    expect(await bringBack({ kept: "config" })).toBe("done");
    expect(["store.json", "store.json.corrupt-1"].map(modeOf)).toEqual([0o640, 0o600]);
  });

  test("does nothing when somebody else mended it before the lock was had", async () => {
    put("store.json", "mended");
    put("store.json.bak", "{}");
    expect(await bringBack({ isNeeded: () => false })).toBe("not needed");
    expect(readdirSync(folder).sort()).toEqual(["store.json", "store.json.bak"]);
    expect(readFileSync(at("store.json"), "utf8")).toBe("mended");
  });

  test("never writes over an earlier broken file", async () => {
    put("store.json", "broken");
    put("store.json.bak", "{}");
    put("store.json.corrupt-1", "the first");
    expect(await bringBack().then(String, (error: { code: string }) => error.code)).toBe("FILE_CHANGED");
    expect([readFileSync(at("store.json"), "utf8"), readFileSync(at("store.json.corrupt-1"), "utf8")]).toEqual(["broken", "the first"]);
  });

  test("a link that leads to the file stays a link", async () => {
    mkdirSync(at("real"));
    put("real/store.json", "broken");
    put("real/store.json.bak", "{}");
    symlinkSync(at("real/store.json"), at("store.json"));
    expect(await bringBack({ backup: at("real/store.json.bak"), aside: at("real/store.json.corrupt-1") })).toBe("done");
    expect(readFileSync(at("real/store.json"), "utf8")).toBe("{}");
    expect(readFileSync(at("store.json"), "utf8")).toBe("{}");
  });
});

describe.skipIf(process.platform === "darwin" || process.platform === "win32")("leftovers", () => {
  const own = newOwner("test");
  /** Of a process that cannot be: its number is that of this one, but it began at another time. */
  const dead = { ...own, start: "1", token: "dead-token" };
  const maker = (): string => {
    const found = /\.lock\.(\d+-\d+-)\d*(-[0-9a-f]{8})\./.exec(candidateName(at(".store.json.lock")));
    return `${found?.[1]}1${found?.[2]}.AAAAAAAAAAAA`;
  };

  test("are what dead writers left: a lock, files in the making, claims; all gone after a sweep, and nothing else", async () => {
    const temporary = `.store.json.${maker()}.tmp`;
    const candidate = `.store.json.lock.${maker()}.t`;
    put("store.json", "{}");
    put(".store.json.lock", JSON.stringify(dead));
    put(`.store.json.lock.break.${own.token}`, JSON.stringify(dead));
    put(temporary, "half");
    put(candidate, "{}");
    put(".store.json.swp", "an editor's");
    put("store.json.tmp", "a person's");
    const left = [".store.json.lock", `.store.json.lock.break.${own.token}`, temporary, candidate].sort();
    expect(
      nodeMending
        .leftovers(at("store.json"))
        .map((path) => path.slice(folder.length + 1))
        .sort(),
    ).toEqual(left);
    expect((await nodeMending.sweep(at("store.json"), "test")).length).toBe(4);
    expect(readdirSync(folder).sort()).toEqual([".store.json.swp", "store.json", "store.json.tmp"]);
    expect(await nodeMending.sweep(at("store.json"), "test")).toEqual([]);
  });

  test("are not what a living or unknown writer holds", () => {
    put("store.json", "{}");
    put(`.store.json.${maker()}.tmp`, "half");
    put(".store.json.lock", JSON.stringify({ ...own, hostname: "elsewhere" }));
    expect(nodeMending.leftovers(at("store.json"))).toEqual([]);
    put(".store.json.lock", "");
    expect(nodeMending.leftovers(at("store.json"))).toEqual([]);
    expect(nodeMending.leftovers(at("absent/store.json"))).toEqual([]);
  });

  test("looking for them writes nothing", () => {
    put("store.json", "{}");
    put(".store.json.lock", JSON.stringify({ ...own, hostname: "elsewhere" }));
    const before = statSync(folder).mtimeMs;
    nodeMending.leftovers(at("store.json"));
    expect([statSync(folder).mtimeMs, existsSync(at(".store.json.lock"))]).toEqual([before, true]);
  });
});
