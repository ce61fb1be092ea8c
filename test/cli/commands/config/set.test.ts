import { expect, test } from "vitest";
import { openBroker } from "../../../../src/broker.ts";
import { configSet } from "../../../../src/cli/commands/config/set.ts";
import { AppError } from "../../../../src/kernel/errors.ts";
import { machineWith, textOf } from "../../../config/edited.ts";
import { CONFIG, nemo } from "../../../config/nemo.ts";
import { noTalk } from "../../../support/fake-talk.ts";
import { style } from "./nemo-broker.ts";

const TEXT =
  "// mine\n{\n  agents: { defaults: { model: { primary: 'a/b', fallbacks: ['c/d'] } } },\n  models: { providers: { lab: { baseUrl: 'http://x', apiKey: 'k', models: [] } } },\n}\n";

async function set(words: readonly string[], given: { text?: boolean; dryRun?: boolean } = {}, host = machineWith(TEXT)) {
  const options = { text: false, dryRun: false, ...given };
  const broker = await openBroker({ host, names: nemo, rooms: [] });
  const report = await configSet.run(broker, options, words, noTalk);
  return { report, shown: configSet.human(report, style, options), text: textOf(host, CONFIG) };
}

test("a value is set, and what changed is said", async () => {
  const { report, shown, text } = await set(["agents.defaults.model", "groq/x"]);
  expect(text).toBe(TEXT.replace("'a/b'", "'groq/x'"));
  expect(report).toEqual({
    schemaVersion: 1,
    outcome: "written",
    configPath: CONFIG,
    files: [
      {
        file: CONFIG,
        diff: [
          `--- ${CONFIG}`,
          `+++ ${CONFIG}`,
          "@@ -3 +3 @@",
          "-  agents: { defaults: { model: { primary: 'a/b', fallbacks: ['c/d'] } } },",
          "+  agents: { defaults: { model: { primary: 'groq/x', fallbacks: ['c/d'] } } },",
        ],
      },
    ],
    key: "agents.defaults.model.primary",
    value: "groq/x",
    previous: "a/b",
  });
  expect(shown).toBe('Updated ~/.nemo/nemo.json\nagents.defaults.model.primary = "groq/x" (was "a/b")\n`nemo config undo` takes it back.');
});

test("a dry run shows the lines without their secrets, and writes nothing", async () => {
  const { shown, text } = await set(["models.providers.lab.baseUrl", "http://y"], { dryRun: true });
  expect(text).toBe(TEXT);
  expect(shown).toBe(`Nothing was written. This would change:
~/.nemo/nemo.json
@@ -4 +4 @@
-  models: { providers: { lab: { baseUrl: 'http://x', apiKey: '[secret]', models: [] } } },
+  models: { providers: { lab: { baseUrl: 'http://y', apiKey: '[secret]', models: [] } } },

models.providers.lab.baseUrl = "http://y" (was "http://x")`);
});

test("a value that is there already is not written again", async () => {
  const { report, shown } = await set(["agents.defaults.model.fallbacks", "['c/d']"]);
  expect([report.outcome, shown]).toEqual(["unchanged", 'agents.defaults.model.fallbacks = ["c/d"], as before']);
});

test("what was secret before is not shown", async () => {
  const { report, text } = await set(["models.providers.lab.apiKey", "${LAB_KEY}"]);
  expect([report.previous, report.value, text.includes("apiKey: '${LAB_KEY}'"), JSON.stringify(report).includes("'k'")]).toEqual([
    "[secret]",
    "${LAB_KEY}",
    true,
    false,
  ]);
});

test("a value that does not fit is refused, and nothing is written", async () => {
  const host = machineWith(TEXT);
  const error = await set(["plugins.enabled", "yes"], {}, host).catch((thrown: unknown) => thrown);
  expect(error instanceof AppError && [error.code, error.message, host.written.size]).toEqual(["USAGE", "plugins.enabled must be true or false", 0]);
});

test("the secret of a registration is named by its variable, the one form that a login reads; nothing else is taken there", async () => {
  const at = "signalbox.logins.google.clientSecret";
  const { report, text } = await set([at, "env:G_SECRET"]);
  expect([report.value, text]).toEqual(["env:G_SECRET", expect.stringContaining("env:G_SECRET")]);
  for (const written of ["GOCSPX-canary", "${G_SECRET}", "file:/run/canary", "env:", ""]) {
    const host = machineWith(TEXT);
    await expect(set([at, written], {}, host)).rejects.toMatchObject({
      code: "USAGE",
      message: `${at} names the variable that holds the secret, and is not the secret; nothing was written`,
      facts: { hint: expect.stringMatching(/^Write env: and the name of the variable that holds the secret, for example env:GOOGLE_CLIENT_SECRET\./) },
    });
    expect(host.written.size).toBe(0);
  }
  await expect(set(["models.providers.lab.apiKey", "env:LAB"])).rejects.toMatchObject({ code: "USAGE" });
});
