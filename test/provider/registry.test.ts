import { describe, expect, test } from "vitest";
import { toModelId, toProviderId } from "../../src/kernel/ids.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { apiKey, defineProvider, type Provider } from "../../src/provider/provider.ts";
import { type CustomProvider, createRegistry } from "../../src/provider/registry.ts";

const source = { url: "https://example.com", checkedOn: "2026-11-21" };
const groq = defineProvider({
  id: "groq",
  label: "Groq",
  protocol: "openai-chat",
  baseUrl: "https://api.groq.com/openai/v1",
  auth: [apiKey("GROQ_API_KEY")],
  docs: "https://console.groq.com/docs/models",
  quirks: {},
  source,
});
const ollama: Provider = { ...groq, id: "ollama", label: "Ollama", aliases: ["llama"], baseUrl: "http://127.0.0.1:11434/v1", local: true };

describe("ids", () => {
  test("are exact first, then an alias; spaces and case do not matter; an unknown one comes back as it is", () => {
    const registry = createRegistry([groq, ollama], []);
    expect([" Groq ", "LLAMA", "ollama", "nobody"].map((text) => registry.idOf(text))).toEqual(["groq", "ollama", "ollama", "nobody"]);
  });

  test("names of objects are names like any other", () => {
    const registry = createRegistry([groq], []);
    expect(["constructor", "__proto__"].map((id) => registry.get(registry.idOf(id)))).toEqual([undefined, undefined]);
  });

  test("a provider of the user's own takes a name that is otherwise an alias, and a note says so", () => {
    const registry = createRegistry([ollama], [entry("llama", { baseUrl: "https://llama.example/v1" })]);
    expect(registry.idOf("llama")).toBe("llama");
    expect(registry.problems.map(({ severity, code, message }) => [severity, code, message])).toEqual([
      ["note", "PLUGIN_DUPLICATE", `"llama" is a provider of your own here; without it the name would mean ollama (Ollama)`],
    ]);
  });

  test("that two built-in providers claim are a warning, and the first counts", () => {
    const rival: Provider = { ...groq, label: "Other", aliases: ["llama"] };
    const registry = createRegistry([groq, ollama, rival, { ...groq, id: "third", aliases: ["llama", "groq"] }], []);
    expect(registry.get(toProviderId("groq"))?.provider.label).toBe("Groq");
    expect(registry.problems.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      `warning: two built-in providers have the id "groq"; the first counts`,
      `warning: its alias "llama" already means ollama`,
      `warning: its alias "llama" already means ollama`,
      `warning: its alias "groq" already means groq`,
    ]);
  });

  test("that two plugins bring are a warning that names both", () => {
    const registry = createRegistry([], [plugin("lab", "a"), plugin("lab", "b")]);
    expect(registry.problems.map(({ message }) => message)).toEqual([`the plugins a and b both bring "lab"; the first counts`]);
  });

  test("come after the problems of who read the entries", () => {
    const problem = { code: "PROVIDER_ENTRY_BROKEN", severity: "error", subject: "lab", message: "broken", hint: "mend it" } as const;
    expect(createRegistry([groq], [], [problem]).problems).toEqual([problem]);
  });
});

describe("entries over a built-in provider", () => {
  test("state what they state, the strongest first, and leave the rest", () => {
    const config = entry("groq", { baseUrl: "http://localhost:9/v1" });
    const file: CustomProvider = {
      ...entry("groq", { baseUrl: "https://old.example/v1", protocol: "openai-responses" }),
      origin: { kind: "models.json", file: "/m/models.json" },
    };
    const registered = createRegistry([groq], [file, config]).get(toProviderId("groq"));
    expect(registered).toEqual({
      provider: { ...groq, baseUrl: "http://localhost:9/v1", protocol: "openai-responses" },
      origin: { kind: "built-in" },
      custom: [config, file],
      moved: "address and format",
      isLocal: true,
    });
  });

  test("do not make a server of one's own a stranger's, wherever it answers", () => {
    const registry = createRegistry([ollama], [entry("ollama", { baseUrl: "https://ollama.example.com/v1" })]);
    expect(registry.get(toProviderId("ollama"))?.isLocal).toBe(true);
  });

  test("do not ask where an entry stands", () => {
    const lazy: CustomProvider = {
      ...entry("groq", { baseUrl: "https://a.example/v1" }),
      origin: {
        kind: "config",
        get place(): never {
          throw new Error("the file would be read again");
        },
      },
    };
    expect(createRegistry([groq], [lazy]).get(toProviderId("groq"))?.provider.baseUrl).toBe("https://a.example/v1");
  });
});

describe("a provider that only the user defined", () => {
  test("comes after the built-in ones, and is called by its id", () => {
    const registry = createRegistry([groq], [entry("lab", { baseUrl: "https://lab.example/v1", apiKey: new Secret("k") })]);
    expect(registry.all.map(({ provider }) => provider.id)).toEqual(["groq", "lab"]);
    expect(registry.all[1]).toEqual({
      provider: {
        id: "lab",
        label: "lab",
        protocol: "openai-chat",
        baseUrl: "https://lab.example/v1",
        auth: [{ kind: "api_key", label: "API key", env: [] }],
        docs: "",
        quirks: {},
        source: { url: "", checkedOn: "" },
      },
      origin: { kind: "config", place: undefined },
      custom: [entry("lab", { baseUrl: "https://lab.example/v1", apiKey: new Secret("k") })],
      moved: "address",
      isLocal: false,
    });
  });

  test("speaks what its first model with a protocol speaks, where the entry says nothing", () => {
    const id = toProviderId("lab");
    const models = [
      { provider: id, id: toModelId("a"), name: "a" },
      { provider: id, id: toModelId("b"), name: "b", protocol: "anthropic-messages" },
    ] as const;
    expect(createRegistry([], [entry("lab", { models })]).get(id)?.provider.protocol).toBe("anthropic-messages");
    expect(createRegistry([], [entry("lab", { models, protocol: "google-generate" })]).get(id)?.provider.protocol).toBe("google-generate");
  });

  test.each([
    ["a local one without a key needs none", { baseUrl: "http://192.168.1.9/v1" }, "none"],
    ["a local one with a key takes it", { baseUrl: "http://192.168.1.9/v1", keyVariable: "LAB_KEY" }, "api_key"],
    ["a remote one wants a key", { baseUrl: "https://lab.example/v1" }, "api_key"],
    ["one without an address wants a key", {}, "api_key"],
    ["aws-sdk is the AWS login", { authMode: "aws-sdk" }, "delegated"],
    ["token and oauth are tokens", { authMode: "oauth" }, "token"],
  ] as const)("%s", (_title, facts, kind) => {
    expect(createRegistry([], [entry("lab", facts)]).all[0]?.provider.auth.map((method) => method.kind)).toEqual([kind]);
  });

  test("is found by what its key is called only through its entry: the variable is not claimed twice", () => {
    const auth = createRegistry([], [entry("lab", { keyVariable: "LAB_KEY" })]).all[0]?.provider.auth;
    expect(auth).toEqual([{ kind: "api_key", label: "API key", env: [] }]);
  });
});

function entry(id: string, facts: Partial<CustomProvider>): CustomProvider {
  return { id: toProviderId(id), origin: { kind: "config", place: undefined }, models: [], ...facts };
}

function plugin(id: string, pluginId: string): CustomProvider {
  return { ...entry(id, {}), origin: { kind: "plugin", pluginId } };
}
