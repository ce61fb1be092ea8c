import { describe, expect, test } from "vitest";
import { KNOWN_TOOLS } from "../../src/credentials/known-tools.ts";
import { toolSecrets } from "../../src/credentials/known-tools-read.ts";
import { createRegistry } from "../../src/provider/registry.ts";
import { builtinVendors } from "../../src/providers/index.ts";
import { type FakeMachine, fakeHost } from "../support/fake-host.ts";

const registry = createRegistry(builtinVendors, []);
const HOME = "/home/me";

/** `where`, `provider`, `kind`, and why not; the secret itself as its own word. */
function found(machine: FakeMachine): unknown[] {
  return toolSecrets({ host: fakeHost(machine), homeDir: HOME, registry }).map(({ tool, place, called, provider, providerName, credential, notOurs }) => [
    tool.id,
    `${place.file.replace(HOME, "~")}:${place.line}`,
    called,
    provider ?? `? ${providerName}`,
    credential.kind === "api_key" ? credential.key.reveal() : credential.kind === "token" ? credential.token.reveal() : credential.access.reveal(),
    notOurs === undefined ? "offered" : "shown",
  ]);
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

describe("files of known tools", () => {
  test("Codex: the key is offered, the login is shown", () => {
    const auth = { OPENAI_API_KEY: "sk-codex-1234567", tokens: { id_token: "x.y.z", access_token: "access-1234", refresh_token: "refresh-1234" } };
    expect(found({ files: { "/home/me/.codex/auth.json": json(auth) } })).toEqual([
      ["codex", "~/.codex/auth.json:2", "OPENAI_API_KEY", "openai", "sk-codex-1234567", "offered"],
      ["codex", "~/.codex/auth.json:5", "tokens.access_token", "openai-codex", "access-1234", "shown"],
    ]);
  });

  test("a folder that a variable names comes first", () => {
    const files = { "/elsewhere/auth.json": json({ OPENAI_API_KEY: "sk-elsewhere" }), "/home/me/.codex/auth.json": json({ OPENAI_API_KEY: "sk-at-home-1" }) };
    expect(found({ files, env: { CODEX_HOME: "/elsewhere" } })).toEqual([
      ["codex", "/elsewhere/auth.json:2", "OPENAI_API_KEY", "openai", "sk-elsewhere", "offered"],
    ]);
  });

  test("Claude Code, Gemini CLI, Qwen Code and MiniMax: logins are shown, never offered", () => {
    const google = json({ access_token: "access-1234", refresh_token: "refresh-1234", expiry_date: 1 });
    const files = {
      "/home/me/.claude/.credentials.json": json({ claudeAiOauth: { accessToken: "sk-ant-oat01-canary", refreshToken: "r-12345678", expiresAt: 5 } }),
      "/home/me/.gemini/oauth_creds.json": google,
      "/home/me/.gemini/.env": '# mine\nexport GEMINI_API_KEY="AIza-canary-1"\nOTHER_API_KEY=not-a-provider\n',
      "/home/me/.qwen/oauth_creds.json": google,
      "/home/me/.minimax/oauth_creds.json": google,
    };
    expect(found({ files })).toEqual([
      ["claude-code", "~/.claude/.credentials.json:3", "claudeAiOauth.accessToken", "anthropic", "sk-ant-oat01-canary", "shown"],
      ["gemini-cli", "~/.gemini/.env:2", "GEMINI_API_KEY", "google", "AIza-canary-1", "offered"],
      ["gemini-cli", "~/.gemini/oauth_creds.json:2", "access_token", "google-gemini-cli", "access-1234", "shown"],
      ["qwen-code", "~/.qwen/oauth_creds.json:2", "access_token", "qwen-portal", "access-1234", "shown"],
      ["minimax", "~/.minimax/oauth_creds.json:2", "access_token", "minimax-portal", "access-1234", "shown"],
    ]);
  });

  test("opencode and pi: keys are offered, logins are shown, what is of another type is passed over", () => {
    const auth = {
      groq: { type: "api", key: "gsk_1234567890" },
      "github-copilot": { type: "oauth", access: "gho_12345678", refresh: "gho_87654321", expires: 0 },
      "https://example.com": { type: "wellknown", key: "NAME", token: "token-1234" },
      nobody: { type: "api", key: "key-1234567" },
    };
    const pi = {
      zai: { type: "api_key", key: "zai-key-1234" },
      openai: { type: "api_key", key: "$OPENAI_API_KEY" },
      xai: { type: "api_key", key: "!pass show xai" },
    };
    expect(found({ files: { "/home/me/.local/share/opencode/auth.json": json(auth), "/home/me/.pi/agent/auth.json": json(pi) } })).toEqual([
      ["opencode", "~/.local/share/opencode/auth.json:4", "groq.key", "groq", "gsk_1234567890", "offered"],
      ["opencode", "~/.local/share/opencode/auth.json:19", "nobody.key", "? nobody", "key-1234567", "offered"],
      ["opencode", "~/.local/share/opencode/auth.json:8", "github-copilot.access", "github-copilot", "gho_12345678", "shown"],
      ["pi", "~/.pi/agent/auth.json:4", "zai.key", "zai", "zai-key-1234", "offered"],
    ]);
  });

  test("goose, aider, AIChat, Continue and Mods: YAML", () => {
    const files = {
      "/home/me/.config/goose/secrets.yaml": "OPENROUTER_API_KEY: sk-or-v1-canary\nGOOSE_THING: not-a-key-at-all\n",
      "/home/me/.aider.conf.yml": "openai-api-key: sk-aider-12345\napi-key:\n  - gemini=AIza-aider-1\n  - nobody=12345678\n",
      "/home/me/.config/aichat/config.yaml":
        "clients:\n- type: claude\n  api_key: sk-ant-api03-x1\n- type: openai-compatible\n  name: deepseek\n  api_base: https://x\n  api_key: sk-deepseek-1\n- type: openai\n  api_key: sk-xxxx\n",
      "/home/me/.continue/config.yaml":
        "models:\n  - name: A\n    provider: mistral\n    apiKey: mistral-1234\n  - name: B\n    provider: openai\n    apiBase: https://other\n    apiKey: other-key-12\n  - provider: groq\n    apiKey: ${{ secrets.GROQ }}\n",
      "/home/me/.config/mods/mods.yml": "apis:\n  cohere:\n    api-key: cohere-key-1\n    api-key-env: COHERE_API_KEY\n  groq:\n    api-key:\n",
    };
    expect(found({ files })).toEqual([
      ["goose", "~/.config/goose/secrets.yaml:1", "OPENROUTER_API_KEY", "openrouter", "sk-or-v1-canary", "offered"],
      ["aider", "~/.aider.conf.yml:1", "openai-api-key", "openai", "sk-aider-12345", "offered"],
      ["aider", "~/.aider.conf.yml:3", "api-key.0", "google", "AIza-aider-1", "offered"],
      ["continue", "~/.continue/config.yaml:4", "models.0.apiKey", "mistral", "mistral-1234", "offered"],
      ["aichat", "~/.config/aichat/config.yaml:7", "clients.1.api_key", "deepseek", "sk-deepseek-1", "offered"],
      ["aichat", "~/.config/aichat/config.yaml:3", "clients.0.api_key", "anthropic", "sk-ant-api03-x1", "offered"],
      ["mods", "~/.config/mods/mods.yml:3", "apis.cohere.api-key", "cohere", "cohere-key-1", "offered"],
    ]);
  });

  test("llm, Hugging Face and Crush", () => {
    const files = {
      "/home/me/.config/io.datasette.llm/keys.json": json({
        "// Note": "This file stores secret API credentials. Do not share!",
        gemini: "AIza-llm-123",
        personal: "sk-llm-123456",
      }),
      "/home/me/.cache/huggingface/token": "hf_canary1234\n",
      "/home/me/.local/share/crush/crush.json": json({
        providers: { openai: { api_key: "sk-crush-1234" }, copilot: { api_key: "gho_mirrored1", oauth: { access_token: "gho_mirrored1" } } },
      }),
    };
    expect(found({ files })).toEqual([
      ["crush", "~/.local/share/crush/crush.json:4", "providers.openai.api_key", "openai", "sk-crush-1234", "offered"],
      ["llm", "~/.config/io.datasette.llm/keys.json:3", "gemini", "google", "AIza-llm-123", "offered"],
      ["llm", "~/.config/io.datasette.llm/keys.json:4", "personal", "? personal", "sk-llm-123456", "offered"],
      ["huggingface", "~/.cache/huggingface/token:1", undefined, "huggingface", "hf_canary1234", "offered"],
    ]);
  });

  test("a damaged, unreadable or empty file holds nothing", () => {
    const files = {
      "/home/me/.codex/auth.json": "{ not json",
      "/home/me/.pi/agent/auth.json": { unreadable: "EACCES" },
      "/home/me/.local/share/opencode/auth.json": "[]",
      "/home/me/.gemini/oauth_creds.json": "",
      "/home/me/.cache/huggingface/token": "\n",
    };
    expect(found({ files })).toEqual([]);
  });
});

describe("the table of known tools", () => {
  test("says of each where its format was read, and when", () => {
    for (const { source } of KNOWN_TOOLS) {
      expect(source.url).toMatch(/^https:\/\//);
      expect(source.checkedOn).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
  });

  test("has each id once, and knows every provider that it names", () => {
    expect(new Set(KNOWN_TOOLS.map(({ id }) => id)).size).toBe(KNOWN_TOOLS.length);
    const named = KNOWN_TOOLS.flatMap(({ files }) => files.flatMap(({ holds }) => holds.flatMap(({ provider }) => ("is" in provider ? [provider.is] : []))));
    expect(named.filter((id) => registry.get(registry.idOf(id)) === undefined)).toEqual([]);
  });

  test("never offers what renews itself", () => {
    const logins = KNOWN_TOOLS.flatMap(({ files }) => files.flatMap(({ holds }) => holds.filter(({ kind }) => kind === "oauth")));
    expect(logins.filter(({ notOurs }) => notOurs === undefined)).toEqual([]);
  });
});
