import { expect, test } from "vitest";
import { copiedLogins } from "../../src/credentials/copied-logins.ts";
import { HOME, loginOf, NOW, openFacts, STORE, storeOf } from "./open-facts.ts";
import { entryOf } from "./refresh/rig.ts";

const LAB = `${HOME}/.nemo/agents/lab/agent`;
const config = { agents: { list: [{ id: "main", default: true }, { id: "lab" }] } };
const json = (value: unknown): string => JSON.stringify(value);

const found = (store: unknown, lab: unknown, links: Readonly<Record<string, string>> = {}) =>
  copiedLogins(openFacts({ config, store, links, files: lab === undefined ? {} : { [`${LAB}/auth-profiles.json`]: json(lab) } }));

test("a login that was copied into another agent's store is named, with what makes it one of its own", () => {
  const problems = found(storeOf({ "zai:me": entryOf() }), storeOf({ "zai:me": entryOf({ generation: 2 }, { access: "older" }) }));
  expect(problems).toEqual([
    {
      code: "NEEDS_LOGIN",
      severity: "warning",
      subject: "zai:me",
      message: "zai:me of agent lab is a copy of zai:me of agent main: whichever is renewed first may end the other",
      hint: "Make it a login of its own: `{cli} models auth login --agent lab --provider zai --profile-id zai:me`, or remove it with `{cli} models auth logout zai:me --agent lab`.",
      place: { file: `${LAB}/auth-profiles.json` },
    },
  ]);
  expect(JSON.stringify(problems)).not.toContain("refresh-4");
});

test("under two ids of one store too", () => {
  expect(found(storeOf({ "zai:me": entryOf(), "zai:twin": entryOf() }), undefined).map(({ subject }) => subject)).toEqual(["zai:twin"]);
});

test.each<[string, unknown, unknown, Readonly<Record<string, string>>?]>([
  ["logins of their own", storeOf({ "zai:me": entryOf() }), storeOf({ "zai:me": entryOf({}, { refresh: "another" }) })],
  ["logins without a refresh token", storeOf({ "zai:me": entryOf({}, { refresh: "" }) }), storeOf({ "zai:me": entryOf({}, { refresh: "" }) })],
  ["logins that other programs renew", storeOf({ "zai:me": loginOf("zai", NOW) }), storeOf({ "zai:me": loginOf("zai", NOW) })],
  ["one store that two agents have, by a link to its folder", storeOf({ "zai:me": entryOf() }), undefined, { [LAB]: "../main/agent" }],
  ["one store that two agents have, by a link", storeOf({ "zai:me": entryOf() }), undefined, { [`${LAB}/auth-profiles.json`]: STORE }],
  ["a store that cannot be read", storeOf({ "zai:me": entryOf() }), "{"],
])("nothing is said of %s", (_, store, lab, links = {}) => {
  expect(found(store, lab, links)).toEqual([]);
});
