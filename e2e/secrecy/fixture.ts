import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Stage } from "../stage.ts";
import { type Canary, canary } from "./canary.ts";

/** Everything that may be found in a home, each with a canary of its own. */
export interface Planted {
  readonly canaries: readonly Canary[];
  /** Given to a program on its stdin. */
  readonly pasted: { readonly apiKey: Canary; readonly token: Canary; readonly setupToken: Canary };
  /** Where the helpers that a reference runs note their words and their environment. */
  readonly childLog: string;
}

const DAY_MS = 86_400_000;

/** Puts secrets of every kind wherever a person, an agent or another tool keeps them. */
export function plant(stage: Stage): Planted {
  const canaries: Canary[] = [];
  const secret = (name: string, prefix = "", special = ""): string => {
    const made = canary(name, prefix, special);
    canaries.push(made);
    return made.value;
  };
  const value = (name: string): string => stage.vars.get(name) ?? "";
  const write = (path: string, text: string, mode = 0o600): void => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { mode });
    chmodSync(path, mode);
  };
  const childLog = join(value("OUT"), "children");
  const soon = stage.nowMs + DAY_MS;
  const places = { home: value("HOME"), state: value("STATE"), agent: value("AGENT"), work: value("WORK"), out: value("OUT") };
  plantConfig(value("CONFIG"), write, secret);
  plantStores(places, soon, { write, secret, childLog });
  plantTools(places.home, soon, { write, secret });
  plantEnvironment(stage, places, secret);
  write(join(places.state, ".env"), `XAI_API_KEY=${secret("dotenv of the state folder", "xai-")}\nBROKEN LINE ${secret("broken dotenv line")}\n`);
  write(join(places.work, ".env"), `DEEPSEEK_API_KEY="${secret("dotenv of the current folder", "sk-", "+/=")}"\n`);
  const pasted = {
    apiKey: canary("pasted api key", "gsk_"),
    token: canary("pasted token", "", '"+/\\'),
    setupToken: canary("pasted setup token", "sk-ant-oat01-", `-${"x".repeat(60)}-`),
  };
  return { canaries: [...canaries, ...Object.values(pasted)], pasted, childLog };
}

type Write = (path: string, text: string, mode?: number) => void;
type MakeSecret = (name: string, prefix?: string, special?: string) => string;

function plantConfig(file: string, write: Write, secret: MakeSecret): void {
  write(
    file,
    `// ${secret("comment in the config")}
{
  env: { TOGETHER_API_KEY: "${secret("env section")}", vars: { MISTRAL_API_KEY: "${secret("env.vars section")}" }, shellEnv: { enabled: true } },
  agents: {
    defaults: {
      model: { primary: "anthropic/claude-opus-4-6", fallbacks: ["lab/good", "groq/llama-3.3-70b-versatile", "vault/x", "no-such/model"] },
      imageModel: { primary: "google/gemini-3-pro-preview", fallbacks: ["lab/good"] },
      models: { "groq/llama-3.3-70b-versatile": { alias: "fast" }, "lab/good": { params: { headers: { "X-Params": "${secret("params header")}" } } } },
    },
    list: [{ id: "main", default: true }, { id: "second" }, { id: "third" }],
  },
  auth: { profiles: { "anthropic:key": { provider: "anthropic", mode: "api_key" } }, order: { anthropic: ["anthropic:key"] } },
  models: {
    providers: {
      lab: {
        baseUrl: "http://me:${secret("password in a base URL")}@127.0.0.1:9/v1?token=${secret("token in a query")}",
        api: "openai-completions",
        apiKey: "${secret("apiKey of the config", "sk-", "+/")}",
        headers: { "X-Token": "${secret("header of a provider")}", Authorization: "Bearer ${secret("bearer header")}" },
        models: [{ id: "good", name: "Good", headers: { "X-Token": "${secret("header of a model")}" } }],
      },
      vault: { baseUrl: "http://127.0.0.1:9/v1", api: "openai-completions", apiKey: "\${VAULT_KEY}", models: [{ id: "x", name: "X" }] },
    },
  },
  channels: { telegram: { botToken: "${secret("bot token of the agent")}" } },
  gateway: { auth: { token: "${secret("gateway token")}", password: "${secret("gateway password")}" } },
}
`,
  );
}

