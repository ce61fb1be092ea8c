import { describe, expect, test } from "vitest";
import { fakeRefreshing, RESCUE_FILE } from "../../../../support/fake-refreshing.ts";
import { AGENT, CONFIG, json, keep as keepOn, type Kept, type Machine, plain, STORE, storeText } from "./keeping.ts";

const keep = (machine: Machine, words: string): Promise<Kept> => keepOn({ refreshing: fakeRefreshing(), ...machine }, words);

const CONFIG_TEXT = `{
  // servers
  models: {
    providers: {
      lab: { baseUrl: "http://10.0.0.5/v1", apiKey: "canary-of-lab-1", headers: { "X-Api-Key": "canary-of-header-1" }, models: [] },
    },
  },
}
`;
const MACHINE = {
  files: {
    [STORE]: storeText(["openai:work"]),
    [CONFIG]: CONFIG_TEXT,
    "/home/me/.zshrc": "export GROQ_API_KEY=gsk_canary-zshrc\n",
    "/home/me/.bash_history": "export GROQ_API_KEY=gsk_canary-typed\nexport GROQ_API_KEY=gsk_canary-typed\n",
    [`${AGENT}/models.json`]: json({
      providers: { attic: { baseUrl: "http://x/v1", api: "openai-completions", apiKey: "sk-canary-openai-work", models: [] } },
    }),
  },
};

