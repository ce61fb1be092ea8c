import { noTalk } from "../../../support/fake-talk.ts";
import { expect, test } from "vitest";
import { pluginsDoctor } from "../../../../src/cli/commands/plugins/doctor.ts";
import { brokerOver, EXTENSIONS, installed, plainStyle } from "./broker-over.ts";

test("nothing broken is exit 0 and one line", async () => {
  const report = await pluginsDoctor.run(brokerOver({ files: installed("lab") }), {}, [], noTalk);
  expect(report).toEqual({ schemaVersion: 1, ok: true, plugins: 1, providers: 3, problems: [] });
  expect(pluginsDoctor.exitCode?.(report, {})).toBe(0);
  expect(pluginsDoctor.human(report, plainStyle, {})).toBe("✓ Nothing is broken. 1 plugin and 3 providers were looked at.");
});

test("a broken manifest is exit 1, with its place and what to do", async () => {
  const files = { ...installed("lab"), [`${EXTENSIONS}/bad/nemo.plugin.json`]: "{", [`${EXTENSIONS}/bad/index.ts`]: "" };
  const report = await pluginsDoctor.run(brokerOver({ files }), {}, [], noTalk);
  expect([report.ok, pluginsDoctor.exitCode?.(report, {})]).toEqual([false, 1]);
  const lines = pluginsDoctor.human(report, plainStyle, {}).split("\n");
  expect(lines[0]).toBe("✗ 1 error. 2 plugins and 3 providers were looked at.");
  expect(lines[1]).toMatch(/^ {2}✗ the plugin bad is left out: /);
  expect(lines.join("\n")).toContain("    at ~/.nemo/extensions/bad/nemo.plugin.json:1:2");
  expect(pluginsDoctor.plain?.(report, {})).toBe("error\tPLUGIN_MANIFEST_BROKEN\tplugin bad");
});

test("notes are shown, and are no fault", async () => {
  const files = { "/home/me/.nemo/nemo.json": `{ plugins: { entries: { telegram: { enabled: true } } } }` };
  const report = await pluginsDoctor.run(brokerOver({ files }), {}, [], noTalk);
  expect([report.ok, report.problems.map(({ subject }) => subject)]).toEqual([true, ["plugins.entries.telegram"]]);
  expect(pluginsDoctor.human(report, plainStyle, {})).toMatch(/^✓ Nothing is broken\. 0 plugins/);
});
