import { expect, test, vi } from "vitest";
import { nodeServer } from "../../src/host/server-machine.ts";

test("keys are compared by their digests, which are of one length whatever was sent", () => {
  const { digest, isSameDigest } = nodeServer;
  const own = digest("sbx-own");
  expect([own.length, digest("").length, digest("x".repeat(100_000)).length]).toEqual([64, 64, 64]);
  expect([digest("sbx-own"), digest("sbx-owm"), digest("sbx-ow"), own.slice(2), "", "no digest"].map((other) => isSameDigest(own, other))).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test("tokens are made of so many random bytes, and none twice", () => {
  const tokens = Array.from({ length: 1000 }, () => nodeServer.randomToken(32));
  expect([new Set(tokens).size, new Set(tokens.map((token) => Buffer.from(token, "base64url").length))]).toEqual([1000, new Set([32])]);
});

test("a time that is longer than any timer is not over at once", async () => {
  vi.useFakeTimers();
  let calls = 0;
  const takeBack = nodeServer.after(1e11, () => calls++);
  await vi.advanceTimersByTimeAsync(24 * 24 * 3_600_000);
  takeBack();
  expect([calls, vi.getTimerCount()]).toEqual([0, 0]);
  vi.useRealTimers();
});
