import { expect, test } from "vitest";
import { editedOn } from "../edited-on.ts";
import { installed } from "./broker-over.ts";

const files = installed("tools");

test("people see what the plugin is now, and what else was changed to that end", async () => {
  expect(await editedOn('{ plugins: { deny: ["tools"] } }', "plugins enable tools", { files })).toMatchObject({
    exit: 0,
    out: "Updated ~/.nemo/nemo.json\nPlugin tools: enabled (also taken from plugins.deny)\nAn agent that is running notices when it is started again.\n",
    config: "{ plugins: { deny: [], entries: { tools: { enabled: true } } } }",
  });
  expect((await editedOn("", "plugins disable tools", { files })).out).toContain("Plugin tools: disabled\n");
});

test("what is so already is left alone, with the reason", async () => {
  expect(await editedOn("", "plugins enable tools", { files })).toMatchObject({
    out: "Plugin tools: enabled, as before: nothing in the config says otherwise.\n",
    config: undefined,
  });
});

test("what still keeps it off is named", async () => {
  const { out, err } = await editedOn("{ plugins: { enabled: false, entries: { tools: { enabled: false } } } }", "plugins enable tools", { files });
  expect(out).toContain("Plugin tools: still disabled\nWhat decides: plugins.enabled is false: no plugin is loaded.\n");
  expect(err).toContain("plugins.enabled is false, so no plugin is loaded, tools neither.");
});

test("programs see the same as facts", async () => {
  expect(JSON.parse((await editedOn("", "plugins disable TOOLS --json", { files })).out)).toMatchObject({
    outcome: "written",
    id: "tools",
    found: true,
    asked: "off",
    enabled: false,
    reason: "plugins.entries.tools.enabled is false",
    also: [],
  });
});

test("a word that is no plugin is refused", async () => {
  expect(await editedOn("", "plugins enable tolos", { files })).toMatchObject({ exit: 64, config: undefined });
});
