import { describe, expect, test } from "vitest";
import { openCatalog } from "../../src/catalog/open-catalog.ts";
import { LIVE_URLS, type RefreshContext, refreshFromFile, refreshFromUrl } from "../../src/catalog/refresh.ts";
import { AppError } from "../../src/kernel/errors.ts";
import type { HttpRequest, HttpResponse } from "../../src/kernel/http.ts";
import { toModelId, toProviderId } from "../../src/kernel/ids.ts";
import { type FakeHost, fakeHost, type FakeMachine, response } from "../support/fake-host.ts";
import { embedded, registryWith, STATE } from "./catalog-files.ts";
import { MODELS_DEV, MODELS_DEV_LATER, OPENROUTER } from "./live-answers.ts";

const DIR = `${STATE}/signalbox/catalogue/models-dev`;
const answer = (value: unknown, headers = {}): HttpResponse => response(200, JSON.stringify(value), headers);

/** A machine on which each request gets the next answer. */
function machine(answers: readonly HttpResponse[], more: FakeMachine = {}): { host: FakeHost; context: RefreshContext } {
  const left = [...answers];
  const host = fakeHost({
    packaged: embedded({ groq: { "llama-3.3-70b-versatile": { contextTokens: 1 } } }),
    http: () => left.shift() ?? response(500),
    ...more,
  });
  return { host, context: { host, registry: registryWith(), stateDir: STATE } };
}

const refresh = (context: RefreshContext) => refreshFromUrl(context, "models-dev", LIVE_URLS["models-dev"]);

/** The model's context and price as the catalogue then has them. */
function held(host: FakeHost, provider: string, model: string) {
  const catalog = openCatalog({ host, registry: registryWith(), stateDir: STATE });
  const entry = catalog.find({ provider: toProviderId(provider), model: toModelId(model) });
  return {
    problems: catalog.problems,
    context: entry?.spec.contextTokens,
    price: entry?.spec.usdPerMTok,
    origin: entry?.origin,
    baseUrl: entry?.spec.baseUrl,
    protocol: entry?.spec.protocol,
  };
}

describe("the first refresh", () => {
  test("writes shards under our ids and then the index, and the catalogue has what they state", async () => {
    const { host, context } = machine([answer(MODELS_DEV, { etag: '"1"' })]);
    expect(await refresh(context)).toEqual({
      catalogue: "models-dev",
      outcome: "updated",
      source: { url: "https://models.dev/api.json", checkedOn: "2026-11-21" },
      path: DIR,
      providers: 3,
      models: 7,
      skipped: 0,
      changes: {
        added: 7,
        removed: 0,
        changed: 0,
        providers: [
          { provider: "groq", added: 4, removed: 0, changed: 0 },
          { provider: "opencode", added: 2, removed: 0, changed: 0 },
          { provider: "together", added: 1, removed: 0, changed: 0 },
        ],
      },
    });
    expect([...host.written.keys()]).toEqual([`${DIR}/a/groq.json`, `${DIR}/a/together.json`, `${DIR}/a/opencode.json`, `${DIR}/index.json`]);
    expect(JSON.parse(host.written.get(`${DIR}/index.json`) ?? "")).toMatchObject({ folder: "a", etag: '"1"', takenOn: "2026-11-21" });
    expect(held(host, "groq", "llama-3.3-70b-versatile")).toMatchObject({
      context: 131072,
      price: { input: 0.59, output: 0.79, cacheRead: 0.1 },
      origin: "refreshed",
      problems: [],
    });
  });

  test("takes neither an address nor a wire format that would need one", async () => {
    const { host, context } = machine([answer(MODELS_DEV)]);
    await refresh(context);
    expect(held(host, "opencode", "moved")).toMatchObject({ context: 5, baseUrl: undefined });
    expect(held(host, "together", "org/m")).toMatchObject({ context: 5, protocol: undefined });
    expect([...host.written.values()].join("")).not.toContain("evil.example");
  });

  test("when the disk is full, nothing counts that was not whole", async () => {
    const full = new AppError("FILE_WRITE_FAILED", "no space", { hint: "" });
    const { host, context } = machine([answer(MODELS_DEV)], { writeFailure: full });
    await expect(refresh(context)).rejects.toBe(full);
    expect(held(host, "groq", "llama-3.3-70b-versatile")).toMatchObject({ context: 1, origin: "embedded", problems: [] });
  });
});

