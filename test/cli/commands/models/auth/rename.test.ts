import { describe, expect, test } from "vitest";
import { NOW } from "../../../../credentials/open-facts.ts";
import { fakeRefreshing } from "../../../../support/fake-refreshing.ts";
import { fingerprint } from "../../../../../src/credentials/fingerprint.ts";
import { AppError } from "../../../../../src/kernel/errors.ts";
import { Secret } from "../../../../../src/kernel/secret.ts";
import { fakeHost } from "../../../../support/fake-host.ts";
import { CONFIG, json, keep, LAB_STORE, STORE, storeText } from "./keeping.ts";

const CONFIG_TEXT = `{
  // the accounts
  auth: {
    profiles: { "openai:work": { provider: "openai", mode: "api_key", email: "me@example.com" }, "openai:home": { provider: "openai", mode: "api_key" } },
    order: { openai: ["openai:home", "openai:work"] },
  },
  agents: {
    defaults: {
      model: { primary: "openai/gpt-5.2@openai:work", fallbacks: ["fast@openai:work", "openai/gpt-5-mini@openai:home"] },
      models: { "openai/gpt-5-mini@openai:work": { alias: "fast" } },
    },
    list: [{ id: "main", model: "openai/gpt-5.2@openai:work" }],
  },
  signalbox: { licences: { "openai:work": "own-client" } },
}
`;
const MACHINE = {
  files: {
    [STORE]: storeText(["openai:work", "openai:home"], { order: { openai: ["openai:work"] }, usageStats: { "openai:work": { lastUsed: 5 } } }),
    [CONFIG]: CONFIG_TEXT,
  },
};

const LOGIN = {
  ...{ type: "oauth", provider: "zai", access: "canary-access-1", refresh: "canary-refresh-1", expires: NOW + 3_600_000 },
  signalbox: {
    ...{ method: "device", licence: "own-client", tokenUrl: "https://id.example/token", clientId: "my-app", scopes: [], generation: 1 },
    ...{ obtainedAtMs: NOW, lifetimeSeconds: 3600 },
  },
};