interface Places {
  readonly home: string;
  readonly state: string;
  readonly agent: string;
  readonly work: string;
  readonly out: string;
}

interface Hands {
  readonly write: Write;
  readonly secret: MakeSecret;
}

function plantStores({ home, state, agent, out }: Places, soon: number, { write, secret, childLog }: Hands & { readonly childLog: string }): void {
  const helper = join(out, "helper.sh");
  write(helper, dumping(childLog, secret("answer of a program")), 0o700);
  write(join(out, "bin", "secret-tool"), dumping(childLog, secret("answer of the keychain")), 0o700);
  write(join(home, "token-file"), `${secret("file of a reference")}\n`);
  const profiles = {
    "anthropic:key": {
      type: "api_key",
      provider: "anthropic",
      key: secret("api key of the store", "sk-ant-api03-"),
      metadata: { note: secret("metadata of the store") },
    },
    "anthropic:old": { type: "token", provider: "anthropic", token: secret("expired token", "sk-ant-oat01-"), expires: 1_000_000_000_000 },
    "openai-codex:me@example.com": {
      type: "oauth",
      provider: "openai-codex",
      access: secret("access token"),
      refresh: secret("refresh token"),
      expires: soon,
      accountId: "acc",
    },
    "zai:manual": { type: "token", provider: "zai", token: secret("token of the store", "", '"\\/+=') },
    "moonshot:odd": { type: "api_key", provider: "moonshot", apikey: secret("misnamed field of the store") },
    "cerebras:odd": secret("entry that is text"),
    "groq:env": { type: "api_key", provider: "groq", ref: "env:VAULT_TOKEN" },
    "mistral:file": { type: "api_key", provider: "mistral", ref: `file:${join(home, "token-file")}` },
    "openrouter:exec": { type: "api_key", provider: "openrouter", ref: `exec:${JSON.stringify([helper, "--for", "openrouter"])}` },
    "deepseek:keyring": { type: "api_key", provider: "deepseek", ref: "keyring:signalbox/deepseek" },
  };
  write(join(agent, "auth-profiles.json"), `${JSON.stringify({ version: 1, profiles, note: secret("unknown field of the store") }, null, 2)}\n`);
  const old = { "anthropic:key": { type: "api_key", provider: "anthropic", key: secret("backup of the store", "sk-ant-api03-") } };
  write(join(agent, "auth-profiles.json.bak"), JSON.stringify({ version: 1, profiles: old }));
  const attic = {
    baseUrl: "http://127.0.0.1:9/v1",
    api: "openai-completions",
    apiKey: secret("apiKey of models.json"),
    headers: { "X-Key": secret("header of models.json") },
  };
  write(join(agent, "models.json"), JSON.stringify({ providers: { attic: { ...attic, models: [{ id: "x", name: "X" }] } } }));
  write(join(state, "agents/second/agent/auth.json"), JSON.stringify({ xai: { type: "api_key", key: secret("auth.json of an earlier version") } }));
  write(
    join(state, "agents/third/agent/auth-profiles.json"),
    `{ "version": 1, "profiles": { "groq:a": { "type": "api_key" "key": "${secret("store that does not parse")}" } } }`,
  );
  const login = { access: secret("oauth.json access"), refresh: secret("oauth.json refresh"), expires: soon };
  write(join(state, "credentials/oauth.json"), JSON.stringify({ chutes: login }));
}

/** A program as a reference runs it: says a secret, and notes what it was given. */
function dumping(log: string, answer: string): string {
  return `#!/bin/sh
{ tr '\\0' '\\n' < /proc/$$/cmdline; tr '\\0' '\\n' < /proc/$$/environ; env; tr '\\0' ' ' < /proc/$PPID/cmdline; } >> '${log}'
printf '%s\\n' '${answer}'
`;
}

