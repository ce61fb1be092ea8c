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
  expect((await rig.run("plugins", "update", "acme", "--dry-run")).out.split("\n").slice(1)).toEqual([
    "  It would send to api2.acme.example as well.",
    "  → nemo plugins update acme",
    "",
  ]);
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

test("until then it is a broken row of the list, of its facts and of the plugins' doctor, with the command that brings it back", async () => {
  const rig = pluginRig();
  rig.write(`acme/${MANIFEST}`, manifestOf("acme"));
  await rig.run("plugins", "install", "./acme", "--yes");
  renameSync(join(rig.extensions, "acme"), join(rig.extensions, ".acme.abcdefghijkl.old"));
  const listed = await rig.run("plugins", "list");
  expect(listed.out).toContain("✗ the plugin acme is left out: an update that was cut off set it aside");
  expect(listed.out).toMatch(/^ {2}acme {2}✗ broken {2}global {2}1\.0\.0 {4}acme$/m);
  const { plugins, diagnostics } = JSON.parse((await rig.run("plugins", "list", "--json")).out);
  expect(plugins).toMatchObject([{ id: "acme", status: "error", reason: "an update that was cut off set it aside" }]);
  expect(diagnostics).toMatchObject([{ level: "error", pluginId: "acme", hint: "`nemo plugins update acme` brings it back." }]);
  expect((await rig.run("plugins", "info", "acme")).out).toContain("why          an update that was cut off set it aside");
  const doctor = await rig.run("plugins", "doctor");
  expect([doctor.exit, doctor.out]).toEqual([1, expect.stringContaining("→ `nemo plugins update acme` brings it back.")]);
  expect((await rig.run("plugins", "update", "acme")).out).toBe("- acme is up to date\n");
  expect([(await rig.run("plugins", "doctor")).exit, (await rig.run("plugins", "list")).out.includes("✗")]).toEqual([0, false]);
});

test("what is set aside while its successor is there is no news", async () => {
  const rig = pluginRig();
  rig.write(`acme/${MANIFEST}`, manifestOf("acme"));
  await rig.run("plugins", "install", "./acme", "--yes");
  for (const name of [".acme.abcdefghijkl.old", ".beta.abcdefghijkl.gone"]) rig.write(`.nemo/extensions/${name}/${MANIFEST}`, manifestOf("acme"));
  expect(await rig.run("plugins", "doctor")).toMatchObject({ exit: 0, out: expect.stringContaining("1 plugin and") });
});
