import { expect, test } from "vitest";
import { editedOn } from "../edited-on.ts";

const CONFIG = "{ agents: { list: [{ id: 'main' }, { id: 'work', default: true }] } }\n";
const files = { "/home/me/.nemo/agents/work/agent/auth-profiles.json": '{ "version": 1, "profiles": {} }' };

test("people see who is the default now, and where the files stay", async () => {
  expect(await editedOn(CONFIG, "agents remove WORK", { files })).toEqual({
    exit: 0,
    out: [
      "Updated ~/.nemo/nemo.json",
      "Agent work removed",
      "The default agent is main now.",
      "Its folder stays, with all that is in it: ~/.nemo/agents/work/agent",
      "",
    ].join("\n"),
    err: "",
    config: "{ agents: { list: [{ id: 'main' }] } }\n",
  });
});

test("programs see the same as facts", async () => {
  expect(JSON.parse((await editedOn(CONFIG, "agents remove main --json")).out)).toMatchObject({
    outcome: "written",
    id: "main",
    dir: "/home/me/.nemo/agents/main/agent",
    dirExists: false,
    newDefault: null,
  });
});
