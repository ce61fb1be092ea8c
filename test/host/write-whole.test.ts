import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeWhole } from "../../src/host/write-whole.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-write-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(text: string, end?: string): string {
  const file = join(folder, "out");
  const descriptor = openSync(file, "w");
  try {
    writeWhole(descriptor, text, end);
  } finally {
    closeSync(descriptor);
  }
  return readFileSync(file, "utf8");
}

test.each([
  ["nothing", ""],
  ["a line", "one line"],
  ["beyond ASCII", "höhere Gleise — 信号所 🚦"],
  ["exactly a room", "x".repeat(65_536)],
  ["larger than a room", "0123456789".repeat(100_000)],
  ["three bytes a unit", "信".repeat(70_000)],
  ["pairs across the end of a piece", `x${"🚦".repeat(70_000)}`],
  ["joined and not yet flat", ["a".repeat(60_000), "ö".repeat(60_000)].join("\n")],
])("%s comes out as it is, with its end", (_, text) => {
  expect(written(text, "\n")).toBe(`${text}\n`);
  expect(written(text)).toBe(text);
});

test("half a pair becomes the sign for it, and the rest is whole", () => {
  expect(written(`${"x".repeat(65_535)}\ud83d`, "\n")).toBe(`${"x".repeat(65_535)}\ufffd\n`);
});

test("a descriptor that cannot be written to is an error, not silence", () => {
  const descriptor = openSync(join(folder, "out"), "r");
  try {
    expect(() => writeWhole(descriptor, "text")).toThrow(
      expect.objectContaining({ code: "ANSWER_UNWRITTEN", message: "the answer could not be written (EBADF)" }),
    );
  } finally {
    closeSync(descriptor);
  }
});
