import { expect, test } from "vitest";
import { editedOn } from "../edited-on.ts";

const CONFIG = '{ agents: { defaults: { model: { primary: "openai/gpt-5", fallbacks: ["groq/a", "groq/b"] } }, list: [{ id: "work" }] } }\n';
const said = async (words: string, config = CONFIG) => (await editedOn(config, words)).out.split("\n").slice(0, -1);

test("people see the whole list in its new order", async () => {
  expect(await said("models fallbacks add openai/gpt-5-mini --at 1")).toEqual(["Updated ~/.nemo/nemo.json", "Fallbacks: openai/gpt-5-mini, groq/a, groq/b"]);
  expect(await said("models fallbacks move groq/b 1")).toEqual(["Updated ~/.nemo/nemo.json", "Fallbacks: groq/b, groq/a"]);
  expect(await said("models fallbacks remove groq/a")).toEqual(["Updated ~/.nemo/nemo.json", "Removed groq/a", "Fallbacks: groq/b"]);
  expect(await said("models fallbacks clear")).toEqual(["Updated ~/.nemo/nemo.json", "Fallbacks: none"]);
  expect(await said("models image-fallbacks add groq/a")).toEqual(["Updated ~/.nemo/nemo.json", "Image fallbacks: groq/a"]);
});

test("what changes nothing says so, and writes nothing", async () => {
  expect(await editedOn(CONFIG, "models fallbacks add groq/a")).toMatchObject({
    out: "groq/a is fallback 1 already.\nFallbacks: groq/a, groq/b\n",
    config: undefined,
  });
  expect(await editedOn(CONFIG, "models fallbacks move groq/b 2")).toMatchObject({
    out: "groq/b is fallback 2 already.\nFallbacks: groq/a, groq/b\n",
    config: undefined,
  });
  expect(await editedOn("", "models image-fallbacks clear")).toMatchObject({ out: "Image fallbacks: none\n", config: undefined });
});

test("what becomes of an agent's own list is said in words", async () => {
  expect(await said("models fallbacks add openai/gpt-5-mini --agent work")).toEqual([
    "Updated ~/.nemo/nemo.json",
    "Fallbacks of work: groq/a, groq/b, openai/gpt-5-mini",
    "work has a list of its own now; the common one does not count for it any more.",
  ]);
  expect(await said("models fallbacks clear --agent work")).toEqual([
    "Updated ~/.nemo/nemo.json",
    "Fallbacks of work: none",
    "Its own empty list counts: the common fallbacks answer nothing for work.",
  ]);
});

test("programs see the list, whose it is, and what was done", async () => {
  const json = async (words: string) => JSON.parse((await editedOn(CONFIG, `${words} --json`)).out);
  const common = { outcome: "written", role: "fallback", agentId: null, startedOwn: false };
  expect(await json("models fallbacks add openai/gpt-5-mini")).toMatchObject({ ...common, fallbacks: ["groq/a", "groq/b", "openai/gpt-5-mini"], position: 3 });
  expect(await json("models fallbacks remove groq/b")).toMatchObject({ ...common, fallbacks: ["groq/a"], removed: ["groq/b"] });
  expect(await json("models fallbacks move groq/b 1")).toMatchObject({ ...common, fallbacks: ["groq/b", "groq/a"], moved: "groq/b", from: 2, to: 1 });
  expect(await json("models fallbacks clear --agent work")).toMatchObject({ ...common, fallbacks: [], agentId: "work", startedOwn: true });
});

test("a position is a whole number from 1", async () => {
  for (const words of [
    "models fallbacks move groq/a first",
    "models fallbacks move groq/a 0",
    "models fallbacks add groq/c --at 1.5",
    "models fallbacks add groq/c --at 4",
  ])
    expect([words, await editedOn(CONFIG, words)]).toMatchObject([words, { exit: 64, out: "", config: undefined }]);
});
