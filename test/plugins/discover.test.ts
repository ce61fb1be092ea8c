import { describe, expect, test } from "vitest";
import type { InstallationNames } from "../../src/config/installation.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { PluginFacts } from "../../src/plugins/search.ts";
import { discoverPlugins } from "../../src/plugins/discover.ts";
import { type FakeMachine, fakeHost } from "../support/fake-host.ts";

const HOME = "/home/me";
const GLOBAL = `${HOME}/.nemo/extensions`;
const WORKSPACE = `${HOME}/.nemo/workspace/.nemo/extensions`;
const names: InstallationNames = { bin: "nemo", envPrefix: "NEMO", legacyStateDirs: [], legacyConfigNames: [], legacyEnvPrefixes: [], hasHomeVariable: true };

describe("where plugins are looked for", () => {
  test("nothing is there: nothing is found, and only three folders are asked", () => {
    const host = fakeHost();
    const listed: string[] = [];
    const facts = discoverPlugins({ host: { ...host, listFolder: (path) => (listed.push(path), []) }, config: loadConfig(host, names), names });
    expect(facts).toEqual({ workspaceDir: `${HOME}/.nemo/workspace`, plugins: [], problems: [] });
    expect(listed).toEqual([WORKSPACE, GLOBAL]);
  });

  test("paths of the config come first, then the workspace, the state folder and the bundled ones", () => {
    const files = {
      ...plugin("/opt/one", "one"),
      ...plugin(`${WORKSPACE}/two`, "two"),
      ...plugin(`${GLOBAL}/three`, "three"),
      ...plugin("/usr/lib/nemo/four", "four"),
    };
    const facts = discover(files, { plugins: { load: { paths: ["/opt/one"] } } }, { NEMO_BUNDLED_PLUGINS_DIR: "/usr/lib/nemo" });
    expect(facts.plugins.map(({ id, origin, status }) => [id, origin, status])).toEqual([
      ["one", "config", "enabled"],
      ["two", "workspace", "enabled"],
      ["three", "global", "enabled"],
      ["four", "bundled", "disabled"],
    ]);
  });

  test("a path may be a file, a plugin's folder, a folder of plugins, or below the home folder", () => {
    const files = { ...plugin("/a/alone", "alone"), ...plugin("/many/first", "first"), ...plugin("/many/second", "second"), ...plugin(`${HOME}/mine`, "mine") };
    const facts = discover(files, { plugins: { load: { paths: ["/a/alone/index.ts", "/many", "~/mine"] } } });
    expect(facts.plugins.map(({ id, source }) => [id, source])).toEqual([
      ["alone", "/a/alone/index.ts"],
      ["first", "/many/first/index.ts"],
      ["second", "/many/second/index.ts"],
      ["mine", `${HOME}/mine/index.ts`],
    ]);
  });

  test("a path that leads nowhere, or to no code, is a problem and no obstacle", () => {
    const facts = discover({ "/notes.txt": "x", ...plugin("/good", "good") }, { plugins: { load: { paths: ["/gone", "/notes.txt", "/good"] } } });
    expect(facts.plugins.map(({ id }) => id)).toEqual(["good"]);
    expect(facts.problems.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      "error: no plugin can be read from /gone: there is nothing at this path",
      "error: no plugin can be read from /notes.txt: this is no file of code and no folder",
    ]);
  });

  test("the workspace is the default agent's, else that of all agents", () => {
    const agents = { defaults: { workspace: "/all" }, list: [{ id: "a", workspace: "/own" }, { id: "b" }] };
    expect(discover({}, { agents }).workspaceDir).toBe("/own");
    expect(
      discover(
        {},
        {
          agents: {
            ...agents,
            list: [
              { id: "a", workspace: "/own" },
              { id: "b", default: true },
            ],
          },
        },
      ).workspaceDir,
    ).toBe("/all");
    const host = fakeHost();
    expect(discoverPlugins({ host, config: loadConfig(host, names), names, agentWorkspace: "~/w" }).workspaceDir).toBe(`${HOME}/w`);
    expect(discoverPlugins({ host, config: loadConfig(host, names), names: { ...names, profile: "work" } }).workspaceDir).toBe(`${HOME}/.nemo/workspace-work`);
  });

  test("package.json may name several entry files: each is a plugin of its own", () => {
    const folder = `${GLOBAL}/pair`;
    const files = {
      [`${folder}/package.json`]: JSON.stringify({ name: "@lab/pair", nemo: { extensions: ["./left.ts", " ", "./right.ts"] } }),
      [`${folder}/nemo.plugin.json`]: manifest("pair"),
    };
    const facts = discover(files);
    expect(facts.plugins.map(({ id, source, status, reason }) => [id, source, status, reason])).toEqual([
      ["pair", `${folder}/left.ts`, "enabled", "nothing in the config says otherwise"],
      ["pair", `${folder}/right.ts`, "disabled", "overridden by the global plugin of the same id"],
    ]);
  });

  test("declarations, other files and folders without code are no plugins; a damaged package.json is not asked", () => {
    const files = { [`${GLOBAL}/types.d.ts`]: "", [`${GLOBAL}/README.md`]: "", [`${GLOBAL}/data/x.json`]: "{}", ...plugin(`${GLOBAL}/odd`, "odd") };
    expect(discover({ ...files, [`${GLOBAL}/odd/package.json`]: "{ not json" }).plugins.map(({ id }) => id)).toEqual(["odd"]);
  });
});

