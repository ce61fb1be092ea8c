import { expect, test } from "vitest";
import { writtenAgents, writtenTexts } from "../../src/config/written-text.ts";
import { load } from "./nemo.ts";

const PATH = ["agents", "defaults", "model", "fallbacks"];

test("a text that a variable gave is copied as the variable, and one whose variable is unset keeps its place", () => {
  const config = load('{ agents: { defaults: { model: { fallbacks: ["a", "${FAST}", "b/${FAST}", "${UNSET}"] } } } }', { env: { FAST: "groq/x" } });
  expect(writtenTexts(config, PATH)).toEqual([
    { index: 0, text: "a", copy: "a" },
    { index: 1, text: "groq/x", copy: "${FAST}" },
    { index: 2, text: "b/groq/x", copy: undefined },
    { index: 3, text: undefined, copy: "${UNSET}" },
  ]);
});

test("no list is not an empty one", () => {
  expect(writtenTexts(load('{ agents: { defaults: { model: "a" } } }'), PATH)).toBeUndefined();
  expect(writtenTexts(load("{ agents: { defaults: { model: { fallbacks: [] } } } }"), PATH)).toEqual([]);
});

test("entries of agents are counted as the files count them", () => {
  const config = load('{ agents: { list: [{ id: "${UNSET}", default: true }, { id: "My Work" }, { id: "my-work", default: true }] } }');
  expect(writtenAgents(config)).toEqual([
    { id: undefined, isDefault: true },
    { id: "my-work", isDefault: false },
    { id: "my-work", isDefault: true },
  ]);
  expect(writtenAgents(load("{}"))).toEqual([]);
});
