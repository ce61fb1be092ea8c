import { expect, test } from "vitest";
import { CONFIG } from "../../../credentials/open-facts.ts";
import { runOn } from "../../../status/run-command.ts";

const files = {
  [CONFIG]: JSON.stringify({
    agents: {
      defaults: {
        models: {
          "anthropic/claude-opus-4-6": {},
          "groq/llama": { alias: "Fast" },
          "openai/gpt-5-mini": { alias: "" },
          "nowhere/x": { alias: "lost" },
          "openrouter/auto": { alias: "__proto__" },
        },
      },
    },
  }),
};

test("aliases are an object for tools, and rows that say more", async () => {
  const { out } = await runOn({ files }, "models aliases list --json");
  const report = JSON.parse(out);
  expect(Object.entries(report.aliases)).toEqual([
    ["opus", "anthropic/claude-opus-4-6"],
    ["Fast", "groq/llama"],
    ["lost", "nowhere/x"],
    ["__proto__", "openrouter/auto"],
  ]);
  expect(report).toMatchObject({
    schemaVersion: 1,
    entries: [
      { alias: "opus", target: "anthropic/claude-opus-4-6", key: "anthropic/claude-opus-4-6", builtIn: true, reason: null },
      { alias: "Fast", target: "groq/llama", key: "groq/llama", builtIn: false, reason: null },
      { alias: "lost", target: "nowhere/x", key: null, builtIn: false, reason: 'no provider is named "nowhere"' },
      { alias: "__proto__", target: "openrouter/auto", key: "openrouter/openrouter/auto", builtIn: false, reason: null },
    ],
  });
});

test("aliases are lines for scripts and a table for people", async () => {
  expect((await runOn({ files }, "models aliases list --plain")).out).toBe(
    "opus anthropic/claude-opus-4-6\nFast groq/llama\nlost nowhere/x\n__proto__ openrouter/auto\n",
  );
  expect((await runOn({ files }, "models aliases list")).out.split("\n")).toEqual([
    "Alias      Model",
    "opus       anthropic/claude-opus-4-6   built in",
    "Fast       groq/llama",
    'lost       nowhere/x                   ✗ no provider is named "nowhere"',
    "__proto__  openrouter/openrouter/auto",
    "",
  ]);
});

test("without any, one document says so to tools and a sentence to people", async () => {
  expect(JSON.parse((await runOn({}, "models aliases list --json")).out)).toEqual({ schemaVersion: 1, aliases: {}, entries: [] });
  expect((await runOn({}, "models aliases list")).out).toContain("No aliases.");
});