describe("a plugin", () => {
  test("is what its manifest says; its code is not even opened", () => {
    const folder = `${GLOBAL}/lab`;
    const more = { name: "Lab", version: "1.0.0", description: "Logs in", kind: "memory", providers: ["Lab", "lab-two"], channels: ["telegram"] };
    const files = { [`${folder}/nemo.plugin.json`]: manifest("lab", more), [`${folder}/index.js`]: { unreadable: "EACCES" } };
    expect(discover(files).plugins).toEqual([
      {
        id: "lab",
        name: "Lab",
        version: "1.0.0",
        description: "Logs in",
        kind: "memory",
        form: "agent",
        origin: "global",
        footing: "global",
        folder,
        source: `${folder}/index.js`,
        status: "enabled",
        reason: "nothing in the config says otherwise",
        providerIds: ["Lab", "lab-two"],
        channelIds: ["telegram"],
        hasConfigSchema: true,
        providers: [
          { id: "lab", origin: { kind: "plugin", pluginId: "lab" }, models: [] },
          { id: "lab-two", origin: { kind: "plugin", pluginId: "lab" }, models: [] },
        ],
        describes: [],
        place: { file: `${folder}/nemo.plugin.json` },
      },
    ]);
  });

  test("that is off brings no providers", () => {
    const files = { [`${GLOBAL}/lab/nemo.plugin.json`]: manifest("lab", { providers: ["lab"] }), [`${GLOBAL}/lab/index.js`]: "" };
    const [found] = discover(files, { plugins: { deny: ["lab"] } }).plugins;
    expect([found?.status, found?.providerIds, found?.providers]).toEqual(["disabled", ["lab"], []]);
  });

  test.each([
    ["without a manifest", {}, "it has no manifest", undefined],
    ["with a broken manifest", { "nemo.plugin.json": `{\n  "id": "lab",\n  "configSchema": 3 }` }, `"configSchema" must be an object`, 3],
    ["with a manifest of another agent", { "other.plugin.json": `{}` }, "it has no manifest", undefined],
    ["with a manifest that may not be read", { "nemo.plugin.json": { unreadable: "EACCES" } }, "its manifest cannot be read (EACCES)", undefined],
    ["with a manifest that is no text", { "nemo.plugin.json": "\uFFFD" }, "its manifest is not UTF-8 text", undefined],
    [
      "with a manifest beyond 1 MB",
      { "nemo.plugin.json": " ".repeat(1_000_001) },
      "its manifest is larger than 1 MB (1000001 bytes) and is not read",
      undefined,
    ],
  ] as const)("%s is a row and a problem; the others go on", (_title, inside, reason, line) => {
    const files: Record<string, string | { unreadable: string }> = { ...plugin(`${GLOBAL}/good`, "good"), [`${GLOBAL}/bad/index.ts`]: "" };
    for (const [name, content] of Object.entries(inside)) files[`${GLOBAL}/bad/${name}`] = content;
    const { plugins, problems } = discover(files);
    const place = { file: `${GLOBAL}/bad/nemo.plugin.json`, ...(line !== undefined && { line, column: 19 }) };
    expect(plugins.map(({ id, status }) => [id, status])).toEqual([
      ["bad", "error"],
      ["good", "enabled"],
    ]);
    expect([plugins[0]?.reason, plugins[0]?.place]).toEqual([reason, place]);
    expect(problems).toMatchObject([
      { code: "PLUGIN_MANIFEST_BROKEN", severity: "error", subject: "plugin bad", message: `the plugin bad is left out: ${reason}`, place },
    ]);
  });

  test("of an id that is taken is off, and a note names both", () => {
    const files = { ...plugin("/opt/mine", "lab"), ...plugin(`${GLOBAL}/lab`, "lab") };
    const { plugins, problems } = discover(files, { plugins: { load: { paths: ["/opt/mine"] } } });
    expect(plugins.map(({ origin, status, reason }) => [origin, status, reason])).toEqual([
      ["config", "enabled", "nothing in the config says otherwise"],
      ["global", "disabled", "overridden by the config plugin of the same id"],
    ]);
    expect(problems.map(({ code, severity, message }) => [code, severity, message])).toEqual([
      ["PLUGIN_DUPLICATE", "note", `lab is installed more than once; /opt/mine/index.ts counts, and ${GLOBAL}/lab/index.ts does not`],
    ]);
  });

  test("that is named twice by its path is found once", () => {
    const { plugins, problems } = discover(plugin(`${GLOBAL}/lab`, "lab"), { plugins: { load: { paths: [`${GLOBAL}/lab`] } } });
    expect([plugins.map(({ origin }) => origin), problems]).toEqual([["config"], []]);
  });
});

