import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PROTOCOL_IDS } from "../../src/provider/protocol-id.ts";
import type { Provider } from "../../src/provider/provider.ts";
import { createRegistry } from "../../src/provider/registry.ts";
import { builtinProviders } from "../../src/providers/index.ts";

const folder = new URL("../../src/providers/", import.meta.url);
const ids = builtinProviders.map(({ id }) => id);
/** Nothing was read on a day that is to come. */
const LATEST = new Date().toISOString().slice(0, 10);

/** The providers that installations, their plugins and their defaults know; and the well-known others. */
const EXPECTED = `
  anthropic openai openai-codex openrouter google google-vertex groq mistral xai deepseek cerebras together fireworks moonshot kimi-coding zai minimax
  venice synthetic huggingface github-copilot github-models amazon-bedrock azure-openai vercel-ai-gateway cloudflare-ai-gateway opencode qwen-portal
  chutes nvidia cohere perplexity litellm ollama lmstudio vllm llama-cpp sglang
  minimax-portal xiaomi qianfan voyage deepgram copilot-proxy google-antigravity google-gemini-cli claude-cli codex-cli
  deepinfra baseten nebius novita siliconflow hyperbolic sambanova alibaba scaleway ovhcloud requesty poe inference upstage morph v0 wandb vultr
  digitalocean ollama-cloud zenmux localai jan
`
  .trim()
  .split(/\s+/);

