import { expect, test } from "vitest";
import { openKeyRing } from "../../src/gateway/key-file.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { fakeHost } from "../support/fake-host.ts";

const FILE = "/state/signalbox/gateway-keys.json";
const machine = { isSameDigest: (a: string, b: string) => a === b };

test("a file of keys that is broken lets nobody in, and the ring says what is wrong with it", () => {
  const ring = openKeyRing(fakeHost({ files: { [FILE]: "{" } }), FILE, machine);
  expect([ring.count, ring.ownerOf("x"), ring.fault?.code]).toEqual([0, undefined, "GATEWAY_KEYS_BROKEN"]);
});

test("what nobody has named is told as a bug of ours, with a hint, and lets nobody in", () => {
  const readText = () => {
    throw new TypeError("this.x is no function");
  };
  const ring = openKeyRing({ ...fakeHost({ files: { [FILE]: "{}" } }), readText }, FILE, machine);
  expect([ring.count, ring.ownerOf("x")]).toEqual([0, undefined]);
  expect(ring.fault).toBeInstanceOf(AppError);
  expect([ring.fault?.code, ring.fault?.message, ring.fault?.hint]).toEqual([
    "INTERNAL",
    "this.x is no function",
    "This is a bug. Please report it with the command that you ran.",
  ]);
});
