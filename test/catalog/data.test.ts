import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isProviderId } from "../../src/catalog/live-model.ts";
import { openCatalog } from "../../src/catalog/open-catalog.ts";
import { FACTS } from "../../src/catalog/readings.ts";
import { parseShard, type Shard } from "../../src/catalog/shard-format.ts";
import { toModelId, toProviderId } from "../../src/kernel/ids.ts";
import { PROTOCOL_IDS } from "../../src/provider/protocol-id.ts";
import { createRegistry } from "../../src/provider/registry.ts";
import { builtinProviders } from "../../src/providers/index.ts";
import { fakeHost } from "../support/fake-host.ts";
import { packaged } from "../support/packaged.ts";
import { generated } from "./packages-fixture.ts";

const folder = join(import.meta.dirname, "../../src/catalog/data");
const files = readdirSync(folder).filter((name) => name !== "index.json");
const shards: readonly Shard[] = files.map((name) => parseShard(readFileSync(join(folder, name), "utf8"), name));
const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as { providers: [string, number, number][] };
const registry = createRegistry(builtinProviders, []);
const catalog = openCatalog({ host: fakeHost({ packaged }), registry, stateDir: "/home/me/.nemo" });
const entries = index.providers.flatMap(([id]) => catalog.models(toProviderId(id)));

