import { noTalk } from "../../../support/fake-talk.ts";
import { expect, test } from "vitest";
import { configPath } from "../../../../src/cli/commands/config/path.ts";
import { CONFIG } from "../../../config/nemo.ts";
import { brokerOf, style } from "./nemo-broker.ts";

const run = async (...given: Parameters<typeof brokerOf>) => configPath.run(await brokerOf(...given), {}, [], noTalk);

test("every file that is read is named, and whether it is there", async () => {
  const files = {
    [CONFIG]: "{ agents: { $include: 'a.json' } }",
    "/home/me/.nemo/a.json": "{ list: [{ id: 'x' }] }",
    "/work/.env": "A=1",
    "/home/me/.nemo/agents/x/agent/models.json": "{}",
  };
  const report = await run({ files });
  expect(report).toEqual({
    schemaVersion: 1,
    configPath: CONFIG,
    state: "read",
    homeDir: "/home/me",
    stateDir: "/home/me/.nemo",
    legacyStateDir: false,
    profile: null,
    agent: "x",
    agentDir: "/home/me/.nemo/agents/x/agent",
    files: [
      { file: CONFIG, what: "config", exists: true },
      { file: "/home/me/.nemo/a.json", what: "included", exists: true },
      { file: "/work/.env", what: "variables", exists: true },
      { file: "/home/me/.nemo/.env", what: "variables", exists: false },
      { file: "/home/me/.nemo/agents/x/agent/auth-profiles.json", what: "accounts", exists: false },
      { file: "/home/me/.nemo/agents/x/agent/models.json", what: "generated models", exists: true },
    ],
  });
  expect(configPath.human(report, style, {})).toBe(
    [
      "config            ~/.nemo/nemo.json                          ✓ there",
      "included          ~/.nemo/a.json                             ✓ there",
      "variables         /work/.env                                 ✓ there",
      "variables         ~/.nemo/.env                               none",
      "accounts          ~/.nemo/agents/x/agent/auth-profiles.json  none",
      "generated models  ~/.nemo/agents/x/agent/models.json         ✓ there",
      "",
      "State folder: ~/.nemo",
      "Agent:        x, in ~/.nemo/agents/x/agent",
    ].join("\n"),
  );
  expect(configPath.plain?.(report, {})).toBe(CONFIG);
});

test("a broken config still has a path, and the command that says why it is broken", async () => {
  const report = await run({ files: { [CONFIG]: "{" } });
  expect([report.state, report.agent, report.files.map(({ what }) => what)]).toEqual(["broken", null, ["config", "variables", "variables"]]);
  expect(configPath.human(report, style, {})).toContain("✗ The config cannot be used: {cli} config validate says why.");
});

test("without a config the path is the one that would be used", async () => {
  expect(await run({})).toMatchObject({ configPath: CONFIG, state: "none yet", agent: "main" });
});
