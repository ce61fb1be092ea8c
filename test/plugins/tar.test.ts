import { describe, expect, test } from "vitest";
import { assert, property, uint8Array } from "fast-check";
import { AppError } from "../../src/kernel/errors.ts";
import { readTar } from "../../src/plugins/tar.ts";
import { tar, type TarEntry } from "../support/tar.ts";

const LIMITS = { files: 10, totalBytes: 10_000 };

function texts(entries: readonly TarEntry[]): Record<string, string> {
  return Object.fromEntries(
    [...readTar(tar(entries), LIMITS)].map(([path, { bytes, isProgram }]) => [path, `${isProgram ? "x " : ""}${Buffer.from(bytes).toString()}`]),
  );
}

test("files come out by path, without the folder that all of it lies in, and with whether they are programs", () => {
  const entries = [
    { name: "package", type: "5" },
    { name: "package/signalbox.plugin.json", text: "{}" },
    { name: "package/bin/main", text: "#!", mode: 0o755 },
  ];
  expect(texts(entries)).toEqual({ "signalbox.plugin.json": "{}", "bin/main": "x #!" });
  expect(
    texts([
      { name: "a/one", text: "1" },
      { name: "two", text: "2" },
    ]),
  ).toEqual({ "a/one": "1", two: "2" });
});

test("long names of both kinds are followed", () => {
  const long = `package/${"d/".repeat(60)}file`;
  expect(Object.keys(texts([{ name: "x", type: "L", text: `${long}\0` }, { name: "cut", text: "1" }, { name: "package/two" }]))).toEqual([
    `${"d/".repeat(60)}file`,
    "two",
  ]);
  expect(Object.keys(texts([{ name: "x", type: "x", text: `19 path=${long}\n` }, { name: "cut", text: "1" }, { name: "package/two" }]))).toEqual([
    `${"d/".repeat(60)}file`,
    "two",
  ]);
});

describe("an archive is refused that", () => {
  test.each<[string, readonly TarEntry[], RegExp]>([
    ["climbs out", [{ name: "package/../../.bashrc" }], /is no name/],
    ["climbs out by a long name", [{ name: "x", type: "L", text: "../evil" }, { name: "ok" }], /is no name/],
    ["climbs out by a pax name", [{ name: "x", type: "x", text: "20 path=../../evil\n" }, { name: "ok" }], /is no name/],
    ["names an absolute path", [{ name: "/etc/passwd" }], /is no name/],
    ["names a drive", [{ name: "C:/evil" }], /is no name/],
    ["uses backslashes", [{ name: "a\\..\\evil" }], /is no name/],
    ["names a device of Windows", [{ name: "package/con.json" }], /is no name/],
    ["ends a name in a point", [{ name: "package/a." }], /is no name/],
    ["names a control character", [{ name: "package/a\u001b]52" }], /is no name/],
    ["holds a symbolic link", [{ name: "package/key", type: "2", link: "/home/me/.ssh/id" }], /is a link/],
    ["holds a hard link", [{ name: "package/key", type: "1", link: "package/a" }], /is a link/],
    ["holds a device", [{ name: "package/null", type: "3" }], /is a link or no regular file/],
    ["restates a link in pax", [{ name: "x", type: "x", text: "20 linkpath=/etc\n" }, { name: "ok" }], /of a kind that is not read/],
    ["restates a size in pax", [{ name: "x", type: "x", text: "11 size=99\n" }, { name: "ok" }], /of a kind that is not read/],
    ["holds a name twice", [{ name: "a" }, { name: "A" }], /twice/],
    ["holds too many files", Array.from({ length: 11 }, (_, at) => ({ name: `f${at}` })), /more than 10 files/],
    [
      "is too large",
      [
        { name: "a", text: "x".repeat(6000) },
        { name: "b", text: "x".repeat(6000) },
      ],
      /too large together/,
    ],
    ["states more than it holds", [{ name: "a", text: "x", statedBytes: 5000 }], /cut off/],
  ])("%s", (_title, entries, why) => {
    expect(() => readTar(tar(entries), LIMITS)).toThrow(why);
    expect(() => readTar(tar(entries), LIMITS)).toThrow(AppError);
  });

  test("is damaged", () => {
    const archive = tar([{ name: "a", text: "x" }]);
    archive[3] = 66;
    expect(() => readTar(archive, LIMITS)).toThrow(/damaged/);
  });
});

test("any bytes get an answer or a PLUGIN_REFUSED, never anything else", () => {
  assert(
    property(uint8Array({ maxLength: 2048 }), (bytes) => {
      try {
        readTar(bytes, LIMITS);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(AppError);
      }
    }),
  );
});
