import { expect, test } from "vitest";
import { accountKey, knownAccounts } from "../../src/usage/account-key.ts";
import { configuredAuth } from "../../src/credentials/configured-auth.ts";
import { HOUR, keyOf, loginOf, NOW, openFacts, storeOf } from "../credentials/open-facts.ts";

const login = (more: object) => ({ ...(loginOf("zai", NOW + HOUR) as object), ...more });
const accountsOf = (profiles: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(knownAccounts(openFacts({ store: storeOf(profiles) })).map(({ profileId, account }) => [profileId, account]));

test("a key is told from its successor, and the same key is the same account", () => {
  const { a, b, c } = { a: keyOf("zai", "one-secret-text-0001"), b: keyOf("zai", "two-secret-text-0002"), c: keyOf("zai", "one-secret-text-0001") };
  const found = accountsOf({ "zai:a": a, "zai:b": b, "zai:c": c });
  expect(found["zai:a"]).toBe(found["zai:c"]);
  expect(found["zai:a"]).not.toBe(found["zai:b"]);
  expect(JSON.stringify(found)).not.toContain("secret-text");
});

test("a login is its e-mail address, whatever its tokens are", () => {
  expect(
    accountsOf({ "zai:a": login({ email: "a@x.example", access: "one" }), "zai:b": login({ email: "a@x.example", access: "two" }), "zai:c": login({}) }),
  ).toEqual({
    "zai:a": "a@x.example",
    "zai:b": "a@x.example",
    "zai:c": "",
  });
});

test("the address in the config counts before the stored one", () => {
  const config = { auth: { profiles: { "zai:a": { provider: "zai", mode: "oauth", email: "mine@x.example" } } } };
  const facts = openFacts({ config, store: storeOf({ "zai:a": login({ email: "a@x.example" }) }) });
  const [profile] = facts.credentials.profiles;
  expect(profile === undefined ? undefined : accountKey(profile, facts.credentials, configuredAuth(facts.config, facts.registry))).toBe("mine@x.example");
});