describe("models auth audit", () => {
  test("names every place with what to do about it", async () => {
    const { exit, out, files } = await keep(MACHINE, "models auth audit");
    expect([exit, files]).toEqual([0, []]);
    expect(plain(out).split("\n")).toEqual([
      "Secrets in clear text  5 in 4 files",
      "  1 ~/.nemo/nemo.json:5",
      "    config · models.providers.lab.apiKey · lab · …123abc",
      "    → `nemo models auth audit --move 1` stores it and takes it out of the",
      "      config.",
      "  2 ~/.nemo/nemo.json:5",
      "    config · models.providers.lab.headers.X-Api-Key · lab · …123abc",
      "    → Write ${NAME} in its place, and set NAME in the environment.",
      "  3 ~/.nemo/agents/main/agent/models.json:6",
      "    an agent's models.json · providers.attic.apiKey · attic · …123abc · the same",
      "    as openai:work",
      "    → An agent copied it there, and does so again. Keep the file readable by you",
      "      alone.",
      "  4 ~/.zshrc:1",
      "    shell profile · GROQ_API_KEY · groq · gsk_…123abc",
      "    → `nemo models auth audit --move 4` stores it; then delete the line, unless",
      "      another program needs it.",
      "  5 ~/.bash_history:1",
      "    shell history · GROQ_API_KEY · groq · gsk_…123abc · on 2 lines",
      "    → Delete the line. Who can read the file knows the key; to be safe, make a",
      "      new one.",
      "",
    ]);
  });

  test("renewed tokens that wait for their store are named, and not to be deleted lightly", async () => {
    const refreshing = fakeRefreshing();
    refreshing.rescue({ store: STORE, id: "zai:me" }, "");
    const files = { [RESCUE_FILE]: json({ version: 1, profile: "zai:me", entry: { type: "oauth", refresh: "canary-of-refresh-1" } }) };
    const { exit, out } = await keep({ files, refreshing }, "models auth audit --check");
    expect([exit, plain(out).split("\n")]).toEqual([
      1,
      [
        "Secrets in clear text  1 in 1 file",
        `  1 ${RESCUE_FILE}:6`,
        "    left-over file · refresh · …123abc",
        "    → New tokens of a login wait there for their store: the next renewal of that",
        "      login puts them in their place, or deletes what is over. Delete the file",
        "      if you logged out.",
        "",
      ],
    ]);
  });

  test("--check is 1 when there is any, and 0 when there is none; without it always 0", async () => {
    expect((await keep(MACHINE, "models auth audit --check")).exit).toBe(1);
    expect((await keep(MACHINE, "models auth audit --check --json")).exit).toBe(1);
    const clean = {
      files: {
        [STORE]: storeText(["openai:work"]),
        [CONFIG]: '{ models: { providers: { lab: { baseUrl: "http://10.0.0.5/v1", apiKey: "${LAB}", models: [] } } } }',
      },
      env: { LAB: "canary-of-env" },
    };
    const { exit, out } = await keep(clean, "models auth audit --check");
    expect([exit, out]).toEqual([0, "✓ No secret lies in clear text outside the stores. Looked into 1 file and those\n  of known tools.\n"]);
  });

  test("a file that could not be looked into is named", async () => {
    const { exit, err } = await keep({ files: { "/home/me/.zshrc": { unreadable: "EACCES" } } }, "models auth audit");
    expect([exit, err]).toEqual([0, "! /home/me/.zshrc was not looked into: it cannot be read (EACCES).\n"]);
  });

  test("a store that others can read counts, and is not quoted", async () => {
    const { exit, out } = await keep({ files: { [STORE]: { text: storeText(["openai:work"]), mode: 0o644 } } }, "models auth audit --check");
    expect(exit).toBe(1);
    expect(out).toContain("(mode 644)\n  → Run: chmod 600 ~/.nemo/agents/main/agent/auth-profiles.json\n");
  });

  describe("--move", () => {
    test.each(["1", "lab", "~/.nemo/nemo.json:5"].filter((place) => place !== "lab"))(
      "takes a key of the config into the store and out of the config: %s",
      async (place) => {
        const config = CONFIG_TEXT.replace(/, headers: \{[^}]*\}/, "");
        const { exit, out, written, files } = await keep({ files: { [STORE]: storeText([]), [CONFIG]: config } }, `models auth audit --move ${place}`);
        expect([exit, files]).toEqual([0, [STORE, CONFIG].sort()]);
        expect(plain(out).split("\n")).toEqual([
          "Updated ~/.nemo/agents/main/agent/auth-profiles.json",
          "Updated ~/.nemo/nemo.json",
          "  without models.providers.lab.apiKey",
          "lab:config holds it now …123abc",
          "",
          "✓ No secret lies in clear text outside the stores. Looked into 1 file and those",
          "  of known tools.",
          "",
        ]);
        expect(JSON.parse(written(STORE) ?? "").profiles).toEqual({ "lab:config": { type: "api_key", provider: "lab", key: "canary-of-lab-1" } });
        expect(written(CONFIG)).toBe(config.replace(' apiKey: "canary-of-lab-1",', ""));
      },
    );

    test("the config's backup does not keep it either", async () => {
      const config = CONFIG_TEXT.replace(/, headers: \{[^}]*\}/, "");
      const files = { [STORE]: storeText([]), [CONFIG]: config, [`${CONFIG}.bak`]: config };
      const { written, out } = await keep({ files }, "models auth audit --move 1 --json");
      expect(written(`${CONFIG}.bak`)).toBe(written(CONFIG));
      expect(JSON.parse(out)).toMatchObject({ moved: { copies: [] }, found: [] });
    });

    test("stores what lies in a file that is not ours, and leaves the line to the person", async () => {
      const { out, written, files } = await keep(MACHINE, "models auth audit --move ~/.zshrc --json");
      expect(files).toEqual([STORE]);
      expect(JSON.parse(written(STORE) ?? "").profiles["groq:shell"]).toEqual({ type: "api_key", provider: "groq", key: "gsk_canary-zshrc" });
      const report = JSON.parse(out) as { moved: unknown; found: { file: string; storedAs: string | null; move: string | null }[] };
      expect(report.moved).toMatchObject({ profileId: "groq:shell", takenOut: false, wasStored: false, configFiles: [] });
      expect(report.found.find(({ file }) => file.endsWith(".zshrc"))).toMatchObject({ storedAs: "groq:shell", move: null });
    });

    test("what is stored already is only taken out", async () => {
      const config = CONFIG_TEXT.replace("canary-of-lab-1", "sk-canary-openai-work");
      const { out, written, files } = await keep({ files: { [STORE]: storeText(["openai:work"]), [CONFIG]: config } }, "models auth audit --move 1");
      expect(files).toEqual([CONFIG]);
      expect(written(CONFIG)).not.toContain("sk-canary");
      expect(out).toContain("openai:work holds it already");
    });

    test("a variable that the config itself uses stays, with the reason", async () => {
      const config =
        '{ env: { vars: { LAB: "x", OPENAI_API_KEY: "sk-canary-vars-1" } }, models: { providers: { lab: { baseUrl: "http://10.0.0.5/v1", apiKey: "${OPENAI_API_KEY}", models: [] } } } }';
      const { exit, err, files } = await keep({ files: { [STORE]: storeText([]), [CONFIG]: config } }, "models auth audit --move 1");
      expect([exit, files]).toEqual([64, []]);
      expect(err.replace(/\n +/g, " ")).toContain("env.vars.OPENAI_API_KEY is used by models.providers.lab.apiKey");
    });

    test("another agent than the one that all read through to is refused", async () => {
      const config = '{ agents: { list: [{ id: "main" }, { id: "lab" }] }, env: { vars: { OPENAI_API_KEY: "sk-canary-vars-1" } } }';
      const { exit, err, files } = await keep({ files: { [STORE]: storeText([]), [CONFIG]: config } }, "models auth audit --move 1 --agent lab");
      expect([exit, files]).toEqual([64, []]);
      expect(err).toContain("hint: Give --agent main: the others read through to its store.");
    });

    test.each([
      ["nothing there", "99", "--move names nothing that the audit found"],
      ["two in one place", "~/.nemo/nemo.json:5", "--move names 2 secrets [USAGE]\nhint: Give one of the numbers 1, 2."],
      ["one that only the person can change", "2", "hint: Write ${NAME} in its place, and set NAME in the environment."],
      ["a history", "5", "hint: Delete the line."],
    ])("%s is refused with 64", async (_, place, says) => {
      const { exit, err, files } = await keep(MACHINE, `models auth audit --move ${place}`);
      expect([exit, files]).toEqual([64, []]);
      expect(err).toContain(says);
    });

    test("nothing stays stored when the config cannot be changed", async () => {
      const target = "/nix/store/abc-nemo.json";
      const { exit, written } = await keep(
        { files: { [STORE]: storeText([]), [target]: CONFIG_TEXT }, links: { [CONFIG]: target } },
        "models auth audit --move 1",
      );
      expect([exit, JSON.parse(written(STORE) ?? "").profiles, written(target)]).toEqual([77, {}, undefined]);
    });
  });

  test("no output holds a secret", async () => {
    for (const flags of ["", " --json", " --plain", " --move 1", " --move 4 --json"]) {
      const { out, err } = await keep(MACHINE, `models auth audit${flags}`);
      expect(out + err).not.toContain("canary");
    }
  });
});
