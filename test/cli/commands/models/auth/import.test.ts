import { describe, expect, test } from "vitest";
import { canaryOf, CONFIG, json, keep, plain, STORE, storeText } from "./keeping.ts";

const MACHINE = {
  env: { GROQ_API_KEY: "gsk_canary-process", OPENAI_API_KEY: canaryOf("openai:work") },
  files: {
    [STORE]: storeText(["openai:work"]),
    "/home/me/.codex/auth.json": json({ OPENAI_API_KEY: "sk-canary-codex-1", tokens: { access_token: "canary-access-1", refresh_token: "canary-refresh-1" } }),
    "/home/me/.claude/.credentials.json": json({ claudeAiOauth: { accessToken: "sk-ant-oat01-canary", refreshToken: "canary-r-12345" } }),
  },
};

const SHOWN = [
  "New  can be stored for agent main",
  "  + groq:env      key  gsk_…123abc    GROQ_API_KEY in the environment",
  "  + openai:codex  key  …123abc        Codex CLI, ~/.codex/auth.json:2",
  "",
  "Already there",
  "  = OPENAI_API_KEY in the environment is the same as openai:work",
  "",
  "Left where it is",
  "  - openai-codex login: Codex CLI, ~/.codex/auth.json:4",
  "    It renews itself and belongs to that program: a copy would end one of the",
  "    two logins. Log in here instead.",
  "  - anthropic login: Claude Code, ~/.claude/.credentials.json:3",
  "    Anthropic allows the login of Claude Code in Claude Code only. Use an API",
  "    key here.",
];