/** Where other programs keep theirs. */
function plantTools(home: string, soon: number, { write, secret }: Hands): void {
  const json = (path: string, content: unknown): void => write(join(home, path), JSON.stringify(content));
  json(".claude/.credentials.json", {
    claudeAiOauth: {
      accessToken: secret("Claude Code access", "sk-ant-oat01-"),
      refreshToken: secret("Claude Code refresh", "sk-ant-ort01-"),
      expiresAt: soon,
    },
  });
  json(".codex/auth.json", {
    OPENAI_API_KEY: secret("Codex key", "sk-"),
    tokens: { access_token: secret("Codex access"), refresh_token: secret("Codex refresh"), id_token: secret("Codex id"), account_id: "a" },
  });
  json(".gemini/oauth_creds.json", { access_token: secret("Gemini access"), refresh_token: secret("Gemini refresh"), expiry_date: soon });
  json(".qwen/oauth_creds.json", { access_token: secret("Qwen access"), refresh_token: secret("Qwen refresh"), expiry_date: soon });
  json(".minimax/oauth_creds.json", { access_token: secret("MiniMax access"), refresh_token: secret("MiniMax refresh"), expiry_date: soon });
  json(".local/share/opencode/auth.json", {
    anthropic: { type: "api", key: secret("opencode key") },
    openai: { type: "oauth", access: secret("opencode access"), refresh: secret("opencode refresh"), expires: soon },
  });
  json(".pi/agent/auth.json", { anthropic: { type: "api_key", key: secret("pi key") } });
  json(".config/github-copilot/apps.json", { "github.com:x": { user: "u", oauth_token: secret("Copilot token", "ghu_") } });
  write(join(home, ".config/github-copilot/hosts.json"), JSON.stringify({ "github.com": { oauth_token: secret("Copilot host token", "gho_") } }));
  write(join(home, ".config/gh/hosts.yml"), `github.com:\n    oauth_token: ${secret("gh token", "gho_")}\n`);
  write(join(home, ".aws/credentials"), `[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = ${secret("AWS secret")}\n`);
  json(".config/gcloud/application_default_credentials.json", {
    client_id: "x",
    client_secret: secret("gcloud client secret"),
    refresh_token: secret("gcloud refresh"),
  });
  write(join(home, ".cache/huggingface/token"), secret("Hugging Face token", "hf_"));
  write(join(home, ".netrc"), `machine api.example.com login me password ${secret("netrc password")}\n`);
  write(join(home, ".aider.conf.yml"), `openai-api-key: ${secret("aider key", "sk-")}\n`);
  write(join(home, ".config/goose/secrets.yaml"), `OPENAI_API_KEY: ${secret("goose key", "sk-")}\n`);
  write(join(home, ".config/io.datasette.llm/keys.json"), JSON.stringify({ openai: secret("llm key", "sk-") }));
  write(join(home, ".bashrc"), `alias ll=ls\nexport OPENAI_API_KEY="${secret("bashrc", "sk-")}"\nexport GITHUB_TOKEN=${secret("bashrc token", "ghp_")}\n`);
  write(join(home, ".zshrc"), `export GEMINI_API_KEY='${secret("zshrc", "AIza")}'\n`);
  write(join(home, ".profile"), `export ZAI_API_KEY=${secret("profile of the login shell")}\nexport UNRELATED_PASSWORD=${secret("password in a profile")}\n`);
  write(join(home, ".config/fish/config.fish"), `set -gx OPENROUTER_API_KEY ${secret("fish", "sk-or-v1-")}\n`);
}

function plantEnvironment(stage: Stage, { out }: Places, secret: MakeSecret): void {
  stage.env.set("PATH", `${join(out, "bin")}:${stage.env.get("PATH") ?? ""}`);
  stage.env.set("SHELL", "/bin/sh");
  stage.env.set("GROQ_API_KEY", secret("environment", "gsk_"));
  stage.env.set("VAULT_TOKEN", secret("variable of a reference"));
  stage.env.set("VAULT_KEY", secret("variable of the config"));
  stage.env.set("AWS_SECRET_ACCESS_KEY", secret("AWS variable"));
  stage.env.set("DATABASE_URL", `postgres://me:${secret("password in a variable")}@db.example/x`);
}
