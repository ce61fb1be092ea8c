import { expect, test } from "vitest";
import { movedKey, nearKey } from "../../src/config/known-keys.ts";
import { CONFIG_SHAPE } from "../../src/config/schema.ts";
import { editDistance } from "../../src/kernel/nearest.ts";

const KNOWN = Object.keys(CONFIG_SHAPE.entries);

test.each([
  ["agent", "agents"],
  ["Agents", "agents"],
  ["AUTH", "auth"],
  ["atuh", "auth"],
  ["modls", "models"],
  ["plugns", "plugins"],
  ["singalbox", "signalbox"],
  ["gatway", "gateway"],
])("%s was probably meant as %s", (typed, meant) => {
  expect(nearKey(typed, KNOWN, "case is ignored")).toBe(meant);
});

test.each(["messages", "commands", "meta", "tools", "hooks", "web", "ui", "media", "audio", "memory", "channels", "session", "cron", "x".repeat(1000)])(
  "%s is a key of its own",
  (key) => {
    expect(nearKey(key, KNOWN, "case is ignored")).toBeUndefined();
  },
);

test("of a key of two letters only one may differ, and case counts where keys are names of variables", () => {
  expect([nearKey("di", ["id"], "case is ignored"), nearKey("ab", ["id"], "case is ignored")]).toEqual(["id", undefined]);
  expect([nearKey("VARS", ["vars"], "case counts"), nearKey("Vars", ["vars"], "case counts")]).toEqual([undefined, "vars"]);
});

test("the quick comparison of letters never hides a key that is near", () => {
  for (const known of KNOWN) {
    for (let at = 0; at <= known.length; at++) {
      const edits = [known.slice(0, at) + known.slice(at + 2), `${known.slice(0, at)}zq${known.slice(at)}`, `${known.slice(0, at)}zq${known.slice(at + 2)}`];
      for (const typed of edits.filter((edit) => editDistance(edit, known) <= 2)) expect(nearKey(typed, [known], "case is ignored")).toBe(known);
    }
  }
});

test("old keys are known at the top, in agent and in the defaults, and nowhere else", () => {
  expect([
    movedKey([], "allowedModels"),
    movedKey(["agent"], "model"),
    movedKey(["agent"], "workspace"),
    movedKey(["agents", "defaults"], "modelFallbacks"),
  ]).toEqual([
    "agents.defaults.models, one key for each model",
    "agents.defaults.model.primary",
    "agents.defaults.workspace",
    "agents.defaults.model.fallbacks",
  ]);
  expect([movedKey(["agents"], "allowedModels"), movedKey([], "constructor"), movedKey(["tools"], "model")]).toEqual([undefined, undefined, undefined]);
});
