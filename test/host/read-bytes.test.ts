import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { closeQuietly, readBytes, readSmall } from "../../src/host/read-bytes.ts";
import { scratchFolder } from "./scratch.ts";

const path = scratchFolder();

test("bytes are read as they are, with the facts of the very file that was read", () => {
  writeFileSync(path("f"), Buffer.from([0xff, 0, 1]), { mode: 0o640 });
  expect(readBytes(path("f"), 3)).toMatchObject({ kind: "bytes", bytes: Buffer.from([0xff, 0, 1]), stats: { size: 3 } });
});

test("an empty file is read, even when nothing may be", () => {
  writeFileSync(path("f"), "");
  expect(readBytes(path("f"), 0)).toMatchObject({ kind: "bytes", bytes: Buffer.alloc(0) });
});

test("what is absent, too large or no file is told apart; what the system refuses is thrown", () => {
  mkdirSync(path("folder"));
  writeFileSync(path("f"), "four");
  expect([readBytes(path("none"), 9), readBytes(path("f", "below"), 9), readBytes(path("f"), 3), readBytes(path("folder"), 9)]).toEqual([
    { kind: "absent" },
    { kind: "absent" },
    { kind: "too_large", sizeBytes: 4 },
    { kind: "no_file", reason: "EISDIR" },
  ]);
  expect(() => readBytes("x".repeat(5000), 9)).toThrow("ENAMETOOLONG");
});

test("of a small file that is known to be one no more is read than may be; what is none is thrown", () => {
  mkdirSync(path("folder"));
  writeFileSync(path("f"), "four");
  writeFileSync(path("empty"), "");
  expect([readSmall(path("f"), 9), readSmall(path("f"), 3), readSmall(path("empty"), 3)].map(String)).toEqual(["four", "fou", ""]);
  expect(() => readSmall(path("none"), 9)).toThrow("ENOENT");
  expect(() => readSmall(path("folder"), 9)).toThrow("EISDIR");
});

test("closing what is closed fails nobody", () => {
  expect(() => closeQuietly(9999)).not.toThrow();
});
