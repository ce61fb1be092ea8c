import { expect, test } from "vitest";
import { type Broker, openBroker } from "../../../../src/broker.ts";
import { configUndo } from "../../../../src/cli/commands/config/undo.ts";
import { edit, machineWith, textOf } from "../../../config/edited.ts";
import { CONFIG, nemo } from "../../../config/nemo.ts";
import { noTalk } from "../../../support/fake-talk.ts";
import { style } from "./nemo-broker.ts";

const RECORD = "/home/me/.nemo/signalbox/last-edit.json";
const TEXT = "{ agents: { defaults: { model: 'a/b' } } }\n";

async function changed() {
  const host = machineWith(TEXT);
  await edit(host, [{ kind: "set", path: ["agents", "defaults", "model", "primary"], value: "c/d" }], { command: "models set" });
  return { host, broker: await openBroker({ host, names: nemo, rooms: [] }) };
}

async function shown(broker: Broker, dryRun: boolean): Promise<string> {
  return configUndo.human(await configUndo.run(broker, { dryRun }, [], noTalk), style, { dryRun });
}

test("the last change is taken back, and it is said how to get it again", async () => {
  const { host, broker } = await changed();
  expect(await shown(broker, false)).toBe("Restored ~/.nemo/nemo.json\nTaken back: models set. `nemo config undo` brings it again.");
  expect(textOf(host, CONFIG)).toBe(TEXT);
});

test("the report says what was undone and when it had been done", async () => {
  const { broker } = await changed();
  const { undone, changedAt, outcome, obstacle } = await configUndo.run(broker, { dryRun: false }, [], noTalk);
  expect([undone, changedAt, outcome, obstacle]).toEqual(["models set", "2026-11-21T12:00:00.000Z", "written", null]);
});

test("a dry run shows the lines; where it could not be taken back, also why", async () => {
  const { host, broker } = await changed();
  const lines = "~/.nemo/nemo.json\n@@ -1 +1 @@\n-{ agents: { defaults: { model: 'c/d' } } }\n+{ agents: { defaults: { model: 'a/b' } } }";
  expect(await shown(broker, true)).toBe(`Nothing was written. This would take back "models set":\n${lines}`);
  host.written.set(CONFIG, "{ agents: { defaults: { model: 'c/d' } } } // theirs\n");
  expect(await shown(broker, true)).toContain("! nothing can be taken back: something else has changed the file since.");
});

test("what cannot be taken back is a failure, of a dry run too", async () => {
  const { host, broker } = await changed();
  const code = async () => configUndo.exitCode?.(await configUndo.run(broker, { dryRun: true }, [], noTalk), { dryRun: true });
  expect(await code()).toBe(0);
  host.written.set(CONFIG, "{}\n");
  expect(await code()).toBe(66);
});

test("a note that holds a moment beyond the calendar is no obstacle", async () => {
  const { host, broker } = await changed();
  const record = JSON.parse(textOf(host, RECORD));
  host.written.set(RECORD, JSON.stringify({ ...record, atMs: 9e15 }));
  expect(await configUndo.run(broker, { dryRun: true }, [], noTalk)).toMatchObject({ changedAt: "9999-12-31T23:59:59.999Z", obstacle: null });
});
