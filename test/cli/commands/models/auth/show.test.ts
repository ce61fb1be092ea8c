import { describe, expect, test } from "vitest";
import { CONFIG, NOW, STORE } from "../../../../credentials/open-facts.ts";
import { runOn } from "../../../../status/run-command.ts";

const json = (value: unknown): string => JSON.stringify(value, null, 2);
const HOUR = 3_600_000;

const MACHINE = {
  nowMs: NOW,
  env: { GROQ_API_KEY: "gsk_canary-of-env" },
  files: {
    [CONFIG]: json({ agents: { defaults: { model: { primary: "openai/gpt-5.2" } } }, auth: { order: { openai: ["openai:work"] } } }),
    [STORE]: json({
      version: 1,
      profiles: {
        "openai:work": { type: "api_key", provider: "openai", key: "sk-canary0123456789", email: "me@example.com" },
        "openai:home": { type: "api_key", provider: "openai", key: "sk-canary9876543210" },
        "anthropic:manual": { type: "token", provider: "anthropic", token: `sk-ant-oat01-${"canary".repeat(12)}`, expires: NOW + 5 * HOUR },
        "zai:var": { type: "api_key", provider: "zai", ref: "env:MY_KEY" },
        "zai:vault": { type: "api_key", provider: "zai", ref: 'exec:["vault","read"]' },
      },
    }),
  },
};

const shown = async (id: string) => {
  const { exit, out, err } = await runOn(MACHINE, `models auth show ${id}`);
  expect([exit, err, out.includes("canary")]).toEqual([0, "", false]);
  return out
    .replace(/…[0-9a-f]{6}/g, "…123abc")
    .trimEnd()
    .split("\n");
};

describe("models auth show", () => {
  test("tells all that is known of a stored account", async () => {
    expect(await shown("openai:work")).toEqual([
      "openai:work",
      "  vendor      OpenAI (openai)",
      "  kind        API key, …123abc",
      "  owner       me@example.com",
      "  state       ✓ no expiry",
      "  comes from  ~/.nemo/agents/main/agent/auth-profiles.json:4",
      "  turn        the only one that is asked, by auth.order in the config",
      "  in use for  openai/gpt-5.2 (default)",
    ]);
    expect(await shown("openai:home")).toContain("  turn        none: it is not in the order");
  });

  test("an end beyond the calendar is its last day", async () => {
    const store = json({ version: 1, profiles: { "zai:manual": { type: "token", provider: "zai", token: "tok-canary0123456789", expires: 9e15 } } });
    const { exit, out } = await runOn({ ...MACHINE, files: { ...MACHINE.files, [STORE]: store } }, "models auth show zai:manual");
    expect([exit, out]).toEqual([0, expect.stringContaining("  ends        9999-12-31 23:59 UTC\n")]);
  });

  test("tells where a variable was set", async () => {
    expect(await shown("env:GROQ_API_KEY")).toContain("  comes from  GROQ_API_KEY in environment");
  });

  test("tells where a secret rests, and what is wrong with that", async () => {
    const lines = await shown("zai:var");
    expect(lines).toContain("  secret in   env:MY_KEY");
    expect(lines).toContain("              ✗ the variable is not set");
    expect(lines.at(-1)).toBe("→ Set MY_KEY, in the environment or in a .env file.");
    expect(await shown("zai:vault")).toContain("  kind        API key, not looked up");
  });

  test("tells what the vendor permits", async () => {
    const lines = await shown("anthropic:manual");
    expect(lines).toContain("  turn        none: it is sent to nobody");
    expect(lines.join(" ").replace(/\s+/g, " ")).toContain(
      "licence vendor-tool-only, as its prefix says. Made by `claude setup-token`. Anthropic allows it in Claude Code only",
    );
  });

  test("as data it has every fact", async () => {
    const { out } = await runOn(MACHINE, "models auth show anthropic:manual --json");
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      agentId: "main",
      storePath: STORE,
      vendor: "Anthropic",
      account: { profileId: "anthropic:manual", type: "token", health: "expiring", expiresAt: NOW + 5 * HOUR },
      line: 15,
      vendorToolOnly: true,
      decidedBy: "stored-profiles",
      asked: 0,
      usedBy: [],
    });
    expect(out).not.toContain("canary");
  });

  test("an unknown account is refused with the nearest ids", async () => {
    const { exit, err } = await runOn(MACHINE, "models auth show openai:wrk");
    expect([exit, err]).toEqual([64, expect.stringMatching(/no account is called "openai:wrk".*\n.*Did you mean "openai:work"/)]);
    expect((await runOn(MACHINE, "models auth show")).err).toContain("<profile-id> is missing");
  });
});
