import { expect, test } from "vitest";
import { accountTable, originText } from "../../src/cli/account-lines.ts";
import { makeStyle } from "../../src/cli/style.ts";
import { HOUR, keyOf, loginOf, NOW, storeOf } from "../credentials/open-facts.ts";
import { entryOf } from "../credentials/refresh/rig.ts";
import { statusOf } from "../status/status-of.ts";

const style = makeStyle({ colour: false, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 });

const { accounts } = statusOf({
  env: { WORK_KEY: "sk-work" },
  store: storeOf({
    "openai:env": { type: "api_key", provider: "openai", ref: "env:WORK_KEY" },
    "openai:lost": { type: "api_key", provider: "openai", ref: "file:~/keys/lost" },
    "openai:op": { type: "token", provider: "openai", ref: 'exec:["op","read","op://vault/of/the/company/openai/key"]' },
    "openai:ring": { type: "api_key", provider: "openai", ref: "keyring:signalbox/openai" },
    "openai:plain": keyOf("openai", "sk-plain"),
  }),
});

test("a secret that is not in the store is said to come from where it rests, and one that leads nowhere is unresolved", () => {
  const rows = accountTable(accounts, style).split("\n");
  expect(rows.map((row) => row.replace(/…[0-9a-f]{6}/g, "…123abc").trimEnd())).toEqual([
    "  1  openai:op     token from exec   ✓ no expiry   not looked up",
    "  2  openai:env    key from env      ✓ no expiry   sk-…123abc",
    "  3  openai:ring   key from keyring  ✓ no expiry   not looked up",
    "  4  openai:plain  key               ✓ no expiry   sk-…123abc",
    "  -  openai:lost   key from file     ✗ unresolved  missing",
  ]);
});

test("an origin goes on to where a reference leads", () => {
  expect(accounts.map((account) => originText(account, style))).toEqual([
    'store → exec:["op","read","o…ompany/openai/key"]',
    "store → env:WORK_KEY",
    "store → keyring:signalbox/openai",
    "store",
    "store → file:~/keys/lost",
  ]);
});

test("a login says who renews it: this program, or the one that made it, as long as it lives", () => {
  const store = storeOf({
    "openai:alive": loginOf("openai", NOW + HOUR),
    "openai:ended": loginOf("openai", NOW - HOUR),
    "openai:ours": entryOf({}, { provider: "openai" }),
  });
  const rows = accountTable(statusOf({ store }).accounts, style).split("\n");
  expect(rows.map((row) => row.replace(/ +(missing|…[0-9a-f]{6}|\S+…\S+)\s*$/, "").trimEnd())).toEqual([
    "  1  openai:alive  login  ✓ its program renews it",
    "  2  openai:ours   login  ✓ renews itself",
    "  -  openai:ended  login  ✗ expired 1h ago",
  ]);
});
