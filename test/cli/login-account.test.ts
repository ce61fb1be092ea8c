import { expect, test } from "vitest";
import { DEVICE, ENDPOINTS, login, STORE, TOKENS, VENDOR } from "./login-rig.ts";

const config = { signalbox: { logins: { huggingface: { clientId: "my-app", ...ENDPOINTS } } } };
const COMMAND = "models auth login huggingface --method device";
const signalbox = { method: "device", licence: "own-client", tokenUrl: `${VENDOR}/token`, clientId: "my-app", scopes: [], generation: 1, obtainedAtMs: 1 };
const entryOf = (name: string, more: object = {}) => ({ type: "oauth", provider: "huggingface", access: name, refresh: name, signalbox, ...more });
const storeOf = (profiles: object): string => JSON.stringify({ version: 1, profiles });

/** Somebody else stores accounts, at that question to the vendor or at that change of the store: the first only asks whether it takes any. */
function othersStore(profiles: object, at: "/token" | "second change") {
  let changes = 0;
  return (asked: string, written: Map<string, string>): void => {
    if (asked === STORE) changes += 1;
    if (asked === at || (at === "second change" && changes === 2 && asked === STORE)) written.set(STORE, storeOf(profiles));
  };
}

const tokensIn = (profiles: Record<string, Record<string, unknown>> | undefined) =>
  Object.fromEntries(Object.entries(profiles ?? {}).map(([id, { access }]) => [id, access]));

const nameless = { "/device": DEVICE, "/token": TOKENS, "/userinfo": { sub: "1" } };
const named = { ...nameless, "/userinfo": { sub: "1", email: "ada@example.com" } };

test.each(["/token", "second change"] as const)("an account that somebody else stored until then (%s) is not overwritten: the next free name", async (at) => {
  const meanwhile = othersStore({ "huggingface:default": entryOf("theirs") }, at);
  const { exit, out, profiles } = await login({ config, vendor: nameless, meanwhile }, COMMAND);
  expect([exit, tokensIn(profiles)]).toEqual([0, { "huggingface:default": "theirs", "huggingface:2": "canary-access" }]);
  expect(out).toContain("Saved huggingface:2 (oauth, ");
});

test.each(["/token", "second change"] as const)("an ended login that somebody else replaced until then (%s) is not replaced again", async (at) => {
  const ended = entryOf("old", { signalbox: { ...signalbox, needsLogin: { sinceMs: 1, why: "it was revoked" } } });
  const stage = { config, vendor: nameless, store: { version: 1, profiles: { "huggingface:default": ended } } };
  const meanwhile = othersStore({ "huggingface:default": entryOf("theirs") }, at);
  const { exit, profiles } = await login({ ...stage, meanwhile }, COMMAND);
  expect([exit, tokensIn(profiles)]).toEqual([0, { "huggingface:default": "theirs", "huggingface:2": "canary-access" }]);
});

test("an entry that cannot be read keeps its name", async () => {
  const store = { version: 1, profiles: { "huggingface:default": "broken", "huggingface:ada@example.com": 7 } };
  const { profiles } = await login({ config, vendor: named, store }, COMMAND);
  expect([profiles?.["huggingface:default"], profiles?.["huggingface:ada@example.com"]]).toEqual(["broken", 7]);
  expect(profiles?.["huggingface:2"]).toMatchObject({ access: "canary-access" });
});

test("the same person's account is replaced, also when somebody else stored it a moment ago", async () => {
  const meanwhile = othersStore({ "huggingface:ada@example.com": entryOf("theirs", { email: "ADA@example.com" }) }, "second change");
  const { exit, profiles } = await login({ config, vendor: named, meanwhile }, COMMAND);
  expect([exit, tokensIn(profiles)]).toEqual([0, { "huggingface:ada@example.com": "canary-access" }]);
});

test("a name that was given with --profile-id is taken, whatever came there until then", async () => {
  const meanwhile = othersStore({ "huggingface:work": entryOf("theirs") }, "second change");
  const { exit, profiles } = await login({ config, vendor: nameless, meanwhile }, `${COMMAND} --profile-id huggingface:work`);
  expect([exit, tokensIn(profiles)]).toEqual([0, { "huggingface:work": "canary-access" }]);
});

test("a login that is in the store already stays one account", async () => {
  const store = { version: 1, profiles: { "huggingface:7": { ...entryOf("canary-access"), refresh: "canary-refresh" } } };
  const { exit, profiles } = await login({ config, vendor: nameless, store }, COMMAND);
  expect([exit, tokensIn(profiles)]).toEqual([0, { "huggingface:7": "canary-access" }]);
});
