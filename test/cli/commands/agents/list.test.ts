import { noTalk } from "../../../support/fake-talk.ts";
import { expect, test } from "vitest";
import { agentsList } from "../../../../src/cli/commands/agents/list.ts";
import { CONFIG } from "../../../config/nemo.ts";
import { brokerOf, style } from "../config/nemo-broker.ts";

const TEXT =
  "{ agents: { list: [\n  { id: 'main', name: 'Home' },\n  { id: 'work', default: true, agentDir: '~/w', model: { primary: 'a/b', fallbacks: [] } },\n] } }";
const run = async (agent?: string, env = {}) => agentsList.run(await brokerOf({ files: { [CONFIG]: TEXT }, env }, agent), {}, [], noTalk);

test("every agent is a row with its folder, its model and its standing", async () => {
  const report = await run();
  expect(report).toEqual({
    schemaVersion: 1,
    agents: [
      { id: "main", name: "Home", dir: "/home/me/.nemo/agents/main/agent", default: false, chosen: false, model: null, file: CONFIG, line: 2, column: 3 },
      { id: "work", name: null, dir: "/home/me/w", default: true, chosen: true, model: { primary: "a/b", fallbacks: [] }, file: CONFIG, line: 3, column: 3 },
    ],
    chosen: "work",
    chosenBy: "default",
    variable: null,
    mainDir: "/home/me/.nemo/agents/main/agent",
  });
  expect(agentsList.human(report, style, {})).toBe(
    [
      "Agent  Name           Folder                     Own model",
      "main   Home           ~/.nemo/agents/main/agent",
      "work         default  ~/w                        a/b (no fallbacks)",
    ].join("\n"),
  );
  expect(agentsList.plain?.(report, {})).toBe("main\nwork");
});

test("--agent chooses one, and an environment variable moves the default one's folder", async () => {
  expect(agentsList.human(await run("main"), style, {})).toContain("main   Home  chosen   ~/.nemo/agents/main/agent");
  const moved = await run(undefined, { NEMO_AGENT_DIR: "/x" });
  expect([moved.agents[1]?.dir, moved.chosenBy, moved.variable]).toEqual(["/x", "environment", "NEMO_AGENT_DIR"]);
  expect(agentsList.human(moved, style, {})).toContain("! NEMO_AGENT_DIR names the folder of work for this run.");
});

test("without a config there is main", async () => {
  const report = await agentsList.run(await brokerOf({}), {}, [], noTalk);
  expect(report.agents).toEqual([
    { id: "main", name: null, dir: "/home/me/.nemo/agents/main/agent", default: true, chosen: true, model: null, file: null, line: null, column: null },
  ]);
});
