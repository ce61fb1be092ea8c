import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { manifestOf, pluginRig } from "../../../support/plugin-rig.ts";

const MANIFEST = "signalbox.plugin.json";

test("what is new is said, agreed to, and put in place as a whole", async () => {
  const rig = pluginRig();
  rig.write(`acme/${MANIFEST}`, manifestOf("acme"));
  rig.write("acme/old.txt", "");
  await rig.run("plugins", "install", "./acme", "--yes");
  expect(await rig.run("plugins", "update", "acme")).toMatchObject({ exit: 0, out: "- acme is up to date\n" });
  rig.write(`acme/${MANIFEST}`, manifestOf("acme", { version: "2.0.0" }, { baseUrl: "https://api2.acme.example/v1" }));
  rmSync(join(rig.home, "acme", "old.txt"));
  const dry = JSON.parse((await rig.run("plugins", "update", "--all", "--dry-run", "--json")).out) as object;
  const row = {
    id: "acme",
    from: join(rig.home, "acme"),
    version: "1.0.0",
    newVersion: "2.0.0",
    changes: ["It would send to api2.acme.example as well."],
    error: null,
  };
  expect(dry).toEqual({ schemaVersion: 1, dryRun: true, plugins: [{ ...row, outcome: "outdated" }] });
  const unasked = await rig.run("plugins", "update", "acme");
  expect([unasked.exit, unasked.err]).toEqual([64, expect.stringContaining("It would send to api2.acme.example as well.")]);
  expect(JSON.parse((await rig.run("plugins", "update", "acme", "--yes", "--json")).out)).toEqual({
    schemaVersion: 1,
    dryRun: false,
    plugins: [{ ...row, outcome: "updated" }],
  });
  expect(readFileSync(join(rig.extensions, "acme", MANIFEST), "utf8")).toContain("api2.acme.example");
  expect(existsSync(join(rig.extensions, "acme", "old.txt"))).toBe(false);
});

test("one that cannot be updated is a row, and the others go on", async () => {
  const rig = pluginRig();
  for (const id of ["acme", "beta"]) {
    rig.write(`${id}/${MANIFEST}`, manifestOf(id));
    await rig.run("plugins", "install", `./${id}`, "--yes");
    rig.write(`${id}/${MANIFEST}`, id === "acme" ? manifestOf("other") : manifestOf("beta", { version: "1.1.0" }));
  }
  const { exit, out } = await rig.run("plugins", "update", "--all", "--yes", "--json");
  expect(exit).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    plugins: [
      { id: "acme", outcome: "failed", error: { code: "PLUGIN_REFUSED", message: expect.stringContaining("holds another plugin now: other") } },
      { id: "beta", outcome: "updated" },
    ],
  });
  expect(readFileSync(join(rig.extensions, "acme", MANIFEST), "utf8")).toBe(manifestOf("acme"));
});

test("what was not installed here is not updated here", async () => {
  const rig = pluginRig();
  expect(await rig.run("plugins", "update", "--all")).toMatchObject({ exit: 0, out: expect.stringContaining("nothing to update") });
  expect(await rig.run("plugins", "update")).toMatchObject({ exit: 64, err: expect.stringContaining("--all") });
  rig.write(".nemo/extensions/lab/nemo.plugin.json", `{ "id": "lab", "configSchema": {} }`);
  rig.write(".nemo/extensions/lab/index.ts", "");
  expect(await rig.run("plugins", "update", "lab")).toMatchObject({ exit: 65, err: expect.stringContaining("was not installed by") });
  expect(await rig.run("plugins", "update", "lap")).toMatchObject({ exit: 64, err: expect.stringContaining('Did you mean "lab"') });
});

test("one that a killed update left beside its place is there again, and is updated", async () => {
  const rig = pluginRig();
  rig.write(`acme/${MANIFEST}`, manifestOf("acme"));
  await rig.run("plugins", "install", "./acme", "--yes");
  rig.write(`acme/${MANIFEST}`, manifestOf("acme", { version: "2.0.0" }));
  renameSync(join(rig.extensions, "acme"), join(rig.extensions, ".acme.abcdefghijkl.old"));
  expect((await rig.run("plugins", "update", "acme", "--dry-run")).exit).not.toBe(0);
  expect(readdirSync(rig.extensions)).toEqual([".acme.abcdefghijkl.old"]);
  expect(JSON.parse((await rig.run("plugins", "update", "acme", "--yes", "--json")).out)).toMatchObject({
    plugins: [{ id: "acme", outcome: "updated", newVersion: "2.0.0" }],
  });
  expect(readdirSync(rig.extensions)).toEqual(["acme"]);
});