describe("a further refresh", () => {
  test("asks whether anything changed, and writes nothing when nothing did", async () => {
    const { host, context } = machine([answer(MODELS_DEV, { etag: '"1"', "last-modified": "then" }), response(304)]);
    await refresh(context);
    const before = new Map(host.written);
    expect(await refresh(context)).toMatchObject({
      outcome: "not modified",
      providers: 3,
      models: 7,
      changes: { added: 0, removed: 0, changed: 0, providers: [] },
    });
    expect(host.asked[1]?.headers).toMatchObject({ "if-none-match": '"1"', "if-modified-since": "then" });
    expect(host.written).toEqual(before);
  });

  test("says what is new, gone and changed, and turns to the other folder", async () => {
    const { host, context } = machine([answer(MODELS_DEV), answer(MODELS_DEV_LATER), answer(MODELS_DEV_LATER)]);
    await refresh(context);
    expect((await refresh(context)).changes).toEqual({
      added: 1,
      removed: 3,
      changed: 1,
      providers: [
        { provider: "groq", added: 1, removed: 1, changed: 1 },
        { provider: "opencode", added: 0, removed: 2, changed: 0 },
      ],
    });
    expect(JSON.parse(host.written.get(`${DIR}/index.json`) ?? "").folder).toBe("b");
    expect(held(host, "groq", "llama-3.3-70b-versatile").price).toMatchObject({ input: 0.6 });
    expect(held(host, "opencode", "chat").context).toBeUndefined();
    expect((await refresh(context)).changes).toEqual({ added: 0, removed: 0, changed: 0, providers: [] });
    expect(JSON.parse(host.written.get(`${DIR}/index.json`) ?? "").folder).toBe("a");
  });

  test("from another address asks for everything", async () => {
    const { host, context } = machine([answer(MODELS_DEV, { etag: '"1"' }), answer(MODELS_DEV)]);
    await refresh(context);
    await refreshFromUrl(context, "models-dev", "https://mirror.example/api.json");
    expect(host.asked[1]?.headers).not.toHaveProperty("if-none-match");
  });

  test.each([
    ["the server is at fault", response(503), "CATALOG_FETCH_FAILED"],
    ["it is sent elsewhere", response(301, "", { location: "https://evil.example" }), "CATALOG_FETCH_FAILED"],
    ["it gets a web page", response(200, "<html>"), "CATALOG_REJECTED"],
    ["the answer is cut off", response(200, JSON.stringify(MODELS_DEV).slice(0, -20)), "CATALOG_REJECTED"],
    ["the answer is no catalogue", answer({ error: "no" }), "CATALOG_REJECTED"],
    ["the answer is empty", answer({}), "CATALOG_REJECTED"],
    ["no provider has a usable id", answer({ "../../etc": MODELS_DEV.groq, index: MODELS_DEV.groq, "a b": MODELS_DEV.groq }), "CATALOG_REJECTED"],
  ])("leaves the old one in place when %s", async (_, second, code) => {
    const { host, context } = machine([answer(MODELS_DEV, { etag: '"1"' }), second]);
    await refresh(context);
    const before = new Map(host.written);
    await expect(refresh(context)).rejects.toMatchObject({ code, exit: code === "CATALOG_REJECTED" ? 65 : 69 });
    expect(host.written).toEqual(before);
    expect(held(host, "groq", "llama-3.3-70b-versatile")).toMatchObject({ context: 131072, problems: [] });
  });

  test("mends an index that is broken", async () => {
    const { host, context } = machine([answer(MODELS_DEV)], { files: { [`${DIR}/index.json`]: "{" } });
    expect(await refresh(context)).toMatchObject({ outcome: "updated", changes: { added: 7 } });
    expect(held(host, "groq", "llama-3.3-70b-versatile")).toMatchObject({ context: 131072, problems: [] });
  });

  test("mends a shard that is damaged, although nothing changed at the source", async () => {
    const { host, context } = machine([answer(MODELS_DEV, { etag: '"1"' }), answer(MODELS_DEV, { etag: '"1"' })]);
    await refresh(context);
    host.written.set(`${DIR}/a/groq.json`, "{");
    expect(await refresh(context)).toMatchObject({ outcome: "updated", changes: { added: 4 } });
    expect(host.asked[1]?.headers).not.toHaveProperty("if-none-match");
    expect(held(host, "groq", "llama-3.3-70b-versatile")).toMatchObject({ context: 131072, problems: [] });
  });

  test("is not fooled by an answer that nothing changed where nothing is", async () => {
    const { context } = machine([response(304)]);
    await expect(refresh(context)).rejects.toMatchObject({ code: "CATALOG_REJECTED" });
  });
});

