import { describe, expect, test } from "vitest";
import { type ImportVerdict, planImport } from "../../src/credentials/import-plan.ts";
import { importCandidates, importSources } from "../../src/credentials/import-sources.ts";
import { type FactsInput, HOME, HOUR, keyOf, loginOf, NAMES, NOW, openFacts, STORE, storeOf, tokenOf } from "./open-facts.ts";

const json = (value: unknown): string => JSON.stringify(value, null, 2);

function planned(machine: FactsInput): { readonly rows: unknown[]; readonly problems: unknown[] } {
  const { host, config, agents, registry, credentials } = openFacts(machine);
  const { candidates, problems } = importCandidates({ host, names: NAMES, config, agents, registry });
  const stored = credentials.profiles.filter(({ origin }) => origin.kind === "store");
  const rows = planImport(candidates, stored, NOW).map(({ candidate, verdict }) => [candidate.source, candidate.called, outcome(verdict)]);
  return { rows, problems: problems.map(({ code }) => code) };
}

function outcome(verdict: ImportVerdict): string {
  switch (verdict.kind) {
    case "new":
      return verdict.instead === undefined ? `new ${verdict.id}` : `new ${verdict.id} instead of ${verdict.instead}`;
    case "stored":
      return `stored as ${verdict.as}`;
    case "repeated":
      return `the same as ${verdict.of}`;
    case "refused":
      return "refused";
    default:
      return verdict satisfies never;
  }
}

describe("what can be imported", () => {
  test("variables, once for each, with the place of those in a .env file", () => {
    const machine = {
      env: { OPENAI_API_KEY: "sk-process-1", GITHUB_TOKEN: "ghp_12345678" },
      files: { "/home/me/.nemo/.env": "# keys\nGROQ_API_KEY=gsk_dotenv1\n" },
    };
    expect(planned(machine).rows).toEqual([
      ["environment", "GITHUB_TOKEN", "new github-models:env"],
      ["environment", "GROQ_API_KEY", "new groq:env"],
      ["environment", "OPENAI_API_KEY", "new openai:env"],
    ]);
    const { host, config, agents, registry } = openFacts(machine);
    const groq = importCandidates({ host, names: NAMES, config, agents, registry }).candidates.find(({ called }) => called === "GROQ_API_KEY");
    expect(groq?.place).toEqual({ file: "/home/me/.nemo/.env", line: 2 });
  });

  test("what is stored already is not stored again, and an id that is taken gets a number", () => {
    const machine = {
      store: storeOf({ "openai:work": keyOf("openai", "sk-known-key"), "groq:env": keyOf("groq", "gsk_other-key"), "zai:x": keyOf("zai", "sk-known-key") }),
      env: { OPENAI_API_KEY: "sk-known-key", GROQ_API_KEY: "gsk_process-key" },
      files: {
        "/home/me/.codex/auth.json": json({ OPENAI_API_KEY: "sk-known-key" }),
        "/home/me/.config/goose/secrets.yaml": "GROQ_API_KEY: gsk_process-key\n",
      },
    };
    expect(planned(machine).rows).toEqual([
      ["environment", "GROQ_API_KEY", "new groq:env-2 instead of groq:env"],
      ["environment", "OPENAI_API_KEY", "stored as openai:work"],
      ["codex", "OPENAI_API_KEY", "stored as openai:work"],
      ["goose", "GROQ_API_KEY", "the same as groq:env-2"],
    ]);
  });

  test("older state folders and other profiles of this brand keep their ids; logins and what has expired stay where they are", () => {
    const older = storeOf({
      "openai:old": keyOf("openai", "sk-old-key-1"),
      "anthropic:login": loginOf("anthropic", NOW + HOUR),
      "zai:gone": tokenOf("zai", NOW - HOUR),
      "groq:file": { type: "api_key", provider: "groq", key: "" },
    });
    const machine = {
      store: storeOf({}),
      files: {
        [`${HOME}/.nemo-agent/agents/main/agent/auth-profiles.json`]: json(older),
        [`${HOME}/.nemo-work/agents/lab/agent/auth-profiles.json`]: json(storeOf({ "openai:old": keyOf("openai", "sk-work-key") })),
        [`${HOME}/.neuroion/agents/main/agent/auth-profiles.json`]: json(storeOf({ "openai:foreign": keyOf("openai", "sk-foreign-1") })),
      },
    };
    expect(planned(machine)).toEqual({
      rows: [
        ["nemo-agent", "openai:old", "new openai:old"],
        ["nemo-agent", "anthropic:login", "refused"],
        ["nemo-agent", "zai:gone", "refused"],
        ["nemo-agent", "groq:file", "refused"],
        ["nemo-work", "openai:old", "new openai:old-2 instead of openai:old"],
      ],
      problems: [],
    });
  });

  test("files of earlier versions count where a newer store hides them, and only there", () => {
    const older = { [`${HOME}/.nemo/agents/main/agent/auth.json`]: json({ groq: { type: "api_key", key: "gsk_older-key" } }) };
    expect(planned({ files: older }).rows).toEqual([]);
    expect(planned({ files: older, store: storeOf({}) }).rows).toEqual([["older-files", "groq:default", "new groq:default"]]);
  });

  test("an older store that cannot be read is a problem, and the others go on", () => {
    const machine = {
      env: { OPENAI_API_KEY: "sk-process-1" },
      files: { [STORE]: json(storeOf({})), [`${HOME}/.nemo-agent/agents/main/agent/auth-profiles.json`]: "{" },
    };
    expect(planned(machine)).toEqual({ rows: [["environment", "OPENAI_API_KEY", "new openai:env"]], problems: ["STORE_SYNTAX"] });
  });

  test("a provider that nobody knows, and a login of another program, are named and left", () => {
    const auth = { nobody: { type: "api", key: "key-12345678" }, openai: { type: "oauth", access: "access-1234", refresh: "refresh-123", expires: 0 } };
    expect(planned({ files: { "/home/me/.local/share/opencode/auth.json": json(auth) } }).rows).toEqual([
      ["opencode", "nobody.key", "refused"],
      ["opencode", "openai.access", "refused"],
    ]);
  });

  test("the sources of a machine are the environment, older files, its folders, and the tools", () => {
    const { host, config, agents, registry } = openFacts({ store: storeOf({}), files: { [`${HOME}/.nemo-work/nemo.json`]: "{}" } });
    expect(importSources({ host, names: NAMES, config, agents, registry }, [{ id: "codex" }])).toEqual(["environment", "older-files", "nemo-work", "codex"]);
  });
});