describe("models auth import", () => {
  test("--dry-run shows what was found, and stores nothing", async () => {
    const { exit, out, files } = await keep(MACHINE, "models auth import --dry-run");
    expect([exit, files]).toEqual([0, []]);
    expect(plain(out).split("\n")).toEqual([...SHOWN, "", "Nothing was stored.", "→ nemo models auth import --yes", ""]);
  });

  test("--yes stores all that is new, and changes nothing where it comes from", async () => {
    const { exit, out, written, files } = await keep(MACHINE, "models auth import --yes");
    expect([exit, files]).toEqual([0, [STORE]]);
    expect(plain(out).split("\n")).toEqual([
      "Updated ~/.nemo/agents/main/agent/auth-profiles.json",
      "Stored  agent main",
      "  + groq:env      key  gsk_…123abc    GROQ_API_KEY in the environment",
      "  + openai:codex  key  …123abc        Codex CLI, ~/.codex/auth.json:2",
      "Nothing was changed where they come from: the secrets are still there as well.",
      "→ nemo models auth audit",
      "",
    ]);
    expect(JSON.parse(written(STORE) ?? "").profiles).toEqual({
      "openai:work": { type: "api_key", provider: "openai", key: canaryOf("openai:work") },
      "groq:env": { type: "api_key", provider: "groq", key: "gsk_canary-process" },
      "openai:codex": { type: "api_key", provider: "openai", key: "sk-canary-codex-1" },
    });
    expect(written(STORE)).not.toMatch(/refresh|oat01/);
  });

  test("--from takes one source; without a terminal that is the choice", async () => {
    const { exit, written } = await keep(MACHINE, "models auth import --from Codex");
    expect([exit, Object.keys(JSON.parse(written(STORE) ?? "").profiles)]).toEqual([0, ["openai:work", "openai:codex"]]);
  });

  test("without a terminal it is refused unless something is chosen", async () => {
    const { exit, err, out, files } = await keep(MACHINE, "models auth import");
    expect([exit, out, files]).toEqual([64, "", []]);
    expect(err).toContain("hint: Give --yes for all that is new, --from <source> for some of it, or --dry-run to look.");
  });

  test("a person sees all, and picks", async () => {
    const { exit, err, written } = await keep({ ...MACHINE, answers: [1, false, true] }, "models auth import");
    expect([exit, Object.keys(JSON.parse(written(STORE) ?? "").profiles)]).toEqual([0, ["openai:work", "openai:codex"]]);
    expect(plain(err)).toContain(SHOWN[2]?.trim());
    expect(plain(err)).toContain("Store which of the 2 new ones?\n  All 2\n  Choose one by one\n  None");
    expect(err).not.toContain("canary");
  });

  test("a person takes none, or stops", async () => {
    const none = await keep({ ...MACHINE, answers: [2] }, "models auth import");
    expect([none.exit, none.out, none.files]).toEqual([0, "Nothing was stored.\n", []]);
    const stopped = await keep({ ...MACHINE, answers: [1, true, undefined] }, "models auth import");
    expect([stopped.exit, stopped.files]).toEqual([130, []]);
  });

  test("a new account is recorded in the config where it lists the provider's accounts", async () => {
    const config = '{ auth: { profiles: { "openai:work": { provider: "openai", mode: "api_key" } }, order: { openai: ["openai:work"] } } }';
    const { out, written, files } = await keep({ ...MACHINE, files: { ...MACHINE.files, [CONFIG]: config } }, "models auth import --yes");
    expect(files).toEqual([STORE, CONFIG].sort());
    expect(out).toContain("Updated ~/.nemo/nemo.json\n");
    expect(written(CONFIG)).toContain('"openai:codex"');
    expect(written(CONFIG)).not.toContain("groq:env");
  });

  test("as data: every find with its place, its fingerprint and what became of it", async () => {
    const report = JSON.parse((await keep(MACHINE, "models auth import --from codex --json")).out) as { outcome: string; found: { fingerprint: string }[] };
    expect(report).toMatchObject({
      schemaVersion: 1,
      outcome: "imported",
      agentId: "main",
      storePath: STORE,
      configFiles: [],
      configProblem: null,
      problems: [],
    });
    expect(report.found.map((row) => ({ ...row, fingerprint: plain(row.fingerprint) }))).toEqual([
      {
        ...{
          source: "codex",
          label: "Codex CLI",
          file: "/home/me/.codex/auth.json",
          line: 2,
          called: "OPENAI_API_KEY",
          provider: "openai",
          providerName: "openai",
        },
        ...{ type: "api_key", fingerprint: "…123abc", expiresAt: null, verdict: "new", profileId: "openai:codex", takenId: null, reason: null, imported: true },
      },
      {
        ...{
          source: "codex",
          label: "Codex CLI",
          file: "/home/me/.codex/auth.json",
          line: 4,
          called: "tokens.access_token",
          provider: "openai-codex",
          providerName: "openai-codex",
        },
        ...{ type: "oauth", fingerprint: "…123abc", expiresAt: null, verdict: "refused", profileId: null, takenId: null, imported: false },
        reason: "It renews itself and belongs to that program: a copy would end one of the two logins. Log in here instead.",
      },
    ]);
  });

  test("nothing to find, and nothing new, are said", async () => {
    expect((await keep({}, "models auth import")).out).toBe("Nothing was found: no variable, no older file and no file of a known tool holds\na credential.\n");
    const { exit, out, files } = await keep({ ...MACHINE, env: { OPENAI_API_KEY: canaryOf("openai:work") } }, "models auth import --from environment");
    expect([exit, out, files]).toEqual([
      0,
      "Already there\n  = OPENAI_API_KEY in the environment is the same as openai:work\n\nNothing new: nothing was stored.\n",
      [],
    ]);
  });

  test("an unknown source is refused with the nearest", async () => {
    const { exit, err } = await keep(MACHINE, "models auth import --from codxe");
    expect(exit).toBe(64);
    expect(err).toContain('Did you mean "codex"?');
  });

  test("an older store that cannot be read is named, and the rest goes on", async () => {
    const machine = { files: { ...MACHINE.files, "/home/me/.nemo-agent/agents/main/agent/auth-profiles.json": "{" } };
    const { out } = await keep(machine, "models auth import --dry-run");
    expect(out).toMatch(/^Problems\n {2}✗ an older auth store is not valid JSON/);
    expect(out).toContain("+ openai:codex");
  });

  test("no output holds a secret", async () => {
    for (const flags of ["--yes", "--yes --json", "--yes --plain", "--dry-run", "--dry-run --json"]) {
      const { out, err } = await keep(MACHINE, `models auth import ${flags}`);
      expect(out + err).not.toContain("canary");
    }
  });
});
