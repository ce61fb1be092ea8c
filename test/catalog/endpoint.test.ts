import { describe, expect, test } from "vitest";
import { endpointOf } from "../../src/catalog/endpoint.ts";
import { toModelId, toProviderId } from "../../src/kernel/ids.ts";
import type { ModelSpec } from "../../src/provider/model-spec.ts";
import type { CustomProvider } from "../../src/provider/registry.ts";
import { embedded, opened, registryWith, STATE } from "./catalog-files.ts";

const openrouter = toProviderId("openrouter");
const OWN = { protocol: "anthropic-messages", baseUrl: "https://openrouter.ai/api" } as const;
const EMBEDDED = { openrouter: { "anthropic/claude": { ...OWN, contextTokens: 5 }, "openai/gpt": { protocol: "openai-responses" } } } as const;
const AT_VENDOR = { protocol: "openai-chat", baseUrl: "https://openrouter.ai/api/v1" };
const MINE = "https://proxy.example/v1";

function asked(model: string, stated?: Partial<CustomProvider>, machine: Parameters<typeof opened>[1] = {}): unknown {
  const layers = stated === undefined ? [] : [{ id: openrouter, models: [], origin: { kind: "config", place: undefined }, ...stated } as const];
  const registry = registryWith(...layers);
  const { catalog } = opened(EMBEDDED, machine, registry);
  const provider = registry.get(openrouter)?.provider;
  if (provider === undefined) throw new Error("no provider");
  return endpointOf(provider, catalog.find({ provider: openrouter, model: toModelId(model) }));
}

const own = (model: string, facts: Partial<ModelSpec>): ModelSpec => ({ provider: openrouter, id: toModelId(model), name: model, ...facts });

describe("a model is asked", () => {
  test("at its own address in its own format, else as its provider is", () => {
    expect([asked("anthropic/claude"), asked("openai/gpt"), asked("new/one")]).toEqual([OWN, { ...AT_VENDOR, protocol: "openai-responses" }, AT_VENDOR]);
  });

  test("at no address of the vendor where the user wrote another one for the provider", () => {
    const moved = { baseUrl: MINE };
    expect([asked("anthropic/claude", moved), asked("openai/gpt", moved), asked("new/one", moved)]).toEqual([
      { protocol: "openai-chat", baseUrl: MINE },
      { protocol: "openai-responses", baseUrl: MINE },
      { protocol: "openai-chat", baseUrl: MINE },
    ]);
  });

  test("in the format that the user wrote beside the address", () => {
    const moved = { baseUrl: MINE, protocol: "openai-chat" } as const;
    expect([asked("anthropic/claude", moved), asked("openai/gpt", moved)]).toEqual([moved, moved]);
  });

  test("as before where an entry repeats the vendor's own address", () => {
    expect([asked("anthropic/claude", { baseUrl: AT_VENDOR.baseUrl }), asked("openai/gpt", AT_VENDOR as Partial<CustomProvider>)]).toEqual([
      OWN,
      { ...AT_VENDOR, protocol: "openai-responses" },
    ]);
  });

  test("as the user wrote of the model itself, before all", () => {
    const mine = { protocol: "anthropic-messages", baseUrl: "https://mine.example" } as const;
    expect([
      asked("anthropic/claude", { baseUrl: MINE, models: [own("anthropic/claude", mine)] }),
      asked("anthropic/claude", { baseUrl: MINE, models: [own("anthropic/claude", { contextTokens: 9 })] }),
      asked("anthropic/claude", { models: [own("anthropic/claude", { contextTokens: 9 })] }),
      asked("anthropic/claude", { models: [own("anthropic/claude", { protocol: "openai-chat" })] }),
    ]).toEqual([mine, { protocol: "openai-chat", baseUrl: MINE }, OWN, AT_VENDOR]);
  });

  test.each([
    ["the format of its address", "anthropic-messages", OWN],
    ["another format", "openai-chat", AT_VENDOR],
    ["no format", undefined, OWN],
  ] as const)("at the embedded address when a refreshed list states %s", (_, protocol, expected) => {
    const folder = `${STATE}/signalbox/catalogue/models-dev`;
    const shard = embedded({ openrouter: { "anthropic/claude": { contextTokens: 7, ...(protocol !== undefined && { protocol }) } } })[
      "catalog/openrouter.json"
    ];
    const source = { url: "https://models.dev/api.json", checkedOn: "2026-11-20" };
    const index = JSON.stringify({ v: 1, folder: "a", takenOn: "2026-11-20", source, providers: [["openrouter", 1, 0]] });
    expect(asked("anthropic/claude", undefined, { files: { [`${folder}/index.json`]: index, [`${folder}/a/openrouter.json`]: shard ?? "" } })).toEqual(
      expected,
    );
  });
});
