import { describe, expect, test } from "vitest";
import { CONFIG, json, keep, LAB_STORE, STORE, storeText } from "./keeping.ts";

const MACHINE = { env: { OPENAI_API_KEY: "sk-canary-process" }, files: { [STORE]: storeText(["openai:work", "openai:home", "groq:x"]) } };

describe("models auth order set", () => {
  test("writes the order, and says who is asked now", async () => {
    const { exit, out, written, files } = await keep(MACHINE, "models auth order set --provider OpenAI openai:home openai:work openai:home");
    expect(exit).toBe(0);
    expect(out.split("\n")).toEqual([
      "Updated ~/.nemo/agents/main/agent/auth-profiles.json",
      "Agent:           main",
      "Provider:        openai",
      "Auth file:       ~/.nemo/agents/main/agent/auth-profiles.json",
      "Order override:  openai:home, openai:work",
      "Decided by:      the order in the auth store",
      "",
      "Asked in this order",
      "  1. openai:home",
      "  2. openai:work",
      "  3. env:OPENAI_API_KEY",
      "",
    ]);
    expect(files).toEqual([STORE]);
    expect(JSON.parse(written(STORE) ?? "")).toMatchObject({ order: { openai: ["openai:home", "openai:work"] } });
  });

  test("the same order again is a no-op that says so", async () => {
    const files = { [STORE]: storeText(["openai:work"], { order: { openai: ["openai:work"] } }) };
    const { exit, out, files: changed } = await keep({ files }, "models auth order set --provider openai openai:work");
    expect([exit, out.split("\n")[0], changed]).toEqual([0, "That is the order already; nothing was written.", []]);
  });

  test("every account that the list shows may be named, also a variable", async () => {
    const { exit, out } = await keep(MACHINE, "models auth order set --provider openai env:OPENAI_API_KEY openai:work --json");
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      outcome: "written",
      order: ["env:OPENAI_API_KEY", "openai:work"],
      effective: { profiles: ["env:OPENAI_API_KEY", "openai:work"] },
    });
  });

  test("a secondary agent keeps an order of its own for the main agent's accounts", async () => {
    const config = json({ agents: { list: [{ id: "main" }, { id: "lab" }] } });
    const { exit, written, files } = await keep(
      { files: { ...MACHINE.files, [CONFIG]: config } },
      "models auth order set --provider openai openai:home --agent lab",
    );
    expect([exit, files]).toEqual([0, [LAB_STORE]]);
    expect(JSON.parse(written(LAB_STORE) ?? "")).toMatchObject({ profiles: {}, order: { openai: ["openai:home"] } });
  });

  test.each([
    [
      "an unknown account",
      "models auth order set --provider openai openai:wrk",
      64,
      'no account is called "openai:wrk" [PROFILE_UNKNOWN]\nhint: Did you mean "openai:work"?',
    ],
    ["another provider's account", "models auth order set --provider openai groq:x", 64, "groq:x is an account of groq, not of openai [USAGE]"],
    ["an unknown provider", "models auth order set --provider opnai openai:work", 64, 'Did you mean "openai"?'],
    ["no provider", "models auth order set openai:work", 64, "--provider is missing"],
    ["no account", "models auth order set --provider openai", 64, "<profileId> is missing"],
    ["a key where an id belongs", "models auth order set --provider openai sk-canary-0123456789abcdef0123", 64, "looks like a key or a token"],
  ])("%s is refused, and nothing is written", async (_, words, exit, says) => {
    const ran = await keep(MACHINE, words);
    expect([ran.exit, ran.files]).toEqual([exit, []]);
    expect(ran.err).toContain(says);
    expect(ran.out + ran.err).not.toContain("canary-0123");
  });

  test("a store that cannot be parsed is never replaced", async () => {
    const { exit, files } = await keep(
      { files: { [STORE]: "{" }, env: { OPENAI_API_KEY: "sk-x" } },
      "models auth order set --provider openai env:OPENAI_API_KEY",
    );
    expect([exit, files]).toEqual([65, []]);
  });
});
