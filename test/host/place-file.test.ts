import { linkSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { placeFile } from "../../src/host/place-file.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();
const failing =
  (code: string, act = (): void => undefined): typeof linkSync =>
  () => {
    act();
    throw Object.assign(new Error(code), { code });
  };

describe("a placed file", () => {
  test("is private and whole, and only one can be placed", () => {
    expect([placeFile(path("lock"), "first"), placeFile(path("lock"), "second")]).toEqual([true, false]);
    expect(readFileSync(path("lock"), "utf8")).toBe("first");
    expect(statSync(path("lock")).mode & 0o777).toBe(0o600);
    expect(readdirSync(path())).toEqual(["lock"]);
  });

  test.each(["EPERM", "ENOTSUP", "EACCES", "EMLINK"])("on a disk that answers %s to a link is made exclusively instead", (code) => {
    expect([placeFile(path("lock"), "first", failing(code)), placeFile(path("lock"), "second", failing(code))]).toEqual([true, false]);
    expect(readFileSync(path("lock"), "utf8")).toBe("first");
    expect(readdirSync(path())).toEqual(["lock"]);
  });

  test("is ours when the link was made and only the answer got lost", () => {
    const link: typeof linkSync = (from, to) => {
      linkSync(from, to);
      throw Object.assign(new Error("again"), { code: "EEXIST" });
    };
    expect(placeFile(path("lock"), "mine", link)).toBe(true);
    expect(readFileSync(path("lock"), "utf8")).toBe("mine");
  });

  test("is not there, and nothing is left, when the disk fails", () => {
    expect(() => placeFile(path("lock"), "mine", failing("EIO"))).toThrow("EIO");
    expect(readdirSync(path())).toEqual([]);
  });

  test("does not go through a link that somebody planted", () => {
    writeFileSync(path("elsewhere"), "keep");
    linkSync(path("elsewhere"), path("lock"));
    expect(placeFile(path("lock"), "mine", failing("EPERM"))).toBe(false);
    expect(readFileSync(path("elsewhere"), "utf8")).toBe("keep");
  });
});
