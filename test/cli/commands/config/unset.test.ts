import { expect, test } from "vitest";
import { openBroker } from "../../../../src/broker.ts";
import { configUnset } from "../../../../src/cli/commands/config/unset.ts";
import { AppError } from "../../../../src/kernel/errors.ts";
import { machineWith, textOf } from "../../../config/edited.ts";
import { CONFIG, nemo } from "../../../config/nemo.ts";
import { noTalk } from "../../../support/fake-talk.ts";
import { style } from "./nemo-broker.ts";

const TEXT = "{\n  // which one\n  agents: { defaults: { model: 'a/b' } }, // here\n  plugins: { enabled: true },\n}\n";

async function unset(key: string, host = machineWith(TEXT)) {
  const broker = await openBroker({ host, names: nemo, rooms: [] });
  const report = await configUnset.run(broker, { dryRun: false }, [key], noTalk);
  return { report, shown: configUnset.human(report, style, { dryRun: false }), text: textOf(host, CONFIG) };
}

test("a key goes with its comments", async () => {
  const { report, shown, text } = await unset("agents");
  expect([text, report.key, report.previous]).toEqual(["{\n  plugins: { enabled: true },\n}\n", "agents", { defaults: { model: "a/b" } }]);
  expect(shown).toBe('Updated ~/.nemo/nemo.json\nagents is gone (was {"defaults":{"model":"a/b"}})\n`nemo config undo` takes it back.');
});

test("a key that is not there is named with the nearest one", async () => {
  const error = await unset("plugins.enable").catch((thrown: unknown) => thrown);
  expect(error instanceof AppError && [error.code, error.hint]).toEqual(["CONFIG_KEY_UNKNOWN", "Did you mean plugins.enabled?"]);
});

test("the whole config is not taken out", async () => {
  const error = await unset("").catch((thrown: unknown) => thrown);
  expect(error instanceof AppError && error.code).toBe("USAGE");
});
