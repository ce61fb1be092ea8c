import { describe, expect, test } from "vitest";
import { openCatalog } from "../../src/catalog/open-catalog.ts";
import { toModelId, toProviderId } from "../../src/kernel/ids.ts";
import type { CustomProvider } from "../../src/provider/registry.ts";
import { fakeHost } from "../support/fake-host.ts";
import { DAY, embedded, opened, registryWith, STATE } from "./catalog-files.ts";

const groq = toProviderId("groq");
const together = toProviderId("together");
const EMBEDDED = {
  groq: { "a/one": { name: "One", contextTokens: 1000, tools: true }, bare: undefined, two: { contextTokens: 2000, usdPerMTok: { input: 1, output: 2 } } },
  together: { x: { contextTokens: 5 } },
};
const INDEX = `${STATE}/signalbox/catalogue/models-dev/index.json`;

/** A refreshed catalogue of one provider, in the folder of models.dev. */
function refreshed(provider: string, models: Parameters<typeof embedded>[0][string], more: { day?: string; takenOn?: string } = {}): Record<string, string> {
  const { day = "2026-11-20", takenOn = day } = more;
  const shard = (embedded({ [provider]: models })[`catalog/${provider}.json`] ?? "")
    .replaceAll(DAY, day)
    .replaceAll("example.com/package", "models.dev/api.json");
  const index = {
    v: 1,
    folder: "a",
    takenOn,
    source: { url: "https://models.dev/api.json", checkedOn: day },
    providers: [[provider, Object.keys(models).length, 0]],
  };
  return { [INDEX]: JSON.stringify(index), [INDEX.replace("index", `a/${provider}`)]: shard };
}

function custom(origin: CustomProvider["origin"], id: string, models: Record<string, object>): CustomProvider {
  return {
    id: toProviderId(id),
    origin,
    models: Object.entries(models).map(([model, facts]) => ({ provider: toProviderId(id), id: toModelId(model), name: model, ...facts })),
  };
}

describe("the embedded catalogue", () => {
  test("counts from the index alone", () => {
    const { catalog, host } = opened(EMBEDDED);
    const read: string[] = [];
    const counting = openCatalog({
      host: { ...host, readPackaged: (path) => (read.push(path), host.readPackaged(path)) },
      registry: registryWith(),
      stateDir: STATE,
    });
    expect(counting.providers()).toEqual([
      { id: "groq", models: 3, idsOnly: 1 },
      { id: "together", models: 1, idsOnly: 0 },
    ]);
    expect(read).toEqual(["catalog/index.json"]);
    counting.find({ provider: groq, model: toModelId("two") });
    counting.models(groq);
    expect(read).toEqual(["catalog/index.json", "catalog/groq.json"]);
    expect(catalog.problems).toEqual([]);
  });

  test("lists what it has facts about, and with everything also bare ids", () => {
    const { catalog } = opened(EMBEDDED);
    expect(catalog.models(groq).map(({ spec, knows }) => [spec.id, knows])).toEqual([
      ["a/one", "facts"],
      ["bare", "ids"],
      ["two", "facts"],
    ]);
    expect(catalog.models(groq, "facts").map(({ spec }) => spec)).toEqual([
      { provider: "groq", id: "a/one", name: "One", contextTokens: 1000, tools: true },
      { provider: "groq", id: "two", name: "two", contextTokens: 2000, usdPerMTok: { input: 1, output: 2 } },
    ]);
  });

  test("finds a model under any spelling of its provider, and says where a fact is from", () => {
    const { catalog } = opened(EMBEDDED);
    const entry = catalog.find({ provider: toProviderId("togetherai"), model: toModelId("x") });
    expect(entry?.spec).toEqual({ provider: "together", id: "x", name: "x", contextTokens: 5 });
    expect(entry?.readings.contextTokens).toEqual([{ value: 5, source: { url: "https://example.com/package", checkedOn: DAY } }]);
    expect(catalog.find({ provider: groq, model: toModelId("bare") })).toMatchObject({
      knows: "ids",
      origin: "embedded",
      readings: { id: [{ value: "bare" }] },
    });
    expect(catalog.find({ provider: groq, model: toModelId("A/ONE") })).toBeUndefined();
    expect(catalog.find({ provider: toProviderId("nowhere"), model: toModelId("x") })).toBeUndefined();
    expect(catalog.models(toProviderId("__proto__"))).toEqual([]);
  });

  test("when files of the package are missing, the rest goes on and the fault is named", () => {
    const { ["catalog/groq.json"]: _, ...rest } = embedded(EMBEDDED);
    const catalog = openCatalog({ host: fakeHost({ packaged: rest }), registry: registryWith(), stateDir: STATE });
    expect(catalog.models(groq)).toEqual([]);
    expect(catalog.models(together)).toHaveLength(1);
    expect(catalog.problems).toMatchObject([{ code: "CATALOG_BROKEN", severity: "warning", message: expect.stringContaining("groq.json") }]);
    const none = openCatalog({ host: fakeHost(), registry: registryWith(), stateDir: STATE });
    expect(none.providers()).toEqual([]);
    expect(none.problems).toMatchObject([{ code: "CATALOG_BROKEN", message: expect.stringContaining("index.json") }]);
  });
});

