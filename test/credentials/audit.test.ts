import { describe, expect, test } from "vitest";
import { type Audit, audit } from "../../src/credentials/audit.ts";
import { customProviders } from "../../src/config/custom-providers.ts";
import { createRegistry } from "../../src/provider/registry.ts";
import { type FactsInput, HOME, keyOf, NAMES, openFacts, STORE, storeOf, VENDORS } from "./open-facts.ts";

const json = (value: unknown): string => JSON.stringify(value, null, 2);
const AGENT = `${HOME}/.nemo/agents/main/agent`;

function audited(machine: FactsInput, rescued: readonly string[] = []): Audit {
  const { host, config, agents } = openFacts(machine);
  return audit({ host, names: NAMES, config, agents, registry: createRegistry(VENDORS, customProviders(config, () => true).providers), rescued });
}

/** The kind, the place, what it is called, whose it is, and under which id it is stored. */
function found(machine: FactsInput, rescued: readonly string[] = []): unknown[] {
  return audited(machine, rescued).found.map(({ kind, place, called, provider, storedAs, lines }) => [
    kind,
    `${place.file.replace(HOME, "~")}:${place.line}`,
    called,
    provider,
    storedAs,
    ...(lines === undefined ? [] : [lines]),
  ]);
}

describe("the audit", () => {
  test("finds keys, headers and variables of the config, and not what ${VAR} brings", () => {
    const config = {
      env: { vars: { OPENAI_API_KEY: "sk-config-vars", OTHER_THING: "not-a-provider" }, GROQ_API_KEY: "gsk_config-env" },
      models: {
        providers: {
          lab: {
            baseUrl: "http://10.0.0.5/v1",
            apiKey: "lab-key-12345",
            headers: { Authorization: "Bearer lab-header-1", "X-Trace": "trace-identifier" },
            models: [{ id: "m", headers: { "X-Api-Key": "lab-model-key-1" } }],
          },
          open: { baseUrl: "http://10.0.0.6/v1", apiKey: "${LAB_KEY}", models: [] },
          local: { baseUrl: "http://127.0.0.1:1/v1", apiKey: "ollama-local", models: [] },
        },
      },
    };
    expect(found({ config, env: { LAB_KEY: "lab-from-env-1", GROQ_API_KEY: "gsk_of-the-process" } })).toEqual([
      ["config", "~/.nemo/nemo.json:13", "models.providers.lab.apiKey", "lab", undefined],
      ["config", "~/.nemo/nemo.json:15", "models.providers.lab.headers.Authorization", "lab", undefined],
      ["config", "~/.nemo/nemo.json:22", "models.providers.lab.models[0].headers.X-Api-Key", "lab", undefined],
      ["config", "~/.nemo/nemo.json:4", "env.vars.OPENAI_API_KEY", "openai", undefined],
      ["config", "~/.nemo/nemo.json:7", "env.GROQ_API_KEY", "groq", undefined],
    ]);
  });

  test("finds renewed tokens that wait for their store", () => {
    const file = "/run/user/1000/signalbox-1.json";
    const files = { [file]: json({ version: 1, profile: "zai:me", entry: { type: "oauth", access: "new-access-12345", refresh: "new-refresh-12345" } }) };
    expect(found({ files }, [file])).toEqual([
      ["stray file", `${file}:6`, "access", undefined, undefined, 1],
      ["stray file", `${file}:7`, "refresh", undefined, undefined, 1],
    ]);
    expect(audited({ files }, [file])).toMatchObject({ found: [{ isRescued: true }, { isRescued: true }], filesRead: 1 });
  });

  test("finds what is kept beside a store behind a link; its backup may hold what the store holds", () => {
    const real = `${HOME}/safe/secrets.json`;
    const store = json(storeOf({ "openai:work": keyOf("openai", "sk-stored-key-1") }));
    const files = {
      [real]: store,
      [`${real}.bak`]: store,
      [`${real}.corrupt-1`]: store,
      [`${real}.corrupt-2`]: json(storeOf({ "zai:old": keyOf("zai", "zai-removed-1") })).slice(0, -9),
      [`${AGENT}/auth-profiles.json.corrupt-1`]: store,
    };
    expect(found({ links: { [STORE]: "../../../../safe/secrets.json" }, files })).toEqual([
      ["stray file", "~/.nemo/agents/main/agent/auth-profiles.json.corrupt-1:7", "key", undefined, "openai:work", 1],
      ["stray file", "~/safe/secrets.json.corrupt-1:7", "key", undefined, "openai:work", 1],
      ["stray file", "~/safe/secrets.json.corrupt-2:7", "key", undefined, undefined, 1],
    ]);
  });

  test("knows what is stored by its bytes, wherever else it lies", () => {
    const files = {
      [`${AGENT}/models.json`]: json({ providers: { lab: { baseUrl: "http://x/v1", api: "openai-completions", apiKey: "sk-stored-key-1", models: [] } } }),
      [`${AGENT}/auth.json`]: json({ openai: { type: "api_key", key: "sk-stored-key-1" }, groq: { type: "api_key", key: "gsk_older-one" } }),
      [`${AGENT}/auth-profiles.json.bak`]: json(storeOf({ "openai:work": keyOf("openai", "sk-stored-key-1"), "zai:old": keyOf("zai", "zai-removed-1") })),
      [`${HOME}/.nemo/nemo.json.bak.1`]: "{ models: { providers: { lab: { apiKey: 'sk-stored-key-1' } } } }",
      [`${HOME}/.nemo/.env`]: "WHATEVER=sk-stored-key-1\n",
      [`${AGENT}/.auth-profiles.json.12-34.ab.tmp`]: json(storeOf({ "openai:work": keyOf("openai", "sk-stored-key-1") })),
      [`${AGENT}/.auth-profiles.json.lock`]: "sk-stored-key-1",
    };
    expect(found({ store: storeOf({ "openai:work": keyOf("openai", "sk-stored-key-1") }), files })).toEqual([
      ["models.json", "~/.nemo/agents/main/agent/models.json:6", "providers.lab.apiKey", "lab", "openai:work"],
      ["older store", "~/.nemo/agents/main/agent/auth.json:undefined", "openai:default", "openai", "openai:work"],
      ["older store", "~/.nemo/agents/main/agent/auth.json:undefined", "groq:default", "groq", undefined],
      ["dotenv", "~/.nemo/.env:1", undefined, "openai", "openai:work"],
      ["stray file", "~/.nemo/agents/main/agent/.auth-profiles.json.12-34.ab.tmp:7", "key", undefined, "openai:work", 1],
      ["backup", "~/.nemo/agents/main/agent/auth-profiles.json.bak:12", "key", undefined, undefined, 1],
      ["backup", "~/.nemo/nemo.json.bak.1:1", "apiKey", undefined, "openai:work", 1],
    ]);
  });

  test("reads .env files, start-up files and histories of shells; of a history each secret once", () => {
    const files = {
      "/work/.env": "OPENAI_API_KEY=sk-here-12345\n",
      "/work/.envrc": "export GROQ_API_KEY=gsk_envrc-123\n",
      [`${HOME}/.env`]: "OPENAI_API_KEY=${ELSEWHERE}\n",
      [`${HOME}/.zshrc`]: "# mine\nexport ANTHROPIC_API_KEY=sk-ant-api03-zshrc\n",
      [`${HOME}/.config/fish/config.fish`]: "set -gx OPENAI_API_KEY sk-fish-12345\n",
      [`${HOME}/.bash_history`]: "ls\nexport OPENAI_API_KEY=sk-typed-1234\nnemo\nexport OPENAI_API_KEY=sk-typed-1234\n",
    };
    expect(found({ files })).toEqual([
      ["dotenv", "/work/.env:1", "OPENAI_API_KEY", "openai", undefined],
      ["dotenv", "/work/.envrc:1", "GROQ_API_KEY", "groq", undefined],
      ["shell profile", "~/.zshrc:2", "ANTHROPIC_API_KEY", "anthropic", undefined],
      ["shell profile", "~/.config/fish/config.fish:1", "OPENAI_API_KEY", "openai", undefined],
      ["shell history", "~/.bash_history:2", "OPENAI_API_KEY", "openai", undefined, 2],
    ]);
  });

  test("names the files of tools, also those that are not ours to take from", () => {
    const files = {
      [`${HOME}/.claude/.credentials.json`]: json({ claudeAiOauth: { accessToken: "sk-ant-oat01-claude", refreshToken: "refresh-12", expiresAt: 1 } }),
    };
    expect(found({ files })).toEqual([["tool", "~/.claude/.credentials.json:3", "claudeAiOauth.accessToken", "anthropic", undefined]]);
  });

  test("a store counts for nothing, as long as nobody else can read it", () => {
    const store = json(storeOf({ "openai:work": keyOf("openai", "sk-stored-key-1") }));
    const clean = audited({ files: { [STORE]: store, [`${STORE}.bak`]: store } });
    expect([clean.found, clean.openStores]).toEqual([[], []]);
    const linked = {
      links: { [STORE]: "../../../../safe/secrets.json" },
      files: { [`${HOME}/safe/secrets.json`]: store, [`${HOME}/safe/secrets.json.bak`]: { text: store, mode: 0o640 } },
    };
    expect(audited(linked).openStores.map(({ file }) => file)).toEqual([`${HOME}/safe/secrets.json.bak`]);
    const { found: none, openStores } = audited({ files: { [STORE]: { text: store, mode: 0o644 } } });
    expect(none).toEqual([]);
    expect(openStores).toEqual([
      { file: STORE, message: "can be read or written by other users of this machine (mode 644)", hint: `Run: chmod 600 ~${STORE.slice(HOME.length)}` },
    ]);
  });

  test("looks beside every file of the config, and where a link leads", () => {
    const held = '{ models: { providers: { lab: { apiKey: "sk-before-12345" } } } }';
    const files = { [`${HOME}/.nemo/part.json`]: "{}", [`${HOME}/.nemo/part.json.bak`]: held, [`${HOME}/dotfiles/nemo.json.bak`]: held };
    const links = { [`${HOME}/.nemo/nemo.json`]: `${HOME}/dotfiles/nemo.json` };
    expect(found({ files: { ...files, [`${HOME}/dotfiles/nemo.json`]: json({ $include: "./part.json" }) }, links })).toEqual([
      ["backup", "~/dotfiles/nemo.json.bak:1", "apiKey", undefined, undefined, 1],
      ["backup", "~/.nemo/part.json.bak:1", "apiKey", undefined, undefined, 1],
    ]);
  });

  test("a history that is not UTF-8, as zsh writes them, is searched all the same", () => {
    const files = { [`${HOME}/.zsh_history`]: ": 1:0;echo gr\uFFFD\n: 2:0;export OPENAI_API_KEY=sk-typed-12345\n" };
    expect(found({ files })).toEqual([["shell history", "~/.zsh_history:2", "OPENAI_API_KEY", "openai", undefined, 1]]);
  });

  test("a file too large or not readable is named, and the others are searched", () => {
    const files = { [`${HOME}/.bashrc`]: `export OPENAI_API_KEY=sk-huge-12345\n${"x".repeat(6 * 1024 * 1024)}`, [`${HOME}/.zshrc`]: { unreadable: "EACCES" } };
    const { found: none, unread, filesRead } = audited({ files });
    expect([none, filesRead]).toEqual([[], audited({}).filesRead]);
    expect(unread).toEqual([
      { file: `${HOME}/.bashrc`, why: "it is larger than 5 MB" },
      { file: `${HOME}/.zshrc`, why: "it cannot be read (EACCES)" },
    ]);
  });

  test("shows no part of a secret, however it is printed", () => {
    const report = audited({
      config: { models: { providers: { lab: { baseUrl: "http://x/v1", apiKey: "canary-of-config-1", models: [] } } } },
      files: { "/work/.env": "OPENAI_API_KEY=canary-of-dotenv-1" },
    });
    expect(report.found).toHaveLength(2);
    expect(json(report)).not.toContain("canary");
  });
});