/** From the code of existing installations: the order in which they ask the variables of one provider. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  anthropic: ["ANTHROPIC_OAUTH_TOKEN", "ANTHROPIC_API_KEY"],
  openai: ["OPENAI_API_KEY"],
  google: ["GEMINI_API_KEY"],
  "github-copilot": ["COPILOT_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"],
  openrouter: ["OPENROUTER_API_KEY"],
  zai: ["ZAI_API_KEY", "Z_AI_API_KEY"],
  xai: ["XAI_API_KEY"],
  groq: ["GROQ_API_KEY"],
  cerebras: ["CEREBRAS_API_KEY"],
  mistral: ["MISTRAL_API_KEY"],
  deepgram: ["DEEPGRAM_API_KEY"],
  moonshot: ["MOONSHOT_API_KEY"],
  minimax: ["MINIMAX_API_KEY"],
  xiaomi: ["XIAOMI_API_KEY"],
  synthetic: ["SYNTHETIC_API_KEY"],
  venice: ["VENICE_API_KEY"],
  "vercel-ai-gateway": ["AI_GATEWAY_API_KEY"],
  "cloudflare-ai-gateway": ["CLOUDFLARE_AI_GATEWAY_API_KEY"],
  opencode: ["OPENCODE_API_KEY", "OPENCODE_ZEN_API_KEY"],
  "qwen-portal": ["QWEN_OAUTH_TOKEN", "QWEN_PORTAL_API_KEY"],
  "minimax-portal": ["MINIMAX_OAUTH_TOKEN", "MINIMAX_API_KEY"],
  "kimi-coding": ["KIMI_API_KEY", "KIMICODE_API_KEY"],
  chutes: ["CHUTES_OAUTH_TOKEN", "CHUTES_API_KEY"],
  voyage: ["VOYAGE_API_KEY"],
  litellm: ["LITELLM_API_KEY"],
  together: ["TOGETHER_API_KEY"],
  qianfan: ["QIANFAN_API_KEY"],
  ollama: ["OLLAMA_API_KEY"],
};

const KEY_PAGES = `
  anthropic openai google mistral deepseek xai groq openrouter together fireworks cerebras moonshot moonshot-cn nvidia cohere perplexity huggingface
  deepinfra sambanova zai zhipuai minimax minimax-cn scaleway siliconflow-cn ollama-cloud poe modelscope voyage hyperbolic
`
  .trim()
  .split(/\s+/);

/** One account of one vendor that answers under two ids. Any other variable belongs to one provider. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  GITHUB_TOKEN: ["github-copilot", "github-models"],
  MINIMAX_API_KEY: ["minimax", "minimax-portal"],
  OLLAMA_API_KEY: ["ollama", "ollama-cloud"],
  OPENCODE_API_KEY: ["opencode", "opencode-go"],
  ZHIPU_API_KEY: ["zai", "zhipuai"],
};

describe("the list of vendors", () => {
  test("has every file of src/providers, by id: for a new vendor add the two lines in src/providers/index.ts", () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "index.ts");
    expect(ids.map((id) => `${id}.ts`).toSorted()).toEqual(files.toSorted());
    expect(ids).toEqual(ids.toSorted());
  });

  test("has every provider that installations know, and the well-known others", () => {
    expect(EXPECTED.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test("gives no name twice: ids and aliases are one set", () => {
    const names = builtinProviders.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(createRegistry(builtinProviders, []).problems).toEqual([]);
  });

  test("lets no two vendors claim one variable, unless they are one vendor", () => {
    const claims = new Map<string, string[]>();
    for (const provider of builtinProviders) for (const name of variables(provider)) claims.set(name, [...(claims.get(name) ?? []), provider.id]);
    expect(Object.fromEntries([...claims].filter(([, owners]) => owners.length > 1))).toEqual(SHARED);
  });

  test("knows the spellings that references, configs and other catalogues use", () => {
    const registry = createRegistry(builtinProviders, []);
    const meant = {
      "z.ai": "zai",
      "Z-AI": "zai",
      "opencode-zen": "opencode",
      qwen: "qwen-portal",
      "kimi-code": "kimi-coding",
      "kimi-for-coding": "kimi-coding",
      togetherai: "together",
      "fireworks-ai": "fireworks",
      moonshotai: "moonshot",
      azure: "azure-openai",
      vercel: "vercel-ai-gateway",
    };
    expect(Object.fromEntries(Object.keys(meant).map((written) => [written, registry.idOf(written)]))).toEqual(meant);
  });

  test("knows where the large vendors' keys are made, which their documentation is not", () => {
    const pages = builtinProviders.map(({ id, docs, auth }) => ({ id, docs, page: auth.flatMap((way) => ("page" in way ? [way.page] : [])).find(Boolean) }));
    expect(KEY_PAGES.filter((id) => pages.find((known) => known.id === id)?.page === undefined)).toEqual([]);
    expect(pages.filter(({ id, docs, page }) => KEY_PAGES.includes(id) && page === docs)).toEqual([]);
  });

  test.each(Object.entries(ORDER))("asks the variables of %s in the order of existing installations", (id, order) => {
    const provider = builtinProviders.find((known) => known.id === id);
    expect(provider === undefined ? [] : variables(provider).slice(0, order.length)).toEqual(order);
  });
});

describe.each(builtinProviders.map((provider) => [provider.id, provider] as const))("%s", (id, provider) => {
  test("is what its file exports, and nothing else", async () => {
    const file = (await import(new URL(`${id}.ts`, folder).href)) as Record<string, Provider>;
    expect(Object.values(file)).toEqual([provider]);
  });

  test("has an id and aliases that can stand before the slash of a reference", () => {
    for (const name of [id, ...(provider.aliases ?? [])]) expect(name).toMatch(/^[a-z0-9]+([.-][a-z0-9]+)*$/);
    expect(provider.label.trim()).toBe(provider.label);
    expect(provider.label).not.toBe("");
  });

  test("speaks a known protocol over https, or on the user's own machine", () => {
    expect(PROTOCOL_IDS).toContain(provider.protocol);
    if (provider.baseUrl === undefined) return expect(provider.quirks.addressing ?? provider.auth[0]?.kind).toBeDefined();
    const url = new URL(provider.baseUrl);
    expect(url.protocol).toBe(provider.local === true ? "http:" : "https:");
    expect(provider.baseUrl).not.toMatch(/\/$/);
    if (provider.local === true) expect(["127.0.0.1", "localhost"]).toContain(url.hostname);
    return undefined;
  });

  test("offers a way to be someone, in words that fit a line", () => {
    expect(provider.auth.length).toBeGreaterThan(0);
    for (const { label, note = "" } of provider.auth) {
      expect(label.length).toBeGreaterThan(0);
      expect(label.length).toBeLessThanOrEqual(30);
      if (note !== "") expect(note).toMatch(/^.{10,140}$/);
    }
    if (provider.note !== undefined) expect(provider.note).toMatch(/\.$/);
  });

  test("names variables as shells do, prefixes longest first, and pages that can be opened", () => {
    for (const name of variables(provider)) expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
    for (const method of provider.auth) {
      const prefixes = "prefixes" in method ? (method.prefixes ?? []) : [];
      expect(prefixes).toEqual(prefixes.toSorted((a, b) => b.length - a.length));
      if ("page" in method && method.page !== undefined) expect(new URL(method.page).protocol).toBe("https:");
    }
    expect(new Set(variables(provider)).size).toBe(variables(provider).length);
  });

  test("says where its facts were read, and when", () => {
    expect(new URL(provider.docs).protocol).toBe("https:");
    for (const { url, checkedOn } of [provider.source, ...Object.values(provider.facts ?? {})]) {
      expect(new URL(url).protocol).toBe("https:");
      expect(new Date(checkedOn).toISOString().slice(0, 10)).toBe(checkedOn);
      expect(checkedOn <= LATEST && checkedOn >= "2026-01-01").toBe(true);
    }
    const claimsPrefixes = provider.auth.some((method) => "prefixes" in method && method.prefixes !== undefined);
    expect(provider.facts?.prefixes !== undefined).toBe(claimsPrefixes);
  });

  test("has a path to its list of models that continues the base URL", () => {
    if (provider.modelsPath !== undefined) expect(provider.modelsPath).toMatch(/^\/[a-z0-9/]+$/);
  });
});

function variables({ auth }: Provider): string[] {
  return auth.flatMap((method) => ("env" in method ? method.env : []));
}