describe("a refreshed catalogue", () => {
  const files = refreshed("groq", { "a/one": { contextTokens: 1500, releasedOn: "2026-01-02" }, three: { tools: false }, bare: { contextTokens: 7 } });

  test("counts before the embedded one, which fills in what it does not state", () => {
    const { catalog } = opened(EMBEDDED, { files });
    expect(catalog.models(groq).map(({ spec, origin }) => ({ ...spec, origin }))).toEqual([
      { provider: "groq", id: "a/one", name: "One", contextTokens: 1500, tools: true, releasedOn: "2026-01-02", origin: "refreshed" },
      { provider: "groq", id: "bare", name: "bare", contextTokens: 7, origin: "refreshed" },
      { provider: "groq", id: "three", name: "three", tools: false, origin: "refreshed" },
      { provider: "groq", id: "two", name: "two", contextTokens: 2000, usdPerMTok: { input: 1, output: 2 }, origin: "embedded" },
    ]);
    expect(catalog.find({ provider: groq, model: toModelId("a/one") })?.readings.contextTokens).toEqual([
      { value: 1500, source: { url: "https://models.dev/api.json", checkedOn: "2026-11-20" } },
      { value: 1000, source: { url: "https://example.com/package", checkedOn: DAY } },
    ]);
  });

  test("steps back behind an embedded one that is newer than the refresh", () => {
    const { catalog } = opened(EMBEDDED, { files: refreshed("groq", { "a/one": { contextTokens: 1500 } }, { day: "2026-07-01" }) });
    expect(catalog.find({ provider: groq, model: toModelId("a/one") })).toMatchObject({ spec: { contextTokens: 1000 }, origin: "embedded" });
  });

  test("counts when it was taken in lately, however old its facts are", () => {
    const { catalog } = opened(EMBEDDED, { files: refreshed("groq", { "a/one": { contextTokens: 1500 } }, { day: "2026-07-01", takenOn: "2026-11-20" }) });
    expect(catalog.find({ provider: groq, model: toModelId("a/one") })?.readings.contextTokens?.map(({ value, source }) => [value, source.checkedOn])).toEqual([
      [1500, "2026-07-01"],
      [1000, DAY],
    ]);
  });

  test.each([
    ["cut off", '{"v":1,"provider":"groq","sou'],
    ["empty", ""],
    ["null", "null"],
    ["a list", "[]"],
    ["of another version", '{"v":2}'],
    ["of another provider", (files[INDEX.replace("index", "a/groq")] ?? "").replace('"groq"', '"xai"')],
    ["with a row that is none", '{"v":1,"provider":"groq","sources":[],"protocols":[],"models":[5],"ids":[]}'],
    ["with a source that is not there", '{"v":1,"provider":"groq","sources":[],"protocols":[],"models":[["x"]],"ids":[]}'],
    ["with a fact of the wrong kind", '{"v":1,"provider":"groq","sources":[["u","2026-01-01"]],"protocols":[],"models":[["x",5]],"ids":[]}'],
    ["with ids that are none", '{"v":1,"provider":"groq","sources":[],"protocols":[],"models":[],"ids":[[0,[{}]]]}'],
  ])("a shard that is %s is a problem, and the embedded one serves", (_, text) => {
    const { catalog, host } = opened(EMBEDDED, { files: { ...files, [INDEX.replace("index", "a/groq")]: text } });
    expect(catalog.find({ provider: groq, model: toModelId("a/one") })).toMatchObject({ spec: { contextTokens: 1000 }, origin: "embedded" });
    expect(catalog.problems).toMatchObject([
      { code: "CATALOG_BROKEN", place: { file: INDEX.replace("index", "a/groq") }, hint: expect.stringContaining("models refresh") },
    ]);
    expect(host.written.size).toBe(0);
  });

  test.each([
    ["not JSON", "{"],
    ["unreadable", { unreadable: "EACCES" }],
    ["without a folder", '{"v":1,"providers":[],"source":{"url":"u","checkedOn":"2026-01-01"},"takenOn":"2026-01-01"}'],
    ["with a folder of somebody's choosing", '{"v":1,"folder":"../../..","providers":[],"source":{"url":"u","checkedOn":"2026-01-01"},"takenOn":"2026-01-01"}'],
    ["with rows that are none", '{"v":1,"folder":"a","providers":[["groq"]],"source":{"url":"u","checkedOn":"2026-01-01"},"takenOn":"2026-01-01"}'],
  ])("an index that is %s is a problem, and the embedded catalogue serves", (_, content) => {
    const { catalog } = opened(EMBEDDED, { files: { ...files, [INDEX]: content } });
    expect(catalog.models(groq)).toHaveLength(3);
    expect(catalog.problems).toMatchObject([{ code: "CATALOG_BROKEN", subject: INDEX }]);
  });
});

