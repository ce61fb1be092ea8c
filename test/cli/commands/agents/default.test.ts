import { expect, test } from "vitest";
import { editedOn } from "../edited-on.ts";

const CONFIG = "{ agents: { list: [{ id: 'main', default: true }, { id: 'work' }] } }\n";

test("people see who it is, and who it was", async () => {
  expect(await editedOn(CONFIG, "agents default work")).toEqual({
    exit: 0,
    out: "Updated ~/.nemo/nemo.json\nDefault agent: work (was main)\n",
    err: "",
    config: "{ agents: { list: [{ id: 'main' }, { id: 'work', default: true }] } }\n",
  });
  expect(await editedOn(CONFIG, "agents default main")).toMatchObject({ out: "Default agent: main, as before\n", config: undefined });
});

test("a variable that names another folder is named as well", async () => {
  const { out } = await editedOn(CONFIG, "agents default work", { env: { NEMO_AGENT_DIR: "/srv/a", COLUMNS: "120" } });
  expect(out).toContain("NEMO_AGENT_DIR is set: it names the folder that commands use, whichever agent is the default.");
  expect(JSON.parse((await editedOn(CONFIG, "agents default work --json", { env: { NEMO_AGENT_DIR: "/srv/a" } })).out)).toMatchObject({
    id: "work",
    previous: "main",
    variable: "NEMO_AGENT_DIR",
  });
});
