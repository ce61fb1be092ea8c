import { noTalk } from "../../../support/fake-talk.ts";
import { expect, test } from "vitest";
import { pluginsList } from "../../../../src/cli/commands/plugins/list.ts";
import { brokerOver, EXTENSIONS, installed, plainStyle } from "./broker-over.ts";

const all = { enabled: false, verbose: false };

test("a provider is a row with its logins, its variables, and whether one is set", async () => {
  const report = await pluginsList.run(brokerOver({ env: { ACME_KEY: "ac-1234567890" } }), all, [], noTalk);
  expect(report.providers[0]).toEqual({
    id: "acme",
    label: "Acme",
    aliases: ["acme-ai"],
    origin: "built-in",
    local: false,
    serves: "chat",
    protocol: "openai-chat",
    baseUrl: "https://api.acme.example/v1",
    addressing: null,
    docs: "https://docs.acme.example",
    note: "It is made up.",
    logins: [
      {
        kind: "api_key",
        label: "API key",
        variables: [
          { name: "ACME_API_KEY", isSet: false, setIn: null },
          { name: "ACME_KEY", isSet: true, setIn: "process" },
        ],
        prefixes: ["ac-"],
        page: "https://acme.example/keys",
        flow: null,
        delegatedTo: null,
        note: null,
      },
      { kind: "oauth", label: "Acme login", variables: [], prefixes: [], page: null, flow: "device", delegatedTo: null, note: "For your own use." },
    ],
    state: "set",
    stateDetail: null,
    accounts: ["env:ACME_KEY"],
    methods: [
      {
        id: "api-key",
        label: "API key",
        kind: "api-key-page",
        licence: "own-client",
        standing: null,
        client: null,
        command: "models auth login acme --method api-key",
        source: { url: "https://vendor.example/docs", checkedOn: "2026-11-21" },
      },
    ],
  });
  expect(report.providers.map(({ id, state }) => [id, state])).toEqual([
    ["acme", "set"],
    ["anvil", "not set"],
    ["burrow", "not needed"],
  ]);
});

test("no secret is in the report", async () => {
  const report = await pluginsList.run(brokerOver({ env: { ACME_KEY: "ac-1234567890" } }), all, [], noTalk);
  expect(JSON.stringify(report)).not.toContain("1234567890");
});

test("an installed plugin keeps the keys that older agents give it", async () => {
  const files = installed("lab", { name: "Lab", version: "1.0.0", providers: ["lab"], channels: ["irc"] });
  const report = await pluginsList.run(brokerOver({ files }), all, [], noTalk);
  expect(Object.keys(report).slice(0, 4)).toEqual(["schemaVersion", "workspaceDir", "plugins", "diagnostics"]);
  expect(report.plugins).toEqual([
    {
      id: "lab",
      name: "Lab",
      version: "1.0.0",
      source: `${EXTENSIONS}/lab/index.ts`,
      origin: "global",
      enabled: true,
      status: "loaded",
      reason: "nothing in the config says otherwise",
      manifest: { file: `${EXTENSIONS}/lab/nemo.plugin.json`, line: null, column: null },
      toolNames: [],
      hookNames: [],
      channelIds: ["irc"],
      providerIds: ["lab"],
      gatewayMethods: [],
      cliCommands: [],
      services: [],
      commands: [],
      httpHandlers: 0,
      hookCount: 0,
      configSchema: true,
      form: "agent",
      hosts: [],
      program: null,
      install: null,
    },
  ]);
  expect(report.providers.find(({ id }) => id === "lab")).toMatchObject({ origin: "plugin", baseUrl: null, docs: null, state: "not set" });
});

