import { expect, test } from "vitest";
import { usageGlances } from "../../src/usage/usage-glance.ts";
import { cacheText, HOUR, keptUsage, NOW, windowOf } from "./kept.ts";

const account = (profileId: string, more: object = {}) => ({
  ...{ profileId, provider: "openrouter", type: "api_key", fingerprint: "…abc123", email: null },
  ...more,
});
const glances = (kept: Readonly<Record<string, unknown>>, ...accounts: readonly object[]) => usageGlances(cacheText(kept), accounts as never, NOW);

test("what an account's vendor told last, with its age, in the order of the accounts", () => {
  const first = keptUsage({ windows: [windowOf("week", 40, NOW + HOUR), windowOf("5h", 9, NOW - 1)], plan: "pro" });
  const second = keptUsage({ balances: [{ amount: 3.2, currency: "USD" }] }, { isOfficial: false });
  const common = { provider: "openrouter", takenAt: NOW - 600_000, ageMs: 600_000 };
  expect(glances({ "openrouter:b": second, "openrouter:a": first }, account("openrouter:a"), account("openrouter:b"))).toEqual([
    { profileId: "openrouter:a", ...common, windows: [{ label: "week", usedPercent: 40, resetsAt: NOW + HOUR }], balances: [], plan: "pro", official: true },
    { profileId: "openrouter:b", ...common, windows: [], balances: [{ amount: 3.2, currency: "USD" }], plan: null, official: false },
  ]);
});

test.each<[string, object]>([
  ["another secret under the same name", { fingerprint: "…000000" }],
  ["another provider under the same name", { provider: "deepseek" }],
  ["a login of somebody else", { type: "oauth", email: "me@example.com" }],
])("%s is another account", (_, more) => {
  expect(glances({ "a:b": keptUsage({ balances: [{ amount: 1, currency: "USD" }] }) }, account("a:b", more))).toEqual([]);
});

test("a login is known by its address, as its tokens change", () => {
  const kept = keptUsage({ balances: [{ amount: 1, currency: "USD" }] }, { account: "me@example.com" });
  expect(glances({ "a:b": kept }, account("a:b", { type: "oauth", email: "me@example.com" }))).toHaveLength(1);
});

test("where every window has begun anew there is nothing to show", () => {
  expect(glances({ "a:b": keptUsage({ windows: [windowOf("5h", 9, NOW)] }) }, account("a:b"))).toEqual([]);
});
