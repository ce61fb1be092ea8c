import { expect, test } from "vitest";
import { readUsage } from "../../src/usage/read-usage.ts";
import { statedReader } from "../../src/usage/stated-reader.ts";
import { defineProvider } from "../../src/provider/provider.ts";

const acme = defineProvider({
  id: "acme",
  label: "Acme",
  protocol: "openai-chat",
  baseUrl: "https://api.acme.example/v1",
  auth: [],
  docs: "",
  quirks: {},
  source: { url: "", checkedOn: "" },
});

test("what a plugin states of its provider's usage is read like any vendor's; of one that states nothing there is no reader", () => {
  const usage = {
    address: { below: "baseUrl", path: "/usage" },
    windows: [{ label: "day", in: "data", used: "requests.used", limit: "requests.limit", resetsAt: "resets_at" }],
    balances: [{ amount: "data.balance", currency: "USD" }],
  } as const;
  const answer = { data: { requests: { used: 25, limit: 100 }, resets_at: "2026-11-22T00:00:00Z", balance: 3.5 } };
  const reader = statedReader({ ...acme, usage });
  expect(reader && readUsage(reader, answer, [], Date.UTC(2026, 10, 21))).toMatchObject({
    windows: [{ label: "day", usedPercent: 25, used: 25, limit: 100, remaining: 75 }],
    balances: [{ amount: 3.5, currency: "USD" }],
  });
  expect(statedReader(acme)).toBeUndefined();
});
