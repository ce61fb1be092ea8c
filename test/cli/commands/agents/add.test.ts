import { expect, test } from "vitest";
import { editedOn } from "../edited-on.ts";

test("people see the id, the folder, and that main is listed", async () => {
  expect(await editedOn("", ["agents", "add", "My Work", "--name", "At work", "--model", "openai/gpt-5"])).toMatchObject({
    exit: 0,
    out: [
      "Updated ~/.nemo/nemo.json",
      "Agent my-work: At work, model openai/gpt-5",
      "Its folder, ~/.nemo/agents/my-work/agent, is made when something is kept there. It sees the accounts of main as well.",
      "main was there without being listed. It is listed now, so that it stays.",
      "",
    ].join("\n"),
    err: "",
  });
});

test("programs see what it is, also in a dry run", async () => {
  const { out, config } = await editedOn("{ agents: { list: [{ id: 'main' }] } }", "agents add work --dir ~/w --default --dry-run --json");
  expect(JSON.parse(out)).toMatchObject({
    outcome: "dry run",
    id: "work",
    name: null,
    dir: "/home/me/w",
    default: true,
    model: null,
    alsoListed: null,
  });
  expect(config).toBeUndefined();
});

test("a model must be one that can be named, and a name does not become a variable", async () => {
  expect(await editedOn("", "agents add work --model opnai/gpt-5")).toMatchObject({ exit: 64, config: undefined });
  const named = await editedOn("", ["agents", "add", "work", "--name", "${HOME}"]);
  expect([named.exit, named.config]).toEqual([0, expect.stringContaining('name: "$${HOME}"')]);
});