test("what is broken is a diagnostic with its place, and a row", async () => {
  const files = { [`${EXTENSIONS}/bad/nemo.plugin.json`]: `{ "id": 3 }`, [`${EXTENSIONS}/bad/index.ts`]: "" };
  const report = await pluginsList.run(brokerOver({ files }), all, [], noTalk);
  expect(report.plugins).toMatchObject([{ id: "bad", enabled: false, status: "error", error: `"id" must be a text that is not blank` }]);
  expect(report.diagnostics).toEqual([
    {
      level: "error",
      message: `the plugin bad is left out: "id" must be a text that is not blank`,
      pluginId: "bad",
      source: `${EXTENSIONS}/bad/nemo.plugin.json`,
      code: "PLUGIN_MANIFEST_BROKEN",
      hint: `Mend ${EXTENSIONS}/bad/nemo.plugin.json:1:9, or remove the plugin's folder. Everything else goes on.`,
      line: 1,
      column: 9,
    },
  ]);
});

test("--enabled leaves what can be used now", async () => {
  const files = { ...installed("on"), ...installed("off"), "/home/me/.nemo/nemo.json": `{ plugins: { deny: ["off"] } }` };
  const report = await pluginsList.run(brokerOver({ files, env: { ANVIL_TOKEN: "x" } }), { ...all, enabled: true }, [], noTalk);
  expect(report.providers.map(({ id }) => id)).toEqual(["anvil", "burrow"]);
  expect(report.plugins.map(({ id }) => id)).toEqual(["on"]);
});

test("people see what is set up first, and what to set for the rest", async () => {
  const files = {
    ...installed("lab", { version: "1.0.0", providers: ["lab"] }),
    ...installed("old"),
    "/home/me/.nemo/nemo.json": `{ plugins: { deny: ["old"] } }`,
  };
  const report = await pluginsList.run(brokerOver({ files, env: { ACME_KEY: "k" } }), all, [], noTalk);
  expect(pluginsList.human(report, plainStyle, all)).toBe(
    [
      "Providers  4 known, 1 set up",
      "  Set up",
      "  acme    ACME_API_KEY (+1)  ✓ 1 account",
      "",
      "  Servers of your own, without a key",
      "  burrow  http://127.0.0.1:9999/v1",
      "",
      "  Not set up",
      "  anvil   ANVIL_TOKEN",
      "  lab     API key",
      "",
      "Plugins  2 installed, 1 on",
      "  Id   State  From    Version  Brings",
      "  lab  ✓ on   global  1.0.0    lab",
      "  old  - off  global  -",
      "",
      "`nemo plugins info <id>` shows all facts of one provider or plugin.",
      "`nemo models auth login <id>` logs in to a provider.",
    ].join("\n"),
  );
});

test("people see problems first, and that no plugin is no fault", async () => {
  const files = { "/home/me/.nemo/nemo.json": `{ plugins: { load: { paths: ["/gone"] } } }` };
  const report = await pluginsList.run(brokerOver({ files }), all, [], noTalk);
  expect(pluginsList.human(report, plainStyle, all).split("\n").slice(0, 4)).toEqual([
    "Problems  1 error",
    "  ✗ no plugin can be read from /gone: there is nothing at this path",
    "    → Mend or remove the entry in plugins.load.paths of the config.",
    "",
  ]);
  expect(pluginsList.human(report, plainStyle, all)).toContain(
    "  No plugin of an agent is installed here. That is no fault: the providers above\n  need none.",
  );
});

test("--verbose shows the facts of each", async () => {
  const report = await pluginsList.run(brokerOver({ files: installed("lab", { description: "Logs in" }) }), all, [], noTalk);
  const text = pluginsList.human(report, plainStyle, { ...all, verbose: true });
  expect(text).toContain(
    "acme  Acme  not set up\n  endpoint     https://api.acme.example/v1\n  speaks       openai-chat\n  log in       API key: ACME_API_KEY, ACME_KEY (begins with ac-)",
  );
  expect(text).toContain("lab  ✓ on\n  why          nothing in the config says otherwise\n  about        Logs in");
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("scripts get one line each", async () => {
  const report = await pluginsList.run(brokerOver({ files: installed("lab") }), all, [], noTalk);
  expect(pluginsList.plain?.(report, all)).toBe("acme\tprovider\tnot set\nanvil\tprovider\tnot set\nburrow\tprovider\tnot needed\nlab\tplugin\tloaded");
});
