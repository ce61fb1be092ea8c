import type { Source } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

/** Another program of this machine, and where it keeps its credentials. Its files are read and never changed. */
export interface KnownTool {
  /** For `--from`, and the second half of what is imported: `openai:codex`. */
  readonly id: string;
  readonly label: string;
  readonly files: readonly ToolFile[];
  /** Where the format was read. */
  readonly source: Source;
}

export interface ToolFile {
  /** The first that exists counts. `~/` is the home folder, `./` the current one, `$NAME/` the folder that a variable names. */
  readonly at: readonly string[];
  readonly format: "json" | "yaml" | "env" | "text";
  readonly holds: readonly HeldSecret[];
}

/** One place of secrets in a file. */
export interface HeldSecret {
  /** Keys down to the secret; `*` is any key or item. Empty where the file is nothing but the secret. */
  readonly path: readonly string[];
  readonly kind: "api_key" | "token" | "oauth";
  readonly provider: ToolProvider;
  /** Counts only where its neighbours say this. */
  readonly where?: Readonly<Record<string, string>>;
  /** Counts only without this neighbour. */
  readonly without?: string;
  /** Neighbours of a login's access token. `expires` in milliseconds since 1970. */
  readonly refresh?: string;
  readonly expires?: string;
  /** Why it is shown and never copied. */
  readonly notOurs?: string;
}

/**
 * How a file says whose secret it is. `is`: always this provider's. `key`: the key at that position of the path. `neighbour`: the text beside it.
 * `variable`: the key at that position is the name of an environment variable. `assigned`: the text itself is `name=secret`, and the name with this
 * suffix, in capitals, is a variable.
 */
export type ToolProvider =
  | { readonly is: string }
  | { readonly key: number }
  | { readonly neighbour: string }
  | { readonly variable: number }
  | { readonly assigned: string };

/** What tools call a provider that has another name here. The registry's own aliases count as well. */
export const TOOL_NAMES: Readonly<Record<string, string>> = {
  claude: "anthropic",
  gemini: "google",
  "vercel-ai": "vercel-ai-gateway",
  "huggingface-inference-api": "huggingface",
};

const OWN_LOGIN = "It renews itself and belongs to that program: a copy would end one of the two logins. Log in here instead.";
const CLAUDE_ONLY = "Anthropic allows the login of Claude Code in Claude Code only. Use an API key here.";
const GEMINI_ONLY = "Google allows this login in Gemini CLI only. Use an API key here.";
const QWEN_ENDED = "Qwen ended this login on 2026-04-15. Use an API key here.";

const login = (
  owner: readonly string[],
  fields: { access: string; refresh: string; expires?: string },
  provider: ToolProvider,
  notOurs: string,
): HeldSecret => ({
  path: [...owner, fields.access],
  kind: "oauth",
  provider,
  refresh: fields.refresh,
  ...(fields.expires !== undefined && { expires: fields.expires }),
  notOurs,
});

const SNAKE = { access: "access_token", refresh: "refresh_token", expires: "expiry_date" };
const VARIABLES: readonly HeldSecret[] = [{ path: ["*"], kind: "api_key", provider: { variable: 0 } }];

