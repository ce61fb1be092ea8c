import { expect, test } from "vitest";
import { openCurrent } from "../../src/gateway/current.ts";
import type { Generation } from "../../src/gateway/generation.ts";
import { listModels, type ModelRow } from "../../src/gateway/model-list.ts";
import { AppError } from "../../src/kernel/errors.ts";
import { CONFIG, NAMES } from "../credentials/open-facts.ts";
import { fakeHost } from "../support/fake-host.ts";

/** Of a gateway of which nothing is known but its own words, and where these lead is as told. */
async function wordsWhere(route: Generation["route"]): Promise<ModelRow["id"][]> {
  const host = fakeHost({ packaged: { "catalog/index.json": "[]" }, files: { [CONFIG]: "{}" } });
  const { latest } = await openCurrent({ host, names: NAMES, agent: undefined, warn: () => undefined }, () => undefined);
  return listModels({ ...latest, route }, { owner: "self", dialect: "openai-chat" }).map(({ id }) => id);
}

test("a word that leads nowhere is no model", async () => {
  const asked: string[] = [];
  const nowhere = (word: string): never => {
    asked.push(word);
    throw new AppError("MODEL_UNKNOWN", "nobody knows it", { hint: "Ask for another one." });
  };
  expect(await wordsWhere(nowhere)).toEqual([]);
  expect(asked).toContain("default");
});

test("a bug of ours is no word that leads nowhere", async () => {
  const bug = new TypeError("route is not iterable");
  const broken = (): never => {
    throw bug;
  };
  await expect(wordsWhere(broken)).rejects.toBe(bug);
});
