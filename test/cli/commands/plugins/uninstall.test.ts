import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { manifestOf, pluginRig } from "../../../support/plugin-rig.ts";

const MANIFEST = "signalbox.plugin.json";

test("its folder and all that the config says of it go; accounts stay", async () => {
  const rig = pluginRig();
  rig.write(".nemo/nemo.json", `{ plugins: { allow: ["other", "acme"], entries: { acme: { enabled: true }, other: {} } } } // mine\n`);
  rig.write(`acme/${MANIFEST}`, manifestOf("acme"));
  await rig.run("plugins", "install", "./acme", "--yes");
  rig.write(
    ".nemo/agents/main/agent/auth-profiles.json",
    `{ "version": 1, "profiles": { "acme:work": { "type": "api_key", "provider": "acme", "key": "ac-0123456789abcdef" } } }`,
  );
  const unasked = await rig.run("plugins", "uninstall", "acme");
  expect([unasked.exit, existsSync(join(rig.extensions, "acme"))]).toEqual([64, true]);
  const { exit, out } = await rig.run("plugins", "uninstall", "acme", "--yes");
  expect([exit, out]).toEqual([0, expect.stringContaining("Its accounts stay: acme:work.")]);
  expect(readFileSync(join(rig.home, ".nemo", "nemo.json"), "utf8")).toBe(`{ plugins: { allow: ["other"], entries: { other: {} } } } // mine\n`);
  expect(readdirSync(rig.extensions)).toEqual([]);
  expect(existsSync(join(rig.home, ".nemo/agents/main/agent/auth-profiles.json"))).toBe(true);
});

test("a list of the only ones allowed keeps its last id, for an empty one would allow all", async () => {
  const rig = pluginRig();
  rig.write(".nemo/nemo.json", `{ plugins: { allow: ["acme"] } }`);
  rig.write(`acme/${MANIFEST}`, manifestOf("acme"));
  await rig.run("plugins", "install", "./acme", "--yes");
  expect(await rig.run("plugins", "uninstall", "acme", "--yes")).toMatchObject({ exit: 0 });
  expect(readFileSync(join(rig.home, ".nemo", "nemo.json"), "utf8")).toBe(`{ plugins: { allow: ["acme"] } }`);
});

test("a folder that is a link is let go of, and what it leads to stays", async () => {
  const rig = pluginRig();
  rig.write(`real/${MANIFEST}`, manifestOf("acme"));
  mkdirSync(rig.extensions, { recursive: true });
  symlinkSync(join(rig.home, "real"), join(rig.extensions, "acme"));
  expect(await rig.run("plugins", "uninstall", "acme", "--yes")).toMatchObject({ exit: 0 });
  expect([readdirSync(rig.extensions), existsSync(join(rig.home, "real", MANIFEST))]).toEqual([[], true]);
});

test.each([
  ["code of an older agent", ".nemo/extensions/acme/nemo.plugin.json", `{ "id": "acme", "configSchema": {} }`, 65, /Uninstall it with that agent/],
  ["a workspace's", `.nemo/workspace/.nemo/extensions/acme/${MANIFEST}`, manifestOf("acme"), 65, /belongs to a workspace/],
  ["nobody's", "x/y", "", 64, /PLUGIN_UNKNOWN/],
])("%s is not removed here", async (_title, path, text, exit, why) => {
  const rig = pluginRig();
  rig.write(path, text);
  expect(await rig.run("plugins", "uninstall", "acme", "--yes")).toMatchObject({ exit, err: expect.stringMatching(why) });
  expect(existsSync(join(rig.home, path))).toBe(true);
});