describe("models that the user defined", () => {
  const place = { file: `${STATE}/nemo.json`, line: 3 };
  const registry = registryWith(
    custom({ kind: "config", place }, "groq", { "a/one": { contextTokens: 99 }, mine: { tools: true } }),
    custom({ kind: "models.json", file: "/m/models.json" }, "groq", { mine: { tools: false }, other: {} }),
    custom({ kind: "config", place }, "lab", { m1: {} }),
  );

  test("come first, and the catalogue fills in what they do not state", () => {
    const { catalog } = opened(EMBEDDED, {}, registry);
    expect(catalog.find({ provider: groq, model: toModelId("a/one") })).toMatchObject({
      spec: { name: "One", contextTokens: 99, tools: true },
      origin: "config",
      place,
    });
    expect(catalog.find({ provider: groq, model: toModelId("a/one") })?.readings.contextTokens).toEqual([
      { value: 99, source: { url: place.file, checkedOn: "2026-11-21" } },
      { value: 1000, source: { url: "https://example.com/package", checkedOn: DAY } },
    ]);
    expect(catalog.models(groq).map(({ spec, origin, place: at }) => [spec.id, origin, at?.file])).toEqual([
      ["a/one", "config", place.file],
      ["bare", "embedded", undefined],
      ["mine", "config", place.file],
      ["other", "models.json", "/m/models.json"],
      ["two", "embedded", undefined],
    ]);
  });

  test("make a provider of the catalogue that no list knows", () => {
    const { catalog } = opened(EMBEDDED, {}, registry);
    expect(catalog.providers().map(({ id, models }) => [id, models])).toEqual([
      ["groq", 3],
      ["lab", 1],
      ["together", 1],
    ]);
    expect(catalog.find({ provider: toProviderId("lab"), model: toModelId("m1") })).toMatchObject({ knows: "facts", origin: "config" });
  });
});