describe("names in the config", () => {
  test("that no plugin has are notes, one for each, with the nearest name", () => {
    const plugins = {
      entries: { lab: { enabled: true }, telegram: {}, constructor: {} },
      allow: ["lap", "lab"],
      deny: ["telegram"],
      slots: { memory: "none" },
    };
    const { problems } = discover(plugin(`${GLOBAL}/lab`, "lab"), { plugins });
    expect(problems.map(({ severity, subject, message, hint }) => [severity, subject, message, hint])).toEqual([
      [
        "note",
        "plugins.entries.telegram",
        `no plugin "telegram" was found here`,
        "Nothing to do if the agent brings it along. Otherwise install it, or remove the entry.",
      ],
      [
        "note",
        "plugins.entries.constructor",
        `no plugin "constructor" was found here`,
        "Nothing to do if the agent brings it along. Otherwise install it, or remove the entry.",
      ],
      ["note", "plugins.allow.0", `no plugin "lap" was found here`, `Did you mean "lab"?`],
    ]);
  });
});

function discover(files: NonNullable<FakeMachine["files"]>, config: object = {}, env: Readonly<Record<string, string>> = {}): PluginFacts {
  const host = fakeHost({ files: { ...files, [`${HOME}/.nemo/nemo.json`]: JSON.stringify(config) }, env });
  return discoverPlugins({ host, config: loadConfig(host, names), names });
}

function plugin(folder: string, id: string): Record<string, string> {
  return { [`${folder}/nemo.plugin.json`]: manifest(id), [`${folder}/index.ts`]: "throw new Error('run')" };
}

function manifest(id: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ id, configSchema: {}, ...more });
}