/** Those whose format somebody publishes. Data; a tool more is an object more. */
export const KNOWN_TOOLS: readonly KnownTool[] = [
  {
    id: "codex",
    label: "Codex CLI",
    files: [
      {
        at: ["$CODEX_HOME/auth.json", "~/.codex/auth.json"],
        format: "json",
        holds: [
          { path: ["OPENAI_API_KEY"], kind: "api_key", provider: { is: "openai" } },
          login(["tokens"], { access: "access_token", refresh: "refresh_token" }, { is: "openai-codex" }, OWN_LOGIN),
        ],
      },
    ],
    source: { url: "https://github.com/openai/codex/blob/main/codex-rs/core/src/auth/storage.rs", checkedOn: "2026-11-21" },
  },
  {
    id: "claude-code",
    label: "Claude Code",
    files: [
      {
        at: ["$CLAUDE_CONFIG_DIR/.credentials.json", "~/.claude/.credentials.json"],
        format: "json",
        holds: [login(["claudeAiOauth"], { access: "accessToken", refresh: "refreshToken", expires: "expiresAt" }, { is: "anthropic" }, CLAUDE_ONLY)],
      },
    ],
    source: { url: "https://pkg.go.dev/github.com/aoos/dejima/internal/agentcreds", checkedOn: "2026-11-21" },
  },
  {
    id: "gemini-cli",
    label: "Gemini CLI",
    files: [
      { at: ["~/.gemini/.env"], format: "env", holds: VARIABLES },
      { at: ["~/.gemini/oauth_creds.json"], format: "json", holds: [login([], SNAKE, { is: "google-gemini-cli" }, GEMINI_ONLY)] },
    ],
    source: { url: "https://github.com/google-gemini/gemini-cli/blob/main/docs/get-started/authentication.md", checkedOn: "2026-11-21" },
  },
  {
    id: "opencode",
    label: "opencode",
    files: [
      {
        at: ["$XDG_DATA_HOME/opencode/auth.json", "~/.local/share/opencode/auth.json"],
        format: "json",
        holds: [
          { path: ["*", "key"], kind: "api_key", provider: { key: 0 }, where: { type: "api" } },
          { ...login(["*"], { access: "access", refresh: "refresh", expires: "expires" }, { key: 0 }, OWN_LOGIN), where: { type: "oauth" } },
        ],
      },
    ],
    source: { url: "https://github.com/sst/opencode/blob/dev/packages/opencode/src/auth/index.ts", checkedOn: "2026-11-21" },
  },
  {
    id: "pi",
    label: "pi",
    files: [
      {
        at: ["~/.pi/agent/auth.json"],
        format: "json",
        holds: [
          { path: ["*", "key"], kind: "api_key", provider: { key: 0 }, where: { type: "api_key" } },
          { ...login(["*"], { access: "access", refresh: "refresh", expires: "expires" }, { key: 0 }, OWN_LOGIN), where: { type: "oauth" } },
        ],
      },
    ],
    source: { url: "https://raw.githubusercontent.com/earendil-works/pi/main/packages/coding-agent/docs/providers.md", checkedOn: "2026-11-21" },
  },
  {
    id: "crush",
    label: "Crush",
    files: [
      {
        at: ["$CRUSH_GLOBAL_DATA/crush.json", "$XDG_DATA_HOME/crush/crush.json", "~/.local/share/crush/crush.json"],
        format: "json",
        holds: [{ path: ["providers", "*", "api_key"], kind: "api_key", provider: { key: 1 }, without: "oauth" }],
      },
      {
        at: ["$CRUSH_GLOBAL_CONFIG/crush.json", "$XDG_CONFIG_HOME/crush/crush.json", "~/.config/crush/crush.json"],
        format: "json",
        holds: [{ path: ["providers", "*", "api_key"], kind: "api_key", provider: { key: 1 }, without: "oauth" }],
      },
    ],
    source: { url: "https://github.com/charmbracelet/crush/blob/main/internal/config/load.go", checkedOn: "2026-11-21" },
  },
  {
    id: "goose",
    label: "goose",
    files: [{ at: ["$XDG_CONFIG_HOME/goose/secrets.yaml", "~/.config/goose/secrets.yaml"], format: "yaml", holds: VARIABLES }],
    source: { url: "https://github.com/block/goose/blob/main/crates/goose/src/config/base.rs", checkedOn: "2026-11-21" },
  },
  {
    id: "aider",
    label: "aider",
    files: [
      {
        at: ["./.aider.conf.yml", "~/.aider.conf.yml"],
        format: "yaml",
        holds: [
          { path: ["openai-api-key"], kind: "api_key", provider: { is: "openai" } },
          { path: ["anthropic-api-key"], kind: "api_key", provider: { is: "anthropic" } },
          { path: ["api-key", "*"], kind: "api_key", provider: { assigned: "_API_KEY" } },
          { path: ["api-key"], kind: "api_key", provider: { assigned: "_API_KEY" } },
        ],
      },
    ],
    source: { url: "https://github.com/Aider-AI/aider/blob/main/aider/website/docs/config/api-keys.md", checkedOn: "2026-11-21" },
  },
  {
    id: "llm",
    label: "llm",
    files: [
      {
        at: ["$LLM_USER_PATH/keys.json", "~/.config/io.datasette.llm/keys.json", "~/Library/Application Support/io.datasette.llm/keys.json"],
        format: "json",
        holds: [{ path: ["*"], kind: "api_key", provider: { key: 0 } }],
      },
    ],
    source: { url: "https://github.com/simonw/llm/blob/main/docs/setup.md", checkedOn: "2026-11-21" },
  },
  {
    id: "continue",
    label: "Continue",
    files: [
      {
        at: ["~/.continue/config.yaml"],
        format: "yaml",
        holds: [{ path: ["models", "*", "apiKey"], kind: "api_key", provider: { neighbour: "provider" }, without: "apiBase" }],
      },
      { at: ["~/.continue/.env"], format: "env", holds: VARIABLES },
    ],
    source: { url: "https://docs.continue.dev/guides/configuring-models-rules-tools", checkedOn: "2026-11-21" },
  },
  {
    id: "huggingface",
    label: "Hugging Face CLI",
    files: [
      {
        at: ["$HF_HOME/token", "$XDG_CACHE_HOME/huggingface/token", "~/.cache/huggingface/token"],
        format: "text",
        holds: [{ path: [], kind: "api_key", provider: { is: "huggingface" } }],
      },
    ],
    source: { url: "https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables", checkedOn: "2026-11-21" },
  },
  {
    id: "aichat",
    label: "AIChat",
    files: [
      {
        at: ["$AICHAT_CONFIG_DIR/config.yaml", "~/.config/aichat/config.yaml", "~/Library/Application Support/aichat/config.yaml"],
        format: "yaml",
        holds: [
          {
            path: ["clients", "*", "api_key"],
            kind: "api_key",
            provider: { neighbour: "name" },
            where: { type: "openai-compatible" },
          },
          { path: ["clients", "*", "api_key"], kind: "api_key", provider: { neighbour: "type" }, without: "name" },
        ],
      },
    ],
    source: { url: "https://github.com/sigoden/aichat/blob/main/config.example.yaml", checkedOn: "2026-11-21" },
  },
  {
    id: "mods",
    label: "Mods",
    files: [
      {
        at: ["$XDG_CONFIG_HOME/mods/mods.yml", "~/.config/mods/mods.yml", "~/Library/Application Support/mods/mods.yml"],
        format: "yaml",
        holds: [{ path: ["apis", "*", "api-key"], kind: "api_key", provider: { key: 1 } }],
      },
    ],
    source: { url: "https://github.com/charmbracelet/mods/blob/main/config_template.yml", checkedOn: "2026-11-21" },
  },
  {
    id: "qwen-code",
    label: "Qwen Code",
    files: [{ at: ["~/.qwen/oauth_creds.json"], format: "json", holds: [login([], SNAKE, { is: "qwen-portal" }, QWEN_ENDED)] }],
    source: { url: "https://github.com/QwenLM/qwen-code/blob/main/packages/core/src/qwen/qwenOAuth2.ts", checkedOn: "2026-11-21" },
  },
  {
    id: "minimax",
    label: "MiniMax CLI",
    files: [{ at: ["~/.minimax/oauth_creds.json"], format: "json", holds: [login([], SNAKE, { is: "minimax-portal" }, OWN_LOGIN)] }],
    source: INSTALLATIONS,
  },
];
