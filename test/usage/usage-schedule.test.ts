import { expect, test } from "vitest";
import { type Asked, nextAsk } from "../../src/usage/usage-schedule.ts";

const MINUTE = 60_000;
const asked = (more: Partial<Asked>): Asked => ({ isOfficial: true, outcome: "told", failures: 0, ...more });

test.each<[string, Partial<Asked>, freshMinutes: number, heldMinutes: number]>([
  ["an answer counts for a minute", {}, 1, 0],
  ["of an address that nobody documents for fifteen, and at least one", { isOfficial: false }, 15, 1],
  ["silence is not asked about each minute", { outcome: "silent" }, 15, 0],
  ["who could not be reached is asked at once", { outcome: "failed", reason: "network", failures: 9 }, 0, 0],
  ["who did not answer too, whatever was asked", { outcome: "failed", reason: "timeout", failures: 9, isOfficial: false }, 0, 0],
  ["a refused credential may be mended any minute", { outcome: "failed", reason: "auth", failures: 3 }, 1, 0],
  ["a vendor in trouble is left alone for a minute", { outcome: "failed", reason: "unknown", failures: 1 }, 1, 0],
  ["asked too often, a minute", { outcome: "failed", reason: "rate_limit", failures: 1 }, 1, 1],
  ["or as long as it says", { outcome: "failed", reason: "rate_limit", failures: 1, retryAfterMs: 7 * MINUTE }, 7, 7],
  ["and longer each time, up to fifteen", { outcome: "failed", reason: "rate_limit", failures: 3 }, 4, 4],
  ["never longer by itself", { outcome: "failed", reason: "rate_limit", failures: 90 }, 15, 15],
  ["an undocumented address rests longer", { outcome: "failed", reason: "rate_limit", failures: 1, isOfficial: false }, 15, 15],
  ["also when it forbids", { outcome: "failed", reason: "permission", failures: 2, isOfficial: false }, 30, 30],
  ["up to six hours", { outcome: "failed", reason: "permission", failures: 40, isOfficial: false }, 360, 360],
  ["a documented one that forbids is asked again in a minute", { outcome: "failed", reason: "permission", failures: 5 }, 1, 0],
])("%s", (_, more, freshMinutes, heldMinutes) => {
  expect(nextAsk(asked(more))).toEqual({ freshMs: freshMinutes * MINUTE, heldMs: heldMinutes * MINUTE });
});
