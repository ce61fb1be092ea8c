import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { authEdits } from "../../src/credentials/auth-edits.ts";
import { toProfileId, toProviderId } from "../../src/kernel/ids.ts";
import { createRegistry } from "../../src/provider/registry.ts";
import { builtinVendors } from "../../src/providers/index.ts";
import { fakeHost } from "../support/fake-host.ts";
import { nemo } from "../config/nemo.ts";

const registry = createRegistry(builtinVendors, []);

function edits(auth: unknown, more: { kind?: "api_key" | "token"; email?: string } = {}) {
  const config = loadConfig(fakeHost({ files: { "/home/me/.nemo/nemo.json": JSON.stringify({ auth }) } }), nemo);
  return authEdits(config, registry, { id: toProfileId("zai:new"), provider: toProviderId("zai"), kind: "api_key", ...more });
}

const listed = (mode: string, provider = "zai") => ({ provider, mode });
const path = ["auth", "profiles", "zai:new"];

test("a provider of which the config lists nothing is left alone", () => {
  expect(edits({})).toEqual([]);
  expect(edits({ profiles: { "groq:a": listed("api_key", "groq") }, order: { groq: ["groq:a"] } })).toEqual([]);
});

test("where it lists any, the new one joins them", () => {
  expect(edits({ profiles: { "zai:old": listed("token", "z.ai") } }, { email: "me@example.com" })).toEqual([
    { kind: "set", path, value: { provider: "zai", mode: "api_key", email: "me@example.com" } },
  ]);
});

test("what it says of that account is corrected where it would keep it from being asked", () => {
  expect(edits({ profiles: { "zai:new": listed("api_key") } })).toEqual([]);
  expect(edits({ profiles: { "zai:new": listed("oauth") } }, { kind: "token" })).toEqual([]);
  expect(edits({ profiles: { "zai:new": listed("oauth") } })).toEqual([{ kind: "set", path: [...path, "mode"], value: "api_key" }]);
  expect(edits({ profiles: { "zai:new": listed("api_key", "groq") } })).toEqual([{ kind: "set", path: [...path, "provider"], value: "zai" }]);
});

test("an order gets it at its front, under the name that the order has", () => {
  expect(edits({ order: { "z.ai": ["zai:old"] } })).toEqual([{ kind: "insert", path: ["auth", "order", "z.ai"], index: 0, value: "zai:new" }]);
  expect(edits({ order: { zai: ["zai:old", "zai:new"] } })).toEqual([]);
});
