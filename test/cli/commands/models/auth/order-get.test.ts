import { describe, expect, test } from "vitest";
import { CONFIG, HOME, keyOf, STORE, storeOf, tokenOf } from "../../../../credentials/open-facts.ts";
import { runOn } from "../../../../status/run-command.ts";

const json = (value: unknown): string => JSON.stringify(value, null, 2);
const profiles = { "openai:a": keyOf("openai"), "openai:b": keyOf("openai", "sk-b"), "openai:t": tokenOf("openai"), "x:1": keyOf("somebody-else") };
const machine = (order: Readonly<Record<string, unknown>>, config: object = {}) => ({
  files: { [CONFIG]: json(config), [STORE]: json(storeOf(profiles, order)) },
});

describe("models auth order get", () => {
  test("gives the store's order under the keys that installations' tools read, and the one that counts", async () => {
    const { exit, out } = await runOn(machine({ order: { OpenAI: ["openai:b", "openai:a"] } }), "models auth order get --provider openai --json");
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toEqual({
      schemaVersion: 1,
      agentId: "main",
      agentDir: `${HOME}/.nemo/agents/main/agent`,
      provider: "openai",
      authStorePath: "~/.nemo/agents/main/agent/auth-profiles.json",
      order: ["openai:b", "openai:a"],
      effective: {
        decidedBy: "store-order",
        profiles: ["openai:b", "openai:a"],
        passedOver: [{ profileId: "openai:t", reason: "not-in-order", detail: "is not in the order" }],
      },
    });
  });

  test("without one says null, and who decides", async () => {
    const { out } = await runOn(machine({}, { auth: { order: { openai: ["openai:a"] } } }), "models auth order get --provider openai --json");
    expect(JSON.parse(out)).toMatchObject({ order: null, effective: { decidedBy: "config-order", profiles: ["openai:a"] } });
  });

  test("shows both to a person", async () => {
    const { out } = await runOn(machine({}), "models auth order get --provider openai");
    expect(out.split("\n")).toEqual([
      "Agent:           main",
      "Provider:        openai",
      "Auth file:       ~/.nemo/agents/main/agent/auth-profiles.json",
      "Order override:  (none)",
      "Decided by:      nobody: logins, tokens, keys; the longest unused first",
      "",
      "Asked in this order",
      "  1. openai:t",
      "  2. openai:a",
      "  3. openai:b",
      "",
    ]);
  });

  test("--plain is a line an account", async () => {
    expect((await runOn(machine({ order: { openai: ["openai:b"] } }), "models auth order get --provider openai --plain")).out).toBe("openai:b\n");
  });

  test("knows a provider that only the store knows", async () => {
    expect((await runOn(machine({}), "models auth order get --provider somebody-else --plain")).out).toBe("x:1\n");
  });

  test.each([
    ["models auth order get", "--provider is missing"],
    ["models auth order get --provider opnai", 'no provider is named "opnai"'],
    ["models auth order get --provider openai --agent nobody", "no agent is configured"],
  ])("%s is refused with 64", async (words, says) => {
    const { exit, err } = await runOn(machine({}), words);
    expect(exit).toBe(64);
    expect(err).toContain(says);
  });
});
