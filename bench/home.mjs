import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const DAY_MS = 86_400_000;
const PROVIDERS = ["anthropic", "openai", "openrouter", "google", "groq", "mistral", "xai", "deepseek", "cerebras", "zai"];
const KINDS = ["api_key", "token", "oauth"];
/** What vendors put before their keys: https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml, 2026-11-21. */
const PREFIXES = { anthropic: "sk-ant-api03-", openai: "sk-proj-", openrouter: "sk-or-v1-", google: "AIza", groq: "gsk_", xai: "xai-", deepseek: "sk-" };

/** A HOME as a busy person has it: 30 profiles of 10 providers, a config with comments, aliases, fallbacks and two servers of their own. */
export function makeHome() {
  const home = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
  const agent = join(home, ".neuroion/agents/main/agent");
  mkdirSync(agent, { recursive: true, mode: 0o700 });
  write(configOf(home), config());
  write(join(agent, "auth-profiles.json"), `${JSON.stringify(store(Date.now()), null, 2)}\n`);
  return home;
}

/** The config of such a HOME. */
export function configOf(home) {
  return join(home, ".neuroion/neuroion.json");
}

function store(nowMs) {
  const profiles = PROVIDERS.flatMap((provider) => KINDS.map((kind, i) => [`${provider}:${["work", "home", "spare"][i]}`, credential(kind, provider, nowMs)]));
  const usageStats = Object.fromEntries(profiles.map(([id], i) => [id, { lastUsed: nowMs - i * 60_000, errorCount: 0 }]));
  return { version: 1, profiles: Object.fromEntries(profiles), order: { anthropic: ["anthropic:home", "anthropic:work", "anthropic:spare"] }, usageStats };
}

function credential(type, provider, nowMs) {
  const secret = `${PREFIXES[provider] ?? ""}${createHash("sha512").update(`${provider} ${type}`).digest("base64url")}`;
  if (type === "api_key") return { type, provider, key: secret };
  if (type === "token") return { type, provider, token: secret, expires: nowMs + 90 * DAY_MS };
  return { type, provider, access: secret, refresh: `${secret}-refresh`, expires: nowMs + DAY_MS / 24, email: `me@${provider}.example` };
}

/** About 5 KB of JSON5, as people write it. */
function config() {
  const models = PROVIDERS.map(
    (provider, i) =>
      `        // the ${i + 1}. account\n        "${provider}/${provider}-large": { alias: "${provider}-big", params: { temperature: 0.2, maxTokens: 4096, }, },`,
  );
  const comments = "  // The notes of a person who comes back to this file twice a year and wants to know why each line is as it is.\n".repeat(8);
  return `// How the models are chosen.
{
${comments}
  agents: {
    defaults: {
      model: { primary: 'anthropic/claude-opus-4-6', fallbacks: ["openai/gpt-5.2", "groq/llama-3.3-70b-versatile", "lab/qwen3-coder"], },
      imageModel: { primary: "google/gemini-3-pro-preview", fallbacks: ["openai/gpt-5.2"] },
      models: {
        "anthropic/claude-opus-4-6": { alias: "opus" },
        "groq/llama-3.3-70b-versatile": { alias: "llama" },
${models.join("\n")}
      },
      workspace: "~/notes",
    },
    list: [{ id: "main", default: true, }, { id: "research", model: { primary: "openrouter/moonshotai/kimi-k2" } }],
  },
${comments}
  models: {
    providers: {
      lab: { baseUrl: "http://127.0.0.1:8000/v1", api: "openai-completions", apiKey: "none", models: [{ id: "qwen3-coder", name: "Qwen 3 Coder", contextWindow: 262144, }] },
      attic: { baseUrl: "http://attic.local:8080/v1", api: "openai-completions", apiKey: "none", models: [{ id: "glm", name: "GLM" }] },
    },
  },
  auth: { order: { openai: ["openai:work", "openai:home", "openai:spare"] }, cooldowns: { billingBackoffHours: 5 } },
}
`;
}

function write(path, text) {
  writeFileSync(path, text, { mode: 0o600 });
}
