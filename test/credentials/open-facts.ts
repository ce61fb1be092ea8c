import { type Agents, chooseAgent } from "../../src/config/agents.ts";
import type { InstallationNames } from "../../src/config/installation.ts";
import { loadConfig } from "../../src/config/load.ts";
import type { LoadedConfig } from "../../src/config/loaded-config.ts";
import { type CredentialFacts, collectCredentials } from "../../src/credentials/collect.ts";
import { apiKey, type Provider } from "../../src/provider/provider.ts";
import { type CustomProvider, createRegistry, type ProviderRegistry } from "../../src/provider/registry.ts";
import { type Chain, readChain } from "../../src/routing/chain.ts";
import { type FakeHost, type FakeMachine, fakeHost } from "../support/fake-host.ts";

export const NOW = Date.UTC(2026, 10, 21, 12);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const NAMES: InstallationNames = {
  bin: "nemo",
  envPrefix: "NEMO",
  legacyStateDirs: [".nemo-agent"],
  legacyConfigNames: [],
  legacyEnvPrefixes: [],
  hasHomeVariable: true,
};

const vendor = (id: string, more: Partial<Provider>): Provider => ({
  id,
  label: id,
  protocol: "openai-chat",
  baseUrl: `https://${id}.example/v1`,
  auth: [apiKey(`${id.toUpperCase()}_API_KEY`)],
  docs: "https://example.com",
  quirks: {},
  source: { url: "https://example.com", checkedOn: "2026-11-21" },
  ...more,
});

/** A few vendors of each kind, so that no test hangs on what real vendors do. */
export const VENDORS: readonly Provider[] = [
  vendor("anthropic", {
    label: "Anthropic",
    auth: [
      { kind: "token", label: "Token", env: ["ANTHROPIC_OAUTH_TOKEN"], prefixes: ["sk-ant-oat01-"], note: "For Claude Code only." },
      apiKey("ANTHROPIC_API_KEY", { prefixes: ["sk-ant-api03-"], page: "https://keys.example/anthropic" }),
    ],
  }),
  vendor("openai", { auth: [apiKey("OPENAI_API_KEY", { prefixes: ["sk-"] })] }),
  vendor("groq", {}),
  vendor("github-copilot", { auth: [{ kind: "token", label: "Token", env: ["COPILOT_GITHUB_TOKEN", "GITHUB_TOKEN"] }] }),
  vendor("github-models", { auth: [apiKey("GITHUB_TOKEN")] }),
  vendor("ollama", { baseUrl: "http://127.0.0.1:11434/v1", local: true, auth: [apiKey("OLLAMA_API_KEY"), { kind: "none", label: "No key" }] }),
  vendor("amazon-bedrock", { baseUrl: undefined, auth: [apiKey("AWS_BEARER_TOKEN_BEDROCK"), { kind: "delegated", label: "AWS login", to: "aws" }] }),
  vendor("google-vertex", { baseUrl: undefined, auth: [{ kind: "delegated", label: "Google Cloud login", to: "gcloud" }] }),
  vendor("azure-openai", {
    aliases: ["azure"],
    baseUrl: undefined,
    auth: [apiKey("AZURE_OPENAI_API_KEY"), { kind: "delegated", label: "Azure login", to: "az" }],
  }),
  vendor("claude-cli", { baseUrl: undefined, auth: [{ kind: "delegated", label: "Login of claude", to: "claude" }] }),
  vendor("zai", { aliases: ["z.ai"] }),
];

export interface Facts {
  readonly host: FakeHost;
  readonly config: LoadedConfig;
  readonly agents: Agents;
  readonly registry: ProviderRegistry;
  readonly credentials: CredentialFacts;
  readonly chain: Chain;
}

export interface FactsInput extends FakeMachine {
  /** The config, as a value. */
  readonly config?: unknown;
  /** The main agent's auth store, as a value. */
  readonly store?: unknown;
  readonly agent?: string;
  readonly custom?: readonly CustomProvider[];
}

export const HOME = "/home/me";
export const CONFIG = `${HOME}/.nemo/nemo.json`;
export const STORE = `${HOME}/.nemo/agents/main/agent/auth-profiles.json`;

/** One machine, read as a run reads it. */
export function openFacts({ config: written, store, agent, custom = [], files = {}, ...machine }: FactsInput = {}): Facts {
  const host = fakeHost({
    ...machine,
    files: {
      ...(written !== undefined && { [CONFIG]: JSON.stringify(written, null, 2) }),
      ...(store !== undefined && { [STORE]: JSON.stringify(store, null, 2) }),
      ...files,
    },
  });
  const config = loadConfig(host, NAMES);
  const agents = chooseAgent(host, config, NAMES, agent);
  const registry = createRegistry(VENDORS, custom);
  return {
    host,
    config,
    agents,
    registry,
    credentials: collectCredentials({ host, names: NAMES, config, agents, registry }),
    chain: readChain(config, agents, registry),
  };
}

/** A store of version 1. */
export function storeOf(profiles: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): unknown {
  return { version: 1, profiles, ...more };
}

export const keyOf = (provider: string, key = `sk-${provider}-secret-text`): unknown => ({ type: "api_key", provider, key });
export const tokenOf = (provider: string, expires?: number): unknown => ({
  type: "token",
  provider,
  token: `${provider}-token-secret-text`,
  ...(expires !== undefined && { expires }),
});
export const loginOf = (provider: string, expires: number, refresh = "refresh-secret-text"): unknown => ({
  type: "oauth",
  provider,
  access: `${provider}-access-secret-text`,
  refresh,
  expires,
});
