import { noTalk } from "../../../support/fake-talk.ts";
import { expect, test } from "vitest";
import { configValidate } from "../../../../src/cli/commands/config/validate.ts";
import { AppError } from "../../../../src/kernel/errors.ts";
import { CONFIG } from "../../../config/nemo.ts";
import { brokerOf, style } from "./nemo-broker.ts";

const run = async (text: string | undefined) => configValidate.run(await brokerOf({ files: text === undefined ? {} : { [CONFIG]: text } }), {}, [], noTalk);

test("a good config is valid", async () => {
  const report = await run("{ agents: { defaults: { model: 'anthropic/claude-opus-4-6' } } }");
  expect(report).toEqual({ schemaVersion: 1, configPath: CONFIG, exists: true, valid: true, files: [CONFIG], problems: [] });
  expect(configValidate.human(report, style, {})).toBe("✓ ~/.nemo/nemo.json is valid.");
});

test("without a config there is nothing to check", async () => {
  expect(configValidate.human(await run(undefined), style, {})).toBe("No config yet: everything is at its default. It would be ~/.nemo/nemo.json.");
});

test("parts that are left out are listed, errors first, and the config is still valid", async () => {
  const report = await run("{\n  agents: { defaults: { workspace: '${GONE}' } },\n  models: { providers: { lab: { baseUrl: 'lab.example' } } },\n}");
  expect(report.valid).toBe(true);
  expect(configValidate.human(report, style, {})).toBe(
    [
      "✓ ~/.nemo/nemo.json is valid; 1 error, 1 warning in it:",
      "",
      '  ✗ the baseUrl of "lab" is not an address, so the entry is left out',
      "    at ~/.nemo/nemo.json:3:33",
      "    → Write it with http:// or https://, for example https://host/v1.",
      "  ! GONE is unset or empty, so agents.defaults.workspace is left out",
      "    at ~/.nemo/nemo.json:2:36",
      "    → Set GONE in the environment or in a .env file, or take the key out.",
    ].join("\n"),
  );
  expect(configValidate.plain?.(report, {})).toBe(
    [
      `${CONFIG}\t3\t33\terror\tthe baseUrl of "lab" is not an address, so the entry is left out`,
      `${CONFIG}\t2\t36\twarning\tGONE is unset or empty, so agents.defaults.workspace is left out`,
    ].join("\n"),
  );
});

test("an invalid config is an error with all its faults", async () => {
  await expect(run("{ auth: 1, plugins: 2 }")).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    exit: 78,
    facts: {
      issues: [
        { keyPath: "auth", place: { file: CONFIG, line: 1, column: 9 } },
        { keyPath: "plugins", place: { file: CONFIG, line: 1, column: 21 } },
      ],
    },
  });
  await expect(run("{")).rejects.toThrow(AppError);
});
