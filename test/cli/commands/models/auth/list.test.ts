import { describe, expect, test } from "vitest";
import type { AccountListReport } from "../../../../../src/cli/commands/models/auth/list.ts";
import { CONFIG, HOUR, keyOf, NOW, STORE, storeOf, tokenOf } from "../../../../credentials/open-facts.ts";
import { runOn } from "../../../../status/run-command.ts";

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const MACHINE = {
  env: { GROQ_API_KEY: "gsk_abc" },
  files: {
    [CONFIG]: json({
      agents: { defaults: { model: { primary: "openai/gpt-5.2" } } },
      auth: { profiles: { "openai:work": { provider: "openai", mode: "api_key", email: "me@example.com" } } },
    }),
    [STORE]: json(storeOf({ "openai:work": keyOf("openai", "sk-a"), "openai:home": keyOf("openai", "sk-b"), "zai:t": tokenOf("zai", NOW + 3 * HOUR) })),
    "/home/me/.nemo/.env": "# keys\nMISTRAL_API_KEY=abc\n",
  },
};

describe("models auth list", () => {
  test("names every account with its place, and why it is not asked", async () => {
    const report = JSON.parse((await runOn(MACHINE, "models auth list --json")).out) as AccountListReport;
    expect(report).toMatchObject({ schemaVersion: 1, agentId: "main", storePath: STORE, problems: [] });
    expect(
      report.accounts.map(({ profileId, origin, file, line, position, passedOver, email, inUse }) => [
        profileId,
        origin,
        file,
        line,
        position,
        passedOver?.reason,
        email,
        inUse,
      ]),
    ).toEqual([
      ["env:GROQ_API_KEY", "env", null, null, 1, undefined, null, false],
      ["env:MISTRAL_API_KEY", "env", "/home/me/.nemo/.env", 2, 1, undefined, null, false],
      ["openai:work", "store", STORE, 4, 1, undefined, "me@example.com", true],
      ["openai:home", "store", STORE, 9, null, "hidden", null, true],
      ["zai:t", "store", STORE, 14, 1, undefined, null, false],
    ]);
  });

  test("does not say of a token that it is sent to nobody where the person's own word sends it, nor of another token", async () => {
    const notes = async (signalbox: object, secret = "sk-ant-oat01-abcdefgh") => {
      const token = { type: "token", provider: "anthropic", token: secret };
      const files = { [STORE]: json(storeOf({ "anthropic:tool": token })), [CONFIG]: json({ signalbox }) };
      const report = JSON.parse((await runOn({ files }, "models auth list --json")).out) as AccountListReport;
      return report.accounts.map(({ note, licence }) => [licence.use, note?.match(/sent to nobody/)?.[0] ?? null]);
    };
    expect(await notes({})).toEqual([["vendor-tool-only", "sent to nobody"]]);
    expect(await notes({ licences: { "anthropic:tool": "own-client" } })).toEqual([["own-client", null]]);
    expect(await notes({}, "sk-ant-api03-abcdefgh")).toEqual([["own-client", null]]);
  });

  test("shows two lines an account", async () => {
    const { exit, out } = await runOn(MACHINE, "models auth list --provider openai");
    expect(exit).toBe(0);
    expect(out.replace(/…[0-9a-f]{6}/g, "…123abc").split("\n")).toEqual([
      "Accounts  agent main: 2 accounts of 1 provider",
      "  1  openai:work  key  ✓ no expiry          …123abc",
      "     ~/.nemo/agents/main/agent/auth-profiles.json:4 · me@example.com",
      "  -  openai:home  key  - not in the config  …123abc",
      "     ~/.nemo/agents/main/agent/auth-profiles.json:9",
      "     - is not in the config's auth.profiles",
      "",
    ]);
  });

  test("--plain is a line an account", async () => {
    expect((await runOn(MACHINE, "models auth list --provider z.ai --plain")).out).toBe("zai:t\tzai\ttoken\texpiring\n");
  });

  test("without any account says where it looked", async () => {
    expect(await runOn({}, "models auth list")).toEqual({
      exit: 0,
      err: "",
      out: "No accounts. Nothing is in ~/.nemo/agents/main/agent/auth-profiles.json, and no\nvariable that a provider knows is set.\n→ nemo models status\n",
    });
    expect(JSON.parse((await runOn({}, "models auth list --json")).out)).toMatchObject({ accounts: [] });
  });

  test("a store that cannot be read is not called empty", async () => {
    const { exit, out } = await runOn({ files: { [STORE]: "{ nope" } }, "models auth list");
    expect([exit, out.includes("Nothing is in")]).toEqual([0, false]);
    expect(out).toMatch(/^Problems\n[^]*\n\nNo account can be listed\. What is wrong with the auth store stands above\.\n→ nemo models status\n$/);
  });

  test("an unknown provider is refused with 64 and the nearest name", async () => {
    const { exit, err } = await runOn(MACHINE, "models auth list --provider opnai");
    expect(exit).toBe(64);
    expect(err).toContain('Did you mean "openai"?');
  });

  test("a store that cannot be parsed is named first", async () => {
    const { exit, out } = await runOn({ files: { [STORE]: "{" }, env: { GROQ_API_KEY: "gsk" } }, "models auth list");
    expect(exit).toBe(0);
    expect(out).toMatch(/^Problems\n {2}✗ the auth store is not valid JSON/);
    expect(out).toContain("env:GROQ_API_KEY");
  });
});
