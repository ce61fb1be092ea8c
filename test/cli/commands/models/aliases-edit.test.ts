import { expect, test } from "vitest";
import { editedOn } from "../edited-on.ts";

const CONFIG = '{ agents: { defaults: { models: { "groq/a": { alias: "fast" } } } } }\n';

test("an alias is added, replaced, and taken", async () => {
  expect((await editedOn(CONFIG, "models aliases add mini openai/gpt-5-mini")).out).toBe("Updated ~/.nemo/nemo.json\nAlias mini -> openai/gpt-5-mini\n");
  expect((await editedOn(CONFIG, "models aliases add quick fast")).out).toBe("Updated ~/.nemo/nemo.json\nAlias quick -> groq/a (in place of fast)\n");
  const taken = await editedOn(CONFIG, "models aliases add fast openai/gpt-5-mini --force --json");
  expect(JSON.parse(taken.out)).toMatchObject({ outcome: "written", alias: "fast", target: "openai/gpt-5-mini", replaced: null, takenFrom: ["groq/a"] });
  expect(taken.config).toBe('{ agents: { defaults: { models: { "groq/a": {}, "openai/gpt-5-mini": { alias: "fast" } } } } }\n');
});

test("one that is taken is refused, and nothing is written", async () => {
  expect(await editedOn(CONFIG, "models aliases add FAST openai/gpt-5-mini")).toEqual({
    exit: 64,
    out: "",
    err: 'error: "fast" is the alias of groq/a [ALIAS_TAKEN]\nhint: Choose another word, or take it away from there with --force.\n',
    config: undefined,
  });
});

test("the first entry of an empty map is no quiet change for an older agent", async () => {
  const { out, err } = await editedOn("", "models aliases add mini openai/gpt-5-mini --json");
  expect(JSON.parse(out)).toMatchObject({ outcome: "written" });
  expect(err).toMatch(/^! agents\.defaults\.models was empty\. An older agent that reads this file/);
});

test("an alias is removed; a second time it is unknown", async () => {
  const removed = await editedOn(CONFIG, "models aliases remove FAST");
  expect(removed).toMatchObject({
    out: "Updated ~/.nemo/nemo.json\nAlias fast removed from groq/a\n",
    config: '{ agents: { defaults: { models: { "groq/a": {} } } } }\n',
  });
  expect(JSON.parse((await editedOn(CONFIG, "models aliases remove fast --json")).out)).toMatchObject({ alias: "fast", targets: ["groq/a"], builtIn: false });
  expect(await editedOn(removed.config ?? "", "models aliases remove fast")).toMatchObject({ exit: 64, config: undefined });
});
