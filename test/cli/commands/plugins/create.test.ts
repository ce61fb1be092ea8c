import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pluginRig } from "../../../support/plugin-rig.ts";

test.each([
  ["data", [], ["package.json", "signalbox.plugin.json"]],
  ["a program", ["--code"], ["main.mjs", "package.json", "signalbox.plugin.json"]],
])("a template of %s can be installed, and doctor finds no fault in it", async (_title, flags, files) => {
  const rig = pluginRig();
  expect(await rig.run("plugins", "create", "./acme-cloud", ...flags)).toMatchObject({ exit: 0 });
  expect(readdirSync(join(rig.home, "acme-cloud"))).toEqual(files);
  expect(await rig.run("plugins", "install", "./acme-cloud", "--yes")).toMatchObject({ exit: 0 });
  expect(await rig.run("plugins", "doctor")).toMatchObject({ exit: 0, out: expect.stringContaining("Nothing is broken. 1 plugin and") });
});

test.each([
  ["is no id", "./Acme Cloud", /cannot be the id of a plugin/],
  ["is there already", "./there", /is there already/],
])("a folder whose name %s is not made", async (_title, folder, why) => {
  const rig = pluginRig();
  rig.write("there/x", "");
  expect(await rig.run("plugins", "create", folder)).toMatchObject({ exit: 64, err: expect.stringMatching(why) });
  expect(readdirSync(rig.home)).toEqual(["there"]);
});