describe("the embedded catalogue", () => {
  test("knows enough", () => {
    const full = entries.filter(({ spec }) =>
      ["protocol", "contextTokens", "outputTokens", "input", "tools", "reasoning", "usdPerMTok"].every((fact) => fact in spec),
    );
    expect(full.length).toBeGreaterThanOrEqual(1400);
    expect(new Set(full.map(({ spec }) => spec.provider)).size).toBeGreaterThanOrEqual(40);
    expect(entries.length).toBeGreaterThanOrEqual(7000);
    expect(index.providers.length).toBeGreaterThanOrEqual(200);
    expect(catalog.problems).toEqual([]);
  });

  test("is small", () => {
    const bytes = Object.entries(packaged).reduce((sum, [name, text]) => (name.startsWith("catalog/") ? sum + Buffer.byteLength(text) : sum), 0);
    expect(bytes).toBeLessThan(2.5 * 1024 * 1024);
    expect(Buffer.byteLength(packaged["catalog/index.json"] ?? "")).toBeLessThan(16 * 1024);
  });

  test("has an index that says what the shards hold", () => {
    const counted = shards.map(({ provider, models, ids }) => [provider, models.length, ids.reduce((sum, [, list]) => sum + list.length, 0)]);
    expect(index.providers).toEqual(counted.sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)));
    expect(files.map((name) => name.replace(/\.json$/, "")).sort()).toEqual(index.providers.map(([id]) => id).sort());
  });

  test("names providers as installations do", () => {
    const misspelt = index.providers.map(([id]) => id).filter((id) => registry.idOf(id) !== id || !isProviderId(id));
    expect(misspelt).toEqual([]);
    const wanted = [
      "anthropic",
      "openai",
      "openai-codex",
      "openrouter",
      "google",
      "together",
      "fireworks",
      "moonshot",
      "azure-openai",
      "github-copilot",
      "kimi-coding",
      "opencode",
      "zai",
      "vercel-ai-gateway",
    ];
    expect(wanted.filter((id) => !index.providers.some(([known]) => known === id))).toEqual([]);
  });

  test("states a page and a day for every fact", () => {
    const bare = entries.flatMap(({ spec, readings }) =>
      Object.keys(spec).flatMap((fact) => {
        const [first] =
          fact === "provider" || (fact === "name" && spec.name === spec.id)
            ? [{ value: true, source: { url: "https://", checkedOn: "2026-01-01" } }]
            : (readings[fact as "id"] ?? []);
        return first !== undefined && first.source.url.startsWith("https://") && /^2026-\d{2}-\d{2}$/.test(first.source.checkedOn)
          ? []
          : [`${spec.provider}/${spec.id} ${fact}`];
      }),
    );
    expect(bare).toEqual([]);
  });

  test("counts the first reading of a fact, and keeps others only where they differ", () => {
    const wrong = entries.flatMap(({ spec, readings }) =>
      FACTS.flatMap((fact) => {
        const values = (readings[fact] ?? []).map(({ value }) => JSON.stringify(value));
        if (values.length > 0 && values[0] !== JSON.stringify(spec[fact])) return [`${spec.provider}/${spec.id} ${fact}: does not count`];
        return values.slice(1).includes(values[0] ?? "") ? [`${spec.provider}/${spec.id} ${fact}: said twice`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test("holds only values that a model can have", () => {
    const odd = entries.filter(
      ({ spec }) =>
        !/^\S(.*\S)?$/.test(spec.id) ||
        spec.id.length > 256 ||
        (spec.protocol !== undefined && !PROTOCOL_IDS.includes(spec.protocol)) ||
        [spec.contextTokens, spec.outputTokens].some((tokens) => tokens !== undefined && (!Number.isInteger(tokens) || tokens <= 0)) ||
        Object.values(spec.usdPerMTok ?? {}).some((usd) => typeof usd !== "number" || usd < 0 || usd > 1000),
    );
    expect(odd.map(({ spec }) => `${spec.provider}/${spec.id}`)).toEqual([]);
  });

  test("calls free only what says so itself", () => {
    const free = entries.filter(({ spec }) => spec.usdPerMTok?.input === 0 && spec.usdPerMTok.output === 0);
    expect(free.length).toBeGreaterThan(10);
    expect(free.filter(({ spec }) => !/free/i.test(`${spec.id} ${spec.name}`)).map(({ spec }) => `${spec.provider}/${spec.id}`)).toEqual([]);
  });

  test("gives an address to a model that speaks another format than its vendor, and to no other", () => {
    const wrong = entries.filter(({ spec }) => {
      const vendor = registry.get(spec.provider)?.provider;
      const isElsewhere = vendor !== undefined && vendor.quirks.addressing === undefined && spec.protocol !== undefined && spec.protocol !== vendor.protocol;
      return isElsewhere !== (spec.baseUrl !== undefined);
    });
    expect(wrong.map(({ spec }) => `${spec.provider}/${spec.id} ${spec.protocol} ${spec.baseUrl}`)).toEqual([]);
  });

  test("is in order: each id once, sorted", () => {
    for (const { provider, models, ids } of shards) {
      const rows = models.map(([id]) => id);
      const listed = ids.flatMap(([, list]) => list);
      expect(rows, provider).toEqual([...new Set(rows)].sort());
      expect([...listed].sort(), provider).toEqual([...new Set(listed)].sort());
      expect(
        listed.filter((id) => rows.includes(id)),
        provider,
      ).toEqual([]);
    }
  });
});

describe("the generator", () => {
  test("makes the same bytes of the same packages", async () => {
    const [once, again] = [await generated(), await generated()];
    expect([...again]).toEqual([...once]);
    expect([...once.keys()]).toEqual(["index.json", "groq.json", "lab.json", "plain.json"]);
    expect(once.get("index.json")).toBe('{"v":1,"providers":[\n["groq",1,0],\n["lab",5,2],\n["plain",0,1]\n]}\n');
  });

  test("keeps what each package states, the newest first, and what others say otherwise", async () => {
    const files = await generated();
    const host = fakeHost({ packaged: Object.fromEntries([...files].map(([name, text]) => [`catalog/${name}`, text])) });
    const made = openCatalog({ host, registry: createRegistry([], []), stateDir: "/home/me/.nemo" });
    const [lab, groq, plain] = ["lab", "groq", "plain"].map((id) => made.models(toProviderId(id)).map(({ spec, knows }) => ({ ...spec, knows })));
    const common = {
      provider: "lab",
      knows: "facts",
      contextTokens: 2000,
      outputTokens: 1000,
      input: ["text", "image"],
      tools: true,
      reasoning: true,
      protocol: "openai-chat",
    };
    expect(lab).toEqual([
      {
        ...common,
        id: "big",
        name: "BIG",
        input: ["text", "image", "pdf"],
        output: ["text"],
        usdPerMTok: { input: 2, output: 8 },
        releasedOn: "2025-08-07",
        openWeights: true,
        deprecated: true,
      },
      { ...common, id: "gift:free", name: "GIFT:FREE", usdPerMTok: { input: 0, output: 0 } },
      { provider: "lab", id: "going", name: "going", knows: "ids" },
      { provider: "lab", id: "judge", name: "judge", knows: "ids" },
      {
        provider: "lab",
        knows: "facts",
        id: "listed",
        name: "Listed",
        protocol: "openai-chat",
        contextTokens: 700,
        outputTokens: 70,
        input: ["text"],
        output: ["text"],
        tools: false,
        reasoning: false,
      },
      { ...common, id: "other", name: "OTHER", protocol: "anthropic-messages", baseUrl: "https://lab.example/anthropic", usdPerMTok: { input: 1, output: 2 } },
      { ...common, id: "plan", name: "PLAN" },
    ]);
    expect(groq).toEqual([{ provider: "groq", id: "g", name: "g", knows: "facts", contextTokens: 5, usdPerMTok: { input: 1, output: 2 } }]);
    expect(plain).toEqual([{ provider: "plain", id: "only-an-id", name: "only-an-id", knows: "ids" }]);
    const big = made.find({ provider: toProviderId("lab"), model: toModelId("big") });
    const said = (fact: "usdPerMTok" | "reasoning" | "outputTokens" | "deprecated") =>
      big?.readings[fact]?.map(({ value, source }) => [value, source.checkedOn]);
    expect(said("usdPerMTok")).toEqual([
      [{ input: 2, output: 8 }, "2026-11-10"],
      [{ input: 3, output: 8 }, "2026-01-22"],
    ]);
    expect(said("reasoning")).toEqual([
      [true, "2026-11-10"],
      [false, "2026-01-22"],
    ]);
    expect(said("outputTokens")).toEqual([
      [1000, "2026-11-10"],
      [500, "2026-01-22"],
    ]);
    expect(said("deprecated")).toEqual([[true, "2026-09-27"]]);
    expect(big?.priceSteps).toEqual([{ aboveTokens: 1000, usdPerMTok: { input: 4, output: 16, cacheRead: 1 } }]);
  });
});

test("every package that facts were taken from has its notice", async () => {
  const { PACKAGES } = await import(join(import.meta.dirname, "../../scripts/catalogue/packages.mjs"));
  const notices = readFileSync(join(import.meta.dirname, "../../THIRD_PARTY_NOTICES.md"), "utf8");
  const sources = new Set(shards.flatMap((shard) => shard.sources.map(([url]) => url)));
  const pinned = (PACKAGES as { name: string; version: string; licence: string }[]).map(({ name, version, licence }) => ({
    url: `https://www.npmjs.com/package/${name}/v/${version}`,
    licence,
  }));
  expect([...sources].sort()).toEqual(pinned.map(({ url }) => url).sort());
  for (const { url, licence } of pinned) expect(notices.split("\n").find((line) => line.includes(url))).toContain(`| ${licence} |`);
});
