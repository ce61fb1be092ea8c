import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sdkProtocol } from "../../src/catalog/sdk-protocols.ts";
import { statedPrice } from "../../src/catalog/stated-price.ts";
import { packShard, shardText } from "../../src/catalog/write-shard.ts";
import type { Provider } from "../../src/provider/provider.ts";

const scripts = join(import.meta.dirname, "../../scripts/catalogue");
const source = (name: string, checkedOn: string) => ({ url: `https://example.com/${name}`, checkedOn });

/** A handful of models as the four packages of the generator write them. */
const PACKAGES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "pi-ai": {
    "dist/providers/data/.manifest.json": { generatedAt: "2026-11-10T12:00:00Z" },
    "dist/providers/data/lab.json": {
      "openai-completions": {
        "chat:big": piModel("big", {
          cost: { input: 2, output: 8, cacheRead: 0, cacheWrite: 0, tiers: [{ inputTokensAbove: 1000, input: 4, output: 16, cacheRead: 1, cacheWrite: 0 }] },
        }),
        "chat:plan": piModel("plan", { cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } }),
        "chat:gift:free": piModel("gift:free", { cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } }),
      },
      "anthropic-messages": { "chat:other": piModel("other", { api: "anthropic-messages", baseUrl: "https://lab.example/anthropic" }) },
      "strange-api": { "classifier:judge": { type: "classifier", id: "judge", name: "Judge", api: "strange-api" } },
    },
  },
  mastra: {
    "dist/provider-registry.json": {
      providers: { "lab-ai": { models: ["big", "listed", "going"], deprecatedModels: ["going", "big"] }, plain: { models: ["only-an-id"] } },
    },
  },
  "genai-prices": {
    "dist/index.cjs": `module.exports.findProvider = ({ providerId: id }) => ({ id, models: id !== "groq" ? [] : [{ id: "g", match: { or: [{ equals: "g" }, { equals: "echo" }, { starts_with: "g" }] }, context_window: 5, prices: [
      { prices: { input_mtok: 9, output_mtok: 9 } }, { constraint: { type: "start_date", start_date: "2026-09-01" }, prices: { input_mtok: { base: 1, tiers: [] }, output_mtok: 2 } },
      { constraint: { type: "start_date", start_date: "2026-12-01" }, prices: { input_mtok: 7, output_mtok: 7 } }, { constraint: { type: "time_of_date" }, prices: { input_mtok: 8, output_mtok: 8 } } ] }] });`,
  },
  tokenlens: {
    "dist/providers/lab-ai.js": `export const labModels = {\n    id: "lab-ai", npm: "@ai-sdk/openai-compatible",\n    models: {
      "big": { id: "big", name: "Old Big", modalities: { input: ["text", "image", "pdf"], output: ["text"] }, tool_call: true, reasoning: false, cost: { input: 3, output: 8 }, limit: { context: 2000, output: 500 }, release_date: "2025-08-07", open_weights: true },
      "listed": { id: "listed", name: "Listed", modalities: { input: ["text"], output: ["text"] }, tool_call: false, reasoning: false, limit: { context: 700, output: 70 } },
      "gone": { id: "gone", name: "Gone", limit: { context: 1, output: 1 } },
    },\n};\n`,
  },
};

function piModel(id: string, more: object): object {
  const facts = {
    type: "chat",
    id,
    name: id.toUpperCase(),
    api: "openai-completions",
    baseUrl: "https://lab.example/v1",
    reasoning: true,
    input: ["text", "image"],
  };
  return { ...facts, cost: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 }, contextWindow: 2000, maxTokens: 1000, ...more };
}

/** What the generator makes of these packages: file name → text. */
export async function generated(): Promise<Map<string, string>> {
  const load = async (name: string) => import(join(scripts, `${name}.mjs`));
  const { catalogueFiles } = await load("generate");
  const vendor: Pick<Provider, "protocol" | "quirks"> = { protocol: "openai-chat", quirks: {} };
  const tools = {
    sdkProtocol,
    statedPrice,
    packShard,
    shardText,
    spell: (id: string) => (id === "lab-ai" ? "lab" : id),
    vendor: (id: string) => (id === "lab" ? vendor : undefined),
  };
  const readings = [
    (await load("read-pi-ai")).readPiAi(unpacked("pi-ai"), source("pi-ai", "2026-11-10"), tools),
    (await load("read-mastra")).readMastra(unpacked("mastra"), source("mastra", "2026-09-27"), tools),
    (await load("read-genai-prices")).readGenaiPrices(unpacked("genai-prices"), source("prices", "2026-09-23"), tools),
    (await load("read-tokenlens")).readTokenlens(unpacked("tokenlens"), source("tokenlens", "2026-01-22"), tools),
  ];
  return catalogueFiles(readings, tools);
}

function unpacked(name: string): string {
  const root = mkdtempSync(join(tmpdir(), `${name}-`));
  for (const [file, content] of Object.entries(PACKAGES[name] ?? {})) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}