test("names that would leave the folder are counted and left out", async () => {
  const { host, context } = machine([
    answer({ groq: MODELS_DEV.groq, "../x": { models: { m: { limit: { context: 1 } } } }, __proto__2: 5, "Weird/../..": { models: { m: {} } } }),
  ]);
  expect(await refresh(context)).toMatchObject({ providers: 1, skipped: 3 });
  expect([...host.written.keys()]).toEqual([`${DIR}/a/groq.json`, `${DIR}/index.json`]);
});

describe("OpenRouter's own list", () => {
  const url = LIVE_URLS.openrouter;

  test("counts before models.dev's word on OpenRouter, and both are kept", async () => {
    const theirs = {
      openrouter: { models: { "anthropic/claude-opus-4.6": { name: "x", limit: { context: 200000, output: 128000 }, cost: { input: 15, output: 75 } } } },
    };
    const { host, context } = machine([answer({ ...MODELS_DEV, ...theirs }), answer(OPENROUTER)]);
    await refresh(context);
    expect(await refreshFromUrl(context, "openrouter", url)).toMatchObject({
      catalogue: "openrouter",
      providers: 1,
      models: 3,
      path: `${STATE}/signalbox/catalogue/openrouter`,
    });
    const catalog = openCatalog({ host, registry: registryWith(), stateDir: STATE });
    const entry = catalog.find({ provider: toProviderId("openrouter"), model: toModelId("anthropic/claude-opus-4.6") });
    expect(entry?.readings.contextTokens?.map(({ value, source }) => [value, source.url])).toEqual([
      [1000000, "https://openrouter.ai/api/v1/models"],
      [200000, "https://models.dev/api.json"],
    ]);
  });

  test("is read page by page, and then never asked whether it changed", async () => {
    const pages: Record<string, unknown> = {
      [url]: { data: [{ id: "a/1" }], links: { next: "/api/v1/models?offset=1" } },
      [`${url}?offset=1`]: { data: [{ id: "a/2" }], links: { next: null } },
    };
    const { host, context } = machine([], { http: (request: HttpRequest) => answer(pages[request.url], { etag: '"1"' }) });
    expect(await refreshFromUrl(context, "openrouter", url)).toMatchObject({ models: 2 });
    await refreshFromUrl(context, "openrouter", url);
    expect(host.asked.map((request) => [request.url, request.headers["if-none-match"]])).toEqual([
      [url, undefined],
      [`${url}?offset=1`, undefined],
      [url, undefined],
      [`${url}?offset=1`, undefined],
    ]);
  });

  test("that never ends is not followed for ever", async () => {
    let page = 0;
    const { host, context } = machine([], { http: () => answer({ data: [{ id: `a/${page++}` }], links: { next: `/api/v1/models?offset=${page}` } }) });
    await refreshFromUrl(context, "openrouter", url);
    expect(host.asked).toHaveLength(20);
  });
});

describe("a file", () => {
  const FILE = "/work/api.json";
  const fileHost = (content: string) => machine([], { files: { [FILE]: content } });

  test("is taken in without a network; its facts are of the newest day that stands in it", () => {
    const { host, context } = fileHost(JSON.stringify(MODELS_DEV));
    expect(refreshFromFile(context, "api.json")).toMatchObject({ catalogue: "models-dev", source: { url: FILE, checkedOn: "2026-06-30" }, providers: 3 });
    expect(host.asked).toEqual([]);
    expect(held(host, "groq", "llama-3.3-70b-versatile")).toMatchObject({ context: 131072, origin: "refreshed" });
  });

  test("of OpenRouter is recognised, and a day to come is no day", () => {
    const { context } = fileHost(JSON.stringify(OPENROUTER));
    expect(refreshFromFile(context, FILE)).toMatchObject({ catalogue: "openrouter", source: { checkedOn: "1970-01-01" } });
    const later = fileHost(JSON.stringify({ lab: { models: { m: { limit: { context: 1 }, last_updated: "2099-01-01" } } } }));
    expect(refreshFromFile(later.context, FILE).source.checkedOn).toBe("2026-11-21");
  });

  test.each([
    ["is not there", undefined, "FILE_MISSING"],
    ["may not be read", { unreadable: "EACCES" }, "FILE_MISSING"],
    ["is too large", "x".repeat(17 * 1024 * 1024), "CATALOG_REJECTED"],
    ["is not text", "\uFFFD", "CATALOG_REJECTED"],
    ["is a web page", "<html>", "CATALOG_REJECTED"],
    ["is something else", '{"name": "signalbox"}', "CATALOG_REJECTED"],
  ])("that %s is an error, and nothing is written", (_, content, code) => {
    const { host, context } = machine([], content === undefined ? {} : { files: { [FILE]: content } });
    expect(() => refreshFromFile(context, FILE)).toThrow(expect.objectContaining({ code }));
    expect(host.written.size).toBe(0);
  });
});