describe("models auth rename", () => {
  test("tokens of a login that wait elsewhere for their store go with it; they stay where the rename fails", async () => {
    const files = { [STORE]: json({ version: 1, profiles: { "zai:me": LOGIN } }) };
    const refreshing = fakeRefreshing();
    const held = { kind: "oauth", access: new Secret(LOGIN.access), refresh: new Secret(LOGIN.refresh), expiresAtMs: LOGIN.expires } as const;
    const replaces = `1 ${fingerprint(held, [], fakeHost().sha256)}`;
    const text = { version: 1, profile: "zai:me", replaces, entry: { ...LOGIN, access: "canary-access-2", refresh: "canary-refresh-2" } };
    const before = [[`${STORE} zai:me`, JSON.stringify(text)]];
    refreshing.rescue({ store: STORE, id: "zai:me" }, JSON.stringify(text));
    const failing = { files, refreshing, writeFailure: new AppError("FILE_WRITE_FAILED", "full", { hint: "Make room." }) };
    expect([(await keep(failing, "models auth rename zai:me zai:eve")).exit, [...refreshing.rescues]]).toEqual([74, before]);
    expect((await keep({ files, refreshing }, "models auth rename zai:me zai:eve")).exit).toBe(0);
    expect([...refreshing.rescues].map(([key, moved]) => [key, JSON.parse(moved)])).toEqual([[`${STORE} zai:eve`, { ...text, profile: "zai:eve" }]]);
  });

  test("the store's entry, order and notes, and every name in the config, are changed and named", async () => {
    const { exit, out, written, files } = await keep(MACHINE, "models auth rename openai:work openai:office");
    expect(exit).toBe(0);
    expect(files).toEqual([STORE, CONFIG].sort());
    expect(out.split("\n")).toEqual([
      "Updated ~/.nemo/agents/main/agent/auth-profiles.json",
      "Updated ~/.nemo/nemo.json",
      '  auth.profiles["openai:work"]',
      '  signalbox.licences["openai:work"]',
      "  auth.order.openai[1]",
      "  agents.defaults.model.primary",
      "  agents.defaults.model.fallbacks[0]",
      '  agents.defaults.models["openai/gpt-5-mini@openai:work"]',
      "  agents.list[0].model",
      "openai:work is openai:office now.",
      "",
    ]);
    const store = JSON.parse(written(STORE) ?? "");
    expect([Object.keys(store.profiles), store.order, store.usageStats]).toEqual([
      ["openai:office", "openai:home"],
      { openai: ["openai:office"] },
      { "openai:office": { lastUsed: 5 } },
    ]);
    const config = written(CONFIG) ?? "";
    expect(config).not.toContain("openai:work");
    expect(config).toContain("// the accounts");
    expect(config.match(/openai:office/g)).toHaveLength(7);
    expect(config).toContain('list: [{ id: "main", model: "openai/gpt-5.2@openai:office" }]');
  });

  test("as data", async () => {
    const { out } = await keep({ files: { [STORE]: storeText(["openai:work"]) } }, "models auth rename openai:work lab:office --json");
    expect(JSON.parse(out)).toEqual({
      schemaVersion: 1,
      outcome: "renamed",
      agentId: "main",
      provider: "openai",
      from: "openai:work",
      to: "lab:office",
      storePath: STORE,
      configPath: CONFIG,
      changedInConfig: [],
      byHand: [],
      ordersOfOtherAgents: [],
      carriedOver: [],
    });
  });

  test("the provider stays what it was, whatever the id begins with", async () => {
    const { out, written } = await keep({ files: { [STORE]: storeText(["openai:work"]) } }, "models auth rename openai:work lab:office");
    expect(out).toContain("! It is still an account of openai, whatever its id begins with.");
    expect(JSON.parse(written(STORE) ?? "").profiles["lab:office"].provider).toBe("openai");
  });

  test("the same id is a no-op that says so", async () => {
    const { exit, out, files } = await keep(MACHINE, "models auth rename openai:work openai:work");
    expect([exit, out, files]).toEqual([0, "openai:work is called so already; nothing was written.\n", []]);
  });

  test.each([
    ["an unknown account", "openai:wrk openai:office", 'no account is called "openai:wrk" [PROFILE_UNKNOWN]\nhint: Did you mean "openai:work"?'],
    ["an id that is taken", "openai:work openai:home", "an account is called openai:home already [PROFILE_EXISTS]"],
    ["another provider's name", "openai:work groq:work", '"groq:work" begins with the name of another provider than openai [PROFILE_ID_INVALID]'],
    ["no colon", "openai:work office", "hint: Perhaps openai:office is meant."],
    ["a reserved beginning", "openai:work env:X", "begins as accounts do that are not in a store [PROFILE_ID_INVALID]"],
    ["characters that no id has", "openai:work openai:a/b", "has characters that an id cannot have [PROFILE_ID_INVALID]"],
    ["a key in place of an id", "openai:work sk-canary-0123456789abcdef0123", "looks like a key or a token"],
    ["a key in place of the account", "sk-canary-0123456789abcdef0123 openai:x", "looks like a key or a token"],
  ])("%s is refused with 64, and nothing is written", async (_, words, says) => {
    const { exit, err, out, files } = await keep(MACHINE, `models auth rename ${words}`);
    expect([exit, files]).toEqual([64, []]);
    expect(err.replace(/\n {7}/g, " ")).toContain(says);
    expect(out + err).not.toContain("canary-0123");
  });

  test("an account that is elsewhere is refused with what to do", async () => {
    const config = json({
      agents: { list: [{ id: "main" }, { id: "lab" }] },
      models: { providers: { lab: { baseUrl: "http://10.0.0.1/v1", apiKey: "canary-of-config", models: [] } } },
    });
    const machine = { env: { GROQ_API_KEY: "gsk_canary-process" }, files: { [STORE]: storeText(["openai:work"]), [CONFIG]: config } };
    const refused = async (words: string): Promise<string> => {
      const { exit, err, files } = await keep(machine, `models auth rename ${words}`);
      expect([exit, files]).toEqual([64, []]);
      return err.replace(/\n +/g, " ");
    };
    expect(await refused("env:GROQ_API_KEY groq:x")).toContain("it is the variable GROQ_API_KEY [PROFILE_ELSEWHERE] hint:".replace(" hint:", ""));
    expect(await refused("config:lab lab:x")).toContain("it is the apiKey of an entry in");
    expect(await refused("openai:work openai:x --agent lab")).toContain("hint: Run it for that agent: with --agent main.");
  });

  test("accounts of an earlier version move into the store with it, which is said", async () => {
    const older = "/home/me/.nemo/agents/main/agent/auth.json";
    const files = { [older]: json({ openai: { type: "api_key", key: "sk-canary-older" }, groq: { type: "api_key", key: "gsk_canary-older" } }) };
    const { out, written } = await keep({ files }, "models auth rename openai:default openai:work");
    expect(Object.keys(JSON.parse(written(STORE) ?? "").profiles)).toEqual(["openai:work", "groq:default"]);
    expect(out.replace(/\n {2}/g, " ")).toContain("moved into the store from ~/.nemo/agents/main/agent/auth.json, which is not read from now on.");
  });

  test("nothing is written when the config cannot be changed", async () => {
    const machine = { ...MACHINE, files: { ...MACHINE.files, [CONFIG]: '{ auth: { profiles: { "openai:work": { provider: "openai", mode: "api_key" } } ' } };
    const { exit, files } = await keep(machine, "models auth rename openai:work openai:office");
    expect([exit, files]).toEqual([78, []]);
  });

  test("the store is as it was when the config turns out to be managed by another program", async () => {
    const target = "/nix/store/abc-nemo.json";
    const files = { [STORE]: storeText(["openai:work"]), [target]: '{ auth: { order: { openai: ["openai:work"] } } }' };
    const { exit, written } = await keep({ files, links: { [CONFIG]: target } }, "models auth rename openai:work openai:office");
    expect([exit, Object.keys(JSON.parse(written(STORE) ?? "").profiles)]).toEqual([77, ["openai:work"]]);
  });

  test("what names it with a variable is left to the person, and other agents' orders are named", async () => {
    const config = `{ agents: { list: [{ id: "main" }, { id: "lab" }] }, auth: { order: { openai: ["\${WHO}"] } } }`;
    const files = { [STORE]: storeText(["openai:work"]), [CONFIG]: config, [LAB_STORE]: storeText([], { order: { openai: ["openai:work"] } }) };
    const { out, written } = await keep({ env: { WHO: "openai:work" }, files }, "models auth rename openai:work openai:office");
    expect(out).toContain("! auth.order.openai[0] names it with a variable; change it by hand.\n");
    expect(out).toContain("! The order of agent lab for openai still lists openai:work.\n  → nemo models auth order set --agent lab --provider openai …\n");
    expect([written(CONFIG), written(LAB_STORE)]).toEqual([undefined, undefined]);
  });

  test("an id that another agent's store has as well keeps its place in the config", async () => {
    const config = json({ agents: { list: [{ id: "main" }, { id: "lab" }] }, auth: { profiles: { "openai:work": { provider: "openai", mode: "api_key" } } } });
    const files = { [STORE]: storeText(["openai:work"]), [CONFIG]: config, [LAB_STORE]: storeText(["openai:work"]) };
    const { written } = await keep({ files }, "models auth rename openai:work openai:office");
    expect(Object.keys(JSON.parse(written(CONFIG) ?? "").auth.profiles)).toEqual(["openai:work", "openai:office"]);
  });
});
