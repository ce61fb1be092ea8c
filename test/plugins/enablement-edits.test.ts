import { describe, expect, test } from "vitest";
import { planPlugin } from "../../src/plugins/enablement-edits.ts";
import type { AppError } from "../../src/kernel/errors.ts";
import type { FakeMachine } from "../support/fake-host.ts";
import { brokerOver, EXTENSIONS, installed } from "../cli/commands/plugins/broker-over.ts";

const BUNDLED = "/opt/bundled";
const bundled = (id: string): Record<string, string> => ({
  [`${BUNDLED}/${id}/nemo.plugin.json`]: JSON.stringify({ id, configSchema: {} }),
  [`${BUNDLED}/${id}/index.ts`]: "",
});
const machine = (plugins: unknown): FakeMachine => ({
  env: { NEMO_BUNDLED_PLUGINS_DIR: BUNDLED },
  files: {
    "/home/me/.nemo/nemo.json": JSON.stringify({ plugins }),
    ...installed("tools", { name: "My Tools" }),
    ...installed("memo", { kind: "memory" }),
    ...installed("notes", { kind: "memory" }),
    ...bundled("login"),
    [`${EXTENSIONS}/broken/nemo.plugin.json`]: "{",
    [`${EXTENSIONS}/broken/index.ts`]: "",
  },
});
const plan = (word: string, wanted: "on" | "off", plugins: unknown = {}) => {
  const { config, plugins: found, registry } = brokerOver(machine(plugins));
  return planPlugin(word, wanted, { config: config(), plugins: found(), registry: registry() });
};
const entry = (id: string, value: boolean) => ({ kind: "set", path: ["plugins", "entries", id, "enabled"], value });
const refusal = (word: string): AppError => {
  try {
    plan(word, "on");
  } catch (thrown) {
    return thrown as AppError;
  }
  throw new Error("it was accepted");
};

describe("a plugin is turned on", () => {
  test("by its entry", () => {
    expect(plan("login", "on")).toMatchObject({ edits: [entry("login", true)], facts: { id: "login", also: [] }, warnings: [] });
    expect(plan("tools", "on", { entries: { tools: { enabled: false } } }).edits).toEqual([entry("tools", true)]);
  });

  test("by id or by name, in whatever letters; nothing changes where it is on", () => {
    expect(plan("TOOLS", "on")).toMatchObject({ edits: [], facts: { id: "tools" } });
    expect(plan("my tools", "on").facts.id).toBe("tools");
  });

  test("out of the list of those that are denied, and into one of those that are allowed", () => {
    expect(plan("tools", "on", { deny: ["x", "tools", "tools"], allow: ["login"] })).toMatchObject({
      edits: [
        { kind: "remove", path: ["plugins", "deny", 2] },
        { kind: "remove", path: ["plugins", "deny", 1] },
        { kind: "insert", path: ["plugins", "allow"], index: 1, value: "tools" },
        entry("tools", true),
      ],
      facts: { also: ["taken from plugins.deny", "added to plugins.allow"] },
    });
  });

  test("in the memory slot, which only one can have", () => {
    expect(plan("memo", "on", { entries: { memo: { enabled: false } }, slots: { memory: "notes" } })).toMatchObject({
      edits: [{ kind: "set", path: ["plugins", "slots", "memory"], value: "memo" }, entry("memo", true)],
      facts: { also: ["put in plugins.slots.memory in place of notes"] },
    });
  });

  test("though no plugin is loaded at all, with a word on what to do", () => {
    expect(plan("login", "on", { enabled: false })).toMatchObject({
      edits: [entry("login", true)],
      warnings: ["plugins.enabled is false, so no plugin is loaded, login neither. `{cli} config set plugins.enabled true` turns the plugins on."],
    });
  });

  test("though it is broken, with a word on what is", () => {
    expect(plan("broken", "on").warnings).toMatchObject([expect.stringContaining("The plugin broken is broken and cannot be loaded: ")]);
  });

  test("though it was not found here, when the config names it", () => {
    expect(plan("theirs", "on", { entries: { theirs: { config: {} } } })).toMatchObject({
      edits: [entry("theirs", true)],
      facts: { id: "theirs", plugin: undefined },
      warnings: ["No plugin theirs was found here. It counts if the agent brings it along."],
    });
  });
});

describe("a plugin is turned off", () => {
  test("by its entry; nothing changes where it is off", () => {
    expect(plan("tools", "off").edits).toEqual([entry("tools", false)]);
    expect(plan("login", "off").edits).toEqual([]);
    expect(plan("tools", "off", { deny: ["tools"] }).edits).toEqual([]);
  });

  test("also where no plugin is loaded at the moment", () => {
    expect(plan("tools", "off", { enabled: false }).edits).toEqual([entry("tools", false)]);
  });

  test("out of the memory slot, which would keep it on", () => {
    expect(plan("memo", "off", { slots: { memory: "memo" } })).toMatchObject({
      edits: [{ kind: "remove", path: ["plugins", "slots", "memory"] }, entry("memo", false)],
      facts: { also: ["taken from plugins.slots.memory"] },
    });
  });
});

describe("a word that is no plugin is refused", () => {
  test("with the nearest, or with what a provider needs", () => {
    expect(refusal("tolos")).toMatchObject({ code: "PLUGIN_UNKNOWN", hint: 'Did you mean "tools"?', facts: { suggestions: ["tools"] } });
    expect(refusal("something").hint).toBe(
      "`{cli} plugins list` shows those that were found. For one that the agent brings along: `{cli} config set 'plugins.entries.<id>.enabled' true`.",
    );
    expect(refusal("acme-ai").hint).toBe("acme is a provider. Providers need no turning on: `{cli} plugins info acme` shows how to log in.");
  });

  test("and not repeated when it looks like a key", () => {
    expect(refusal("gsk_0123456789abcdefghijklmno").message).not.toContain("gsk_");
  });
});
