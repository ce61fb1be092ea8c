import { describe, expect, test } from "vitest";
import { NOW } from "../../../../credentials/open-facts.ts";
import { fakeRefreshing } from "../../../../support/fake-refreshing.ts";
import { AGENT, canaryOf, CONFIG, json, keep, LAB_STORE, plain, STORE, storeText } from "./keeping.ts";

const WORK = canaryOf("openai:work");
const MACHINE = {
  files: {
    [STORE]: storeText(["openai:work", "openai:home", "groq:x"], { order: { openai: ["openai:work"] }, usageStats: { "openai:work": { lastUsed: 5 } } }),
    [CONFIG]:
      '{ auth: { profiles: { "openai:work": { provider: "openai", mode: "api_key" } }, order: { openai: ["openai:home", "openai:work"], groq: ["groq:x"] } }, signalbox: { licences: { "openai:work": "own-client" } } }',
  },
};

const LOGIN = {
  ...{ type: "oauth", provider: "zai", access: "canary-access-1", refresh: "canary-refresh-1", expires: NOW + 3_600_000 },
  signalbox: {
    ...{ method: "device", licence: "own-client", tokenUrl: "https://id.example/token", clientId: "my-app", scopes: [], generation: 1 },
    ...{ obtainedAtMs: NOW, lifetimeSeconds: 3600 },
  },
};

