import { afterAll, beforeAll, expect, test } from "vitest";
import { type Rig, startRig } from "./rig.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig(["good", "auth"]);
});
afterAll(async () => rig.stop());

const MORE = {
  agents: {
    defaults: { model: { primary: "good-chat/m", fallbacks: ["good-ant/m"] }, models: { "good-resp/m": { alias: "swift" } } },
    list: [{ id: "main" }, { id: "work", model: { primary: "auth-ant/m", fallbacks: ["good-resp/m"] } }],
  },
  gateway: { modelNames: { "gpt-*": "agent:work", haiku: "good-ant/m" } },
};

test.each(["default", "agent:work", "swift", "m", "good-ant/m", "good-ant/m@config:good-ant", "haiku", "gpt-9"])(
  "explain tells of %s what resolve does",
  async (word) => {
    const box = await rig.open({ config: rig.config([], MORE) });
    const { model, fallbacks, agentId } = await box.resolve(word);
    const explained = await box.explain(word);
    expect(explained.models.map(({ ref }) => ref)).toEqual([model, ...fallbacks].map(({ ref }) => ref));
    expect([explained.agentId, explained.first]).toEqual([agentId, { ref: model.ref, profileId: `config:${model.provider}` }]);
  },
);

test("explain and resolve refuse the same words", async () => {
  const box = await rig.open({ config: rig.config([], MORE) });
  for (const [word, code] of [
    ["nothing-like-it", "MODEL_UNKNOWN"],
    ["nobody/x", "PROVIDER_UNKNOWN"],
    ["agent:nobody", "AGENT_UNKNOWN"],
  ] as const) {
    await expect(box.resolve(word)).rejects.toMatchObject({ code });
    await expect(box.explain(word)).rejects.toMatchObject({ code });
  }
});

test("credentials that are given answer for every agent", async () => {
  const box = await rig.open({ config: rig.config([], MORE), credentials: { "auth-ant": "sk-given-0123456789abcdef" } });
  expect((await box.explain("agent:work")).first).toEqual({ ref: "auth-ant/m", profileId: "auth-ant:given" });
});

test("who rests for this program is passed over", async () => {
  const box = await rig.open({ config: rig.config(["auth-chat/m", "good-chat/m"]) });
  expect((await box.explain()).first?.ref).toBe("auth-chat/m");
  expect((await box.chat({ prompt: "hi" })).servedBy.model).toBe("good-chat/m");
  const { first, models } = await box.explain();
  expect([first?.ref, models[0]?.readiness, models[0]?.passedOver[0]?.detail]).toEqual([
    "good-chat/m",
    "cooling",
    expect.stringMatching(/^rests for \d+m \(auth\)$/),
  ]);
});
