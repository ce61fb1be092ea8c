import { noTalk } from "../../../support/fake-talk.ts";
import { expect, test } from "vitest";
import { configGet } from "../../../../src/cli/commands/config/get.ts";
import { CONFIG } from "../../../config/nemo.ts";
import { brokerOf, style } from "./nemo-broker.ts";

const TEXT =
  "{\n  agents: { defaults: { model: { primary: '${MODEL}', fallbacks: ['c/d'] } } },\n  models: { providers: { lab: { baseUrl: 'http://lab', apiKey: 'sk-1' } } },\n}";
const run = async (...keys: string[]) => configGet.run(await brokerOf({ files: { [CONFIG]: TEXT }, env: { MODEL: "a/b" } }), {}, keys, noTalk);

test("a value is shown as the run sees it, with its place", async () => {
  const report = await run("agents.defaults.model");
  expect(report).toEqual({ schemaVersion: 1, key: "agents.defaults.model", value: { primary: "a/b", fallbacks: ["c/d"] }, file: CONFIG, line: 2, column: 25 });
  expect(configGet.human(report, style, {})).toBe('{\n  "primary": "a/b",\n  "fallbacks": [\n    "c/d"\n  ]\n}\nat ~/.nemo/nemo.json:2:25');
  expect(configGet.plain?.(report, {})).toBe('{"primary":"a/b","fallbacks":["c/d"]}');
});

test("text is shown without quotes", async () => {
  const report = await run("models.providers.lab.baseUrl");
  expect([configGet.human(report, style, {}), configGet.plain?.(report, {})]).toEqual(["http://lab\nat ~/.nemo/nemo.json:3:33", "http://lab"]);
});

test("a secret is never shown", async () => {
  expect((await run("models.providers.lab.apiKey")).value).toBe("[secret]");
  expect(JSON.stringify(await run())).not.toContain("sk-1");
});

test("an unknown key is refused with the nearest", async () => {
  await expect(run("models.providers.lab.baseUlr")).rejects.toMatchObject({
    code: "CONFIG_KEY_UNKNOWN",
    exit: 64,
    facts: { suggestions: ["models.providers.lab.baseUrl"] },
  });
});