describe("models auth logout", () => {
  test("takes away the tokens of a login that waited elsewhere for their store, and no other account's", async () => {
    const refreshing = fakeRefreshing();
    for (const id of ["zai:me", "zai:you"]) refreshing.rescue({ store: STORE, id }, "renewed tokens");
    const files = { [STORE]: json({ version: 1, profiles: { "zai:me": LOGIN, "zai:you": LOGIN } }) };
    const { exit, err } = await keep({ files, refreshing }, "models auth logout zai:me --yes");
    expect([exit, err, [...refreshing.rescues.keys()]]).toEqual([0, "", [`${STORE} zai:you`]]);
  });

  test("an account of main is removed by way of its folder where the config lists other agents only", async () => {
    const files = { [STORE]: storeText(["openai:work"]), [CONFIG]: '{ agents: { list: [{ id: "lab" }] } }' };
    const { exit, err } = await keep({ files }, "models auth logout openai:work --yes");
    expect([exit, err]).toEqual([64, expect.stringContaining(`with NEMO_AGENT_DIR=${AGENT} in its environment, as the config lists no agent there.`)]);
    const { written } = await keep({ files, env: { NEMO_AGENT_DIR: AGENT } }, "models auth logout openai:work --yes");
    expect(JSON.parse(written(STORE) ?? "").profiles).toEqual({});
  });

  test("takes the account out of the store and the lists of the config, and says what that means", async () => {
    const { exit, out, written, files } = await keep(MACHINE, "models auth logout openai:work --yes");
    expect(exit).toBe(0);
    expect(files).toEqual([STORE, CONFIG].sort());
    expect(plain(out).split("\n")).toEqual([
      "Updated ~/.nemo/agents/main/agent/auth-profiles.json",
      "Removed openai:work api_key, …123abc",
      "Updated ~/.nemo/nemo.json",
      '  without auth.profiles["openai:work"]',
      '  without signalbox.licences["openai:work"]',
      "  without auth.order.openai[1]",
      "It is still valid at the vendor. To revoke it:",
      "  → https://platform.openai.com/api-keys",
      "Asked for openai now: openai:home",
      "",
    ]);
    expect(written(STORE)).not.toContain(WORK);
    expect(JSON.parse(written(STORE) ?? "")).toMatchObject({ profiles: { "openai:home": {}, "groq:x": {} } });
    expect(written(CONFIG)).not.toContain("openai:work");
    expect(written(CONFIG)).toContain('groq: ["groq:x"]');
  });

  test("takes the secret out of the config's own backups and damaged copies, also of what the config includes", async () => {
    const part = "/home/me/.nemo/part.json";
    const held = `{ models: { providers: { lab: { baseUrl: "http://x/v1", apiKey: "${WORK}", models: [] } } } }`;
    const files = {
      [STORE]: storeText(["openai:work"]),
      [CONFIG]: '{ $include: "./part.json" }',
      [part]: "{ gateway: {} }",
      [`${CONFIG}.bak`]: held,
      [`${part}.bak`]: held,
      [`${CONFIG}.corrupt-1`]: `{ env: { OPENAI_API_KEY: "${WORK}"`,
    };
    const { out, written } = await keep({ files }, "models auth logout openai:work --yes --json");
    expect([JSON.parse(out).copies, written(`${CONFIG}.bak`), written(`${part}.bak`), written(`${CONFIG}.corrupt-1`)]).toEqual([
      ...[[], files[CONFIG], files[part]],
      '{ env: { OPENAI_API_KEY: "[removed]"',
    ]);
  });

  test("strikes the secret out of a damaged store that was set aside, and names one that is no text or holds an earlier one", async () => {
    const [aside, broken, earlier] = [`${STORE}.corrupt-1`, `${STORE}.corrupt-2`, `${STORE}.corrupt-3`];
    const asides = {
      [aside]: `{ "profiles": { "openai:work": { "key": "${WORK}", `,
      [broken]: "\uFFFD",
      [earlier]: '{ "profiles": { "openai:work": { "key": "the one before",',
    };
    const files = { ...MACHINE.files, ...asides };
    const { exit, out, written } = await keep({ files }, "models auth logout openai:work --yes --json");
    expect([exit, written(aside)]).toEqual([0, '{ "profiles": { "openai:work": { "key": "[removed]", ']);
    const what = "a damaged file that was set aside; it may hold a secret of the account";
    expect(JSON.parse(out).copies).toEqual([broken, earlier].map((file) => ({ file, line: null, variable: null, what })));
  });

  test("names every other place of the same secret, and touches none", async () => {
    const elsewhere = {
      [`${AGENT}/models.json`]: `{\n"providers": { "attic": { "apiKey": "${WORK}" } } }`,
      [`${AGENT}/auth.json`]: json({ openai: { type: "api_key", key: WORK } }),
      "/home/me/.nemo/nemo.json.bak.1": `{ apiKey: "${WORK}" }`,
      "/home/me/.nemo/.env": `# old\nOPENAI_API_KEY=${WORK}\n`,
      "/home/me/.nemo/agents/main/sessions/a.jsonl": `{"text":"my key is ${WORK}"}`,
      "/home/me/.zshrc": `export KEY=${WORK}`,
      "/home/me/.codex/auth.json": json({ OPENAI_API_KEY: WORK }),
      [LAB_STORE]: storeText(["openai:work"]),
    };
    const machine = { env: { OPENAI_API_KEY: WORK }, files: { ...MACHINE.files, ...elsewhere } };
    const { out, files } = await keep(machine, "models auth logout openai:work --yes --json");
    expect(files).toEqual([STORE, CONFIG].sort());
    const { copies } = JSON.parse(out) as { copies: { file: string | null; line: number | null; variable: string | null; what: string }[] };
    expect(copies.map(({ file, line, variable, what }) => [file?.replace("/home/me", "~") ?? variable, line, what])).toEqual([
      ["~/.codex/auth.json", 2, "a file of Codex CLI"],
      ["~/.nemo/.env", 2, "a .env file"],
      ["~/.nemo/agents/lab/agent/auth-profiles.json", 7, "a file of an agent"],
      ["~/.nemo/agents/main/agent/auth.json", 4, "a file of an earlier version"],
      ["~/.nemo/agents/main/agent/models.json", 2, "written by agent main itself"],
      ["~/.nemo/agents/main/sessions/a.jsonl", 1, "a file of an agent"],
      ["~/.nemo/nemo.json.bak.1", 1, "a backup"],
      ["~/.zshrc", 1, "a shell profile"],
      ["OPENAI_API_KEY", null, "the environment"],
    ]);
    expect(out).not.toContain("canary");
  });

  test("an account of an earlier version is gone with the new store, and its file is named", async () => {
    const older = `${AGENT}/auth.json`;
    const files = { [older]: json({ openai: { type: "api_key", key: WORK }, groq: { type: "api_key", key: "gsk_canary-older" } }) };
    const { out, written } = await keep({ files }, "models auth logout openai:default --yes --json");
    expect(Object.keys(JSON.parse(written(STORE) ?? "").profiles)).toEqual(["groq:default"]);
    expect(JSON.parse(out)).toMatchObject({
      carriedOver: [{ file: older, profileIds: ["groq:default"] }],
      copies: [{ file: older, line: 4, what: "a file of an earlier version" }],
    });
  });

  test("all stored accounts of a provider; a model that pins one is named", async () => {
    const config = '{ agents: { defaults: { model: { primary: "openai/gpt-5.2@openai:home" } } } }';
    const { out, written } = await keep({ files: { ...MACHINE.files, [CONFIG]: config } }, "models auth logout --provider openai --yes");
    expect(Object.keys(JSON.parse(written(STORE) ?? "").profiles)).toEqual(["groq:x"]);
    expect(out.replace(/\n +/g, " ")).toContain("! agents.defaults.model.primary pins one of them, which is gone: that model has no account now.");
    expect(out).toContain("No account of openai is asked any more.");
  });

  test("asks a person first, and does nothing when the answer is no", async () => {
    const no = await keep({ ...MACHINE, answers: [false] }, "models auth logout openai:work");
    expect([no.exit, no.out, no.files]).toEqual([0, "Nothing was removed.\n", []]);
    expect(plain(no.err)).toContain("Remove openai:work (…123abc) and the secret stored with it? [no]");
    const yes = await keep({ ...MACHINE, answers: [true] }, "models auth logout openai:work");
    expect(yes.files).toContain(STORE);
    const stopped = await keep({ ...MACHINE, answers: [undefined] }, "models auth logout openai:work");
    expect([stopped.exit, stopped.files]).toEqual([130, []]);
  });

  test.each([
    ["without a terminal and --yes", "openai:work", 64, "hint: Give --yes to remove without being asked."],
    ["without a name", "--yes", 64, "nothing is named: which account is to be removed?"],
    ["with a name and a provider", "openai:work --provider openai --yes", 64, "accounts and --provider exclude each other"],
    ["an unknown account", "openai:wrk --yes", 64, 'Did you mean "openai:work"?'],
    ["a provider without accounts", "--provider mistral --yes", 64, "no account of mistral is stored [PROFILE_UNKNOWN]"],
    ["a key in place of an id", "sk-canary-0123456789abcdef0123 --yes", 64, "looks like a key or a token"],
  ])("%s nothing is removed", async (_, words, exit, says) => {
    const ran = await keep(MACHINE, `models auth logout ${words}`);
    expect([ran.exit, ran.files]).toEqual([exit, []]);
    expect(ran.err.replace(/\n {7}/g, " ")).toContain(says);
  });

  test("an account that is elsewhere is refused with what to do", async () => {
    const { exit, err, files } = await keep({ env: { GROQ_API_KEY: "gsk_canary-process" } }, "models auth logout env:GROQ_API_KEY --yes");
    expect([exit, files]).toEqual([64, []]);
    expect(err).toContain("hint: Unset GROQ_API_KEY where it is set.");
    expect((await keep({ env: { GROQ_API_KEY: "gsk_canary-process" } }, "models auth logout --provider groq --yes")).err).toContain("PROFILE_ELSEWHERE");
  });

  test("what is removed stays removed when the config cannot be written, and its words are named", async () => {
    const target = "/nix/store/abc-nemo.json";
    const files = { [STORE]: storeText(["openai:work"]), [target]: '{ auth: { order: { openai: ["openai:work"] } } }' };
    const machine = { files, links: { [CONFIG]: target } };
    const { exit, out, written } = await keep(machine, "models auth logout openai:work --yes");
    expect([exit, JSON.parse(written(STORE) ?? "").profiles, written(target)]).toEqual([0, {}, undefined]);
    expect(out).toContain("! The config still names it (auth.order.openai): ");
  });

  describe("a secret that is not in the store itself", () => {
    const keyring = (service: string): string =>
      json({ version: 1, profiles: { "openai:work": { type: "api_key", provider: "openai", ref: `keyring:${service}/openai` } } });

    test("is taken out of the keychain where this program put it", async () => {
      const asked: string[] = [];
      const run = (_: string, [what = ""]: readonly string[]) => {
        asked.push(what);
        const isThere = asked.length === 1;
        return { exitCode: what === "lookup" && !isThere ? 1 : 0, stdout: what === "lookup" && isThere ? WORK : "", stderr: "" };
      };
      const { out } = await keep({ files: { [STORE]: keyring("signalbox") }, run }, "models auth logout openai:work --yes");
      expect(asked).toEqual(["lookup", "clear", "lookup"]);
      expect(out).toContain("Removed openai:work api_key, keyring:signalbox/openai\n  and its secret from the keychain\n");
    });

    test("stays there where somebody else did", async () => {
      const { out, ran } = await keep({ files: { [STORE]: keyring("mine") } }, "models auth logout openai:work --yes");
      expect(ran).toEqual([]);
      expect(out.replace(/\n {4}/g, " ")).toContain(
        "! Its secret is still in the keychain as keyring:mine/openai: this program did not put it there; --keychain removes it all the same",
      );
    });

    test("a keychain that fails is told, and undoes nothing", async () => {
      const { exit, out, written } = await keep({ files: { [STORE]: keyring("signalbox") } }, "models auth logout openai:work --yes");
      expect([exit, JSON.parse(written(STORE) ?? "").profiles]).toEqual([0, {}]);
      expect(out).toContain("! Its secret is still in the keychain");
    });

    test("is where it was when the reference names a variable", async () => {
      const files = { [STORE]: json({ version: 1, profiles: { "openai:work": { type: "api_key", provider: "openai", ref: "env:MY_KEY" } } }) };
      const { out } = await keep({ files, env: { MY_KEY: WORK } }, "models auth logout openai:work --yes");
      expect(out).toContain("  Its secret is where it was: env:MY_KEY\n");
    });
  });

  test("no output holds a secret", async () => {
    for (const flags of ["", " --json", " --plain"]) {
      const { out, err } = await keep(MACHINE, `models auth logout openai:work openai:home --yes${flags}`);
      expect(out + err).not.toContain("canary");
    }
  });
});
