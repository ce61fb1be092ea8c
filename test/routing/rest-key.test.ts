import { describe, expect, test } from "vitest";
import { familyOf, restKeyOf } from "../../src/routing/rest-key.ts";
import { REST_SCOPES, subjectOf } from "../../src/state/rest-subject.ts";
import { keyOf, storeOf } from "../credentials/open-facts.ts";
import { openRig } from "./routing-rig.ts";

describe("a key", () => {
  test("says what it is about", async () => {
    const rig = openRig({ config: { agents: { defaults: { model: "openai/gpt-5-2025-08-07" } } }, store: storeOf({ "openai:a": keyOf("openai") }) });
    const [candidate] = (await rig.routing.plan(rig.route(), rig.facts)).candidates;
    if (candidate === undefined) return;
    expect(REST_SCOPES.map((scope) => subjectOf(restKeyOf(scope, candidate) ?? ""))).toEqual([
      { scope: "profile", profileId: "openai:a" },
      { scope: "endpoint", endpoint: "https://openai.example" },
      { scope: "provider+model", model: "openai/gpt-5-2025-08-07" },
      { scope: "endpoint+model", endpoint: "https://openai.example", model: "openai/gpt-5-2025-08-07" },
      { scope: "profile+model-family", profileId: "openai:a", model: "openai/gpt-5" },
      { scope: "profile+model", profileId: "openai:a", model: "openai/gpt-5-2025-08-07" },
    ]);
  });

  test("says it also of ids that hold spaces", async () => {
    const config = { agents: { defaults: { model: "openai/My Model" } } };
    const rig = openRig({ config, store: storeOf({ "openai:my work account": keyOf("openai") }) });
    const [candidate] = (await rig.routing.plan(rig.route(), rig.facts)).candidates;
    if (candidate === undefined) return expect.unreachable();
    const about = { profileId: "openai:my work account", model: "openai/My Model", endpoint: "https://openai.example" };
    const subjects = REST_SCOPES.map((scope) => subjectOf(restKeyOf(scope, candidate) ?? ""));
    expect(subjects.map((subject) => subject?.profileId)).toEqual([about.profileId, undefined, undefined, undefined, about.profileId, about.profileId]);
    expect(subjects.map((subject) => subject?.model)).toEqual([undefined, undefined, about.model, about.model, "openai/my model", about.model]);
    expect(subjects.map((subject) => subject?.endpoint)).toEqual([undefined, about.endpoint, undefined, about.endpoint, undefined, undefined]);
  });

  test("of no kind that we know says nothing", () => {
    expect(["", "profile", "nothing x", "override openai:a"].map(subjectOf)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

test.each([
  ["gpt-5-2025-08-07", "gpt-5"],
  ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5"],
  ["claude-3-5-haiku-latest", "claude-3-5-haiku"],
  ["GPT-5", "gpt-5"],
  ["gpt-5-mini", "gpt-5-mini"],
  ["meta/llama:free", "*:free"],
  ["qwen/qwen3:free", "*:free"],
  ["claude@20250101", "claude"],
  ["model-2024", "model-2024"],
])("the family of %s is %s", (model, family) => {
  expect(familyOf(model)).toBe(family);
});
