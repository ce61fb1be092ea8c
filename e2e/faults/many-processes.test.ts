import { expect, test } from "vitest";
import { isOtherNode, runRig } from "./rig.ts";

/** More of the same is `npm run soak:writers`, `soak:kills` and `soak:breaks`. */
const KILLS = isOtherNode ? 100 : 500;
const TIMEOUT_MS = 600_000;

test("thirty-two processes write a store and a config while others read: nothing is lost, nothing is seen half written", { timeout: TIMEOUT_MS }, async () => {
  const { code, findings } = await runRig("writers", "--processes", "32", "--writes", "25");
  expect(findings[0]?.result).toEqual({ acknowledged: 800, failed: 0, lost: 0, torn: 0, "accounts lost": 0, strays: 0, reads: expect.any(Number) });
  expect(code).toBe(0);
});

test("hundreds of writers are killed at random: what was acknowledged is there, and the backup is whole", { timeout: TIMEOUT_MS }, async () => {
  const { code, findings } = await runRig("kills", "--kills", String(KILLS));
  expect(findings[0]?.result).toMatchObject({ planned: KILLS, fired: KILLS, lost: 0, "failed by themselves": 0, corrupt: 0, strays: 0 });
  expect(code).toBe(0);
});

test("sixteen processes find one dead lock at the same moment: one is inside, each time", { timeout: TIMEOUT_MS }, async () => {
  const { code, findings } = await runRig("break-race", "--processes", "16", "--rounds", "60");
  expect(findings[0]?.result).toEqual({ planned: 60, fired: 60, "rounds with two inside": 0, failed: 0, strays: 0 });
  expect(code).toBe(0);
});
