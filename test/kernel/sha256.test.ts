import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../src/kernel/sha256.ts";

const reference = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

test("the examples of the standard", () => {
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});

test("every length around the edges of a block, and any text, hash as in node:crypto", () => {
  for (let length = 0; length < 200; length++) expect(sha256("x".repeat(length))).toBe(reference("x".repeat(length)));
  for (const length of [65_000, 65_536, 200_000]) expect(sha256("y".repeat(length))).toBe(reference("y".repeat(length)));
  expect(sha256("short again")).toBe(reference("short again"));
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => sha256(text) === reference(text)),
    { numRuns: 2000 },
  );
});
