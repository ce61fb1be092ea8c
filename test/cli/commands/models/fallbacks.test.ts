import { expect, test } from "vitest";
import { CONFIG } from "../../../credentials/open-facts.ts";
import { runOn } from "../../../status/run-command.ts";

const files = {
  [CONFIG]: JSON.stringify(
    {
      agents: {
        defaults: {
          model: { primary: "groq/a", fallbacks: ["fast", "nowhere/x", "openai/b@openai:work"] },
          imageModel: { primary: "google/i", fallbacks: ["openai/pictures"] },
          models: { "groq/llama": { alias: "fast" } },
        },
        list: [{ id: "main" }, { id: "alone", model: { primary: "groq/a", fallbacks: [] } }],
      },
    },
    null,
    2,
  ),
};

test("fallbacks are as written for tools, and rows that say what they resolve to", async () => {
  const { out } = await runOn({ files }, "models fallbacks list --json");
  expect(JSON.parse(out)).toEqual({
    schemaVersion: 1,
    fallbacks: ["fast", "nowhere/x", "openai/b@openai:work"],
    entries: [
      { position: 1, raw: "fast", key: "groq/llama", alias: "fast", pinnedProfile: null, reason: null, place: { file: CONFIG, line: 7, column: 11 } },
      {
        position: 2,
        raw: "nowhere/x",
        key: null,
        alias: null,
        pinnedProfile: null,
        reason: expect.stringContaining("leads nowhere"),
        place: { file: CONFIG, line: 8, column: 11 },
      },
      {
        position: 3,
        raw: "openai/b@openai:work",
        key: "openai/b",
        alias: null,
        pinnedProfile: "openai:work",
        reason: null,
        place: { file: CONFIG, line: 9, column: 11 },
      },
    ],
    role: "fallback",
    agentId: "main",
    from: "defaults",
  });
});

test("the image model has fallbacks of its own, under the same key", async () => {
  const { out } = await runOn({ files }, "models image-fallbacks list --json");
  expect(JSON.parse(out)).toMatchObject({ fallbacks: ["openai/pictures"], role: "image-fallback", from: "defaults" });
});

test("people see the order, what each resolves to, and where it is written", async () => {
  expect((await runOn({ files }, "models fallbacks list")).out.split("\n").slice(0, 3)).toEqual([
    "Fallbacks (3) of all agents",
    "  1. fast → groq/llama  ~/.nemo/nemo.json:7",
    "  2. nowhere/x  ~/.nemo/nemo.json:8",
  ]);
  expect((await runOn({ files }, "models fallbacks list")).out).toContain("  3. openai/b with openai:work  ~/.nemo/nemo.json:9");
  expect((await runOn({ files }, "models fallbacks list --plain")).out).toBe("fast\nnowhere/x\nopenai/b@openai:work\n");
});

test("an agent's own empty list counts", async () => {
  const { out } = await runOn({ files }, "models fallbacks list --agent alone --json");
  expect(JSON.parse(out)).toMatchObject({ fallbacks: [], entries: [], agentId: "alone", from: "agent" });
  expect((await runOn({ files }, "models fallbacks list --agent alone")).out).toContain(
    "Fallbacks: none. When the default model cannot answer, nothing else will.",
  );
  expect((await runOn({}, "models image-fallbacks list")).out).toContain("Image fallbacks: none.");
});
