import { describe, expect, test } from "vitest";
import { brands } from "../../src/brand.ts";
import type { ModelsListReport } from "../../src/cli/commands/models/list.ts";
import { main } from "../../src/cli/main.ts";
import { embedded } from "../catalog/catalog-files.ts";
import { CONFIG, DAY, keyOf, NOW, STORE, storeOf } from "../credentials/open-facts.ts";
import { answering } from "../support/answering.ts";
import { type FakeHost, type FakeMachine, fakeHost } from "../support/fake-host.ts";
import { fakeTerminal } from "../support/fake-terminal.ts";
import {
  anthropicServer,
  googleServer,
  liteLlmServer,
  llamaCppServer,
  lmStudioServer,
  lockedLiteLlmServer,
  type ModelServer,
  ollamaServer,
  openRouterServer,
  sglangServer,
  VENDOR_KEY,
  vllmServer,
} from "../support/model-servers.ts";

const LOCAL: Readonly<Record<string, ModelServer>> = {
  "http://127.0.0.1:11434": ollamaServer,
  "http://127.0.0.1:1234": lmStudioServer,
  "http://127.0.0.1:8000": vllmServer,
  "http://127.0.0.1:8080": llamaCppServer,
  "http://127.0.0.1:30000": sglangServer,
  "http://127.0.0.1:4000": liteLlmServer,
};
const VENDORS: Readonly<Record<string, ModelServer>> = {
  "https://api.anthropic.com": anthropicServer,
  "https://generativelanguage.googleapis.com": googleServer,
  "https://openrouter.ai": openRouterServer,
};
const KEYS = { ANTHROPIC_API_KEY: VENDOR_KEY, GEMINI_API_KEY: VENDOR_KEY, OPENROUTER_API_KEY: VENDOR_KEY };

const hostOf = (machine: FakeMachine): FakeHost => fakeHost({ packaged: embedded({ vllm: { "Qwen/Qwen3-32B": { tools: true } } }), nowMs: NOW, ...machine });

async function ran(host: FakeHost, words: string): Promise<{ exit: number; out: string; err: string }> {
  const terminal = fakeTerminal();
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: ["models", "list", ...words.split(" ")] });
  return { exit, ...terminal.said };
}

async function reportOf(host: FakeHost, words = "--live"): Promise<ModelsListReport> {
  return JSON.parse((await ran(host, `${words} --json`)).out);
}

const outcomes = ({ servers = [] }: ModelsListReport): unknown => servers.map(({ provider, outcome, models }) => [provider, outcome, models]);

describe("servers of one's own", () => {
  test("are found at their usual ports, each as what it is, without a key", async () => {
    const host = hostOf({ http: answering(LOCAL) });
    const report = await reportOf(host);
    expect(outcomes(report)).toEqual([
      ["litellm", "listed", 2],
      ["llama-cpp", "listed", 1],
      ["lmstudio", "listed", 3],
      ["ollama", "listed", 4],
      ["sglang", "listed", 1],
      ["vllm", "listed", 1],
    ]);
    expect(report).toMatchObject({ view: "live", count: 12 });
    expect(host.asked.filter(({ headers }) => Object.keys(headers).some((name) => /auth|key/.test(name)))).toEqual([]);
    expect(report.models.find(({ key }) => key === "ollama/llama3.1:8b")).toMatchObject({ contextWindow: 4096, tools: true, input: "text", available: true });
  });

  test("what the server leaves out comes from the catalogue, and is marked", async () => {
    const { models } = await reportOf(hostOf({ http: answering(LOCAL) }), "--live --provider vllm");
    expect(models).toMatchObject([{ key: "vllm/Qwen/Qwen3-32B", contextWindow: 40_960, tools: true, fromCatalogue: ["tools"], listedOn: "2026-11-21" }]);
  });

  test("at whose port nothing or something else answers, are not spoken of", async () => {
    const page: ModelServer = () => ({ status: 200, json: { hello: "world" } });
    const { out } = await ran(hostOf({ http: answering({ "http://127.0.0.1:8000": page, "http://127.0.0.1:8080": page }) }), "--live");
    expect(out).toContain("Nobody to ask");
  });

  test("that are no provider's are named with what makes them one", async () => {
    const report = await reportOf(hostOf({ http: answering({ "http://127.0.0.1:8080": vllmServer, "http://127.0.0.1:4000": lockedLiteLlmServer }) }));
    expect(report.servers).toMatchObject([
      { provider: "litellm", outcome: "failed", detail: "asks for a key (401)", hint: "Store it: `nemo models auth add --provider litellm`." },
      { provider: null, server: "vllm", outcome: "not asked", hint: "`nemo models add-server http://127.0.0.1:8080/v1` makes it a provider." },
    ]);
  });

  test("OLLAMA_HOST says where Ollama is", async () => {
    const host = hostOf({ env: { OLLAMA_HOST: "0.0.0.0:7000" }, http: answering({ "http://127.0.0.1:7000": ollamaServer }) });
    expect((await reportOf(host)).servers).toMatchObject([
      {
        provider: "ollama",
        url: "http://127.0.0.1:7000/v1",
        outcome: "listed",
        models: 4,
        hint: expect.stringContaining("models add-server http://127.0.0.1:7000/v1"),
      },
    ]);
    const off = hostOf({ env: { OLLAMA_HOST: "0.0.0.0:7000" }, http: answering({}) });
    expect((await reportOf(off)).servers).toMatchObject([{ outcome: "failed", detail: "refused the connection", reason: "network" }]);
  });
});

describe("vendors", () => {
  test("list page by page what the account may use, each with its own header", async () => {
    const report = await reportOf(hostOf({ env: KEYS, http: answering(VENDORS) }));
    expect(report.models.map(({ key, contextWindow }) => [key, contextWindow])).toEqual([
      ["anthropic/claude-opus-4-6", 1_000_000],
      ["anthropic/claude-haiku-4-5-20251001", 1_000_000],
      ["google/gemini-2.5-pro", 1_048_576],
      ["google/gemini-embedding-001", 2048],
      ["openrouter/meta-llama/llama-3.3-70b-instruct:free", 131_072],
      ["openrouter/google/gemini-2.5-pro", 1_048_576],
    ]);
    expect(report.servers?.map(({ account }) => account)).toEqual(["env:ANTHROPIC_API_KEY", "env:GEMINI_API_KEY", "env:OPENROUTER_API_KEY"]);
  });

  test("the filters of the list hold here too", async () => {
    const { models } = await reportOf(hostOf({ env: KEYS, http: answering(VENDORS) }), "--live --free --tools");
    expect(models.map(({ key }) => key)).toEqual(["openrouter/meta-llama/llama-3.3-70b-instruct:free"]);
  });

  test("one that fails is a row with its reason, and empties nothing", async () => {
    const env = { ...KEYS, ANTHROPIC_API_KEY: "sk-ant-api03-wrong", GROQ_API_KEY: "gsk_x" };
    const report = await reportOf(hostOf({ env, http: answering(VENDORS) }));
    expect(outcomes(report)).toEqual([
      ["anthropic", "failed", 0],
      ["google", "listed", 2],
      ["groq", "failed", 0],
      ["openrouter", "listed", 2],
    ]);
    expect(report.servers?.[0]).toMatchObject({ detail: "does not accept the credential (401)", reason: "auth", httpStatus: 401 });
  });

  test("a setup-token is shown to nobody", async () => {
    const files = { [STORE]: JSON.stringify(storeOf({ "anthropic:max": keyOf("anthropic", "sk-ant-oat01-0123456789") })) };
    const host = hostOf({ files, http: answering(VENDORS) });
    expect((await reportOf(host)).servers).toMatchObject([
      { outcome: "not asked", detail: "was not asked: anthropic:max is allowed in its vendor's own program only" },
    ]);
    expect(host.asked.filter(({ url }) => url.startsWith("https://"))).toEqual([]);
  });

  test("without an account, one that is named is not asked, and says why", async () => {
    expect((await reportOf(hostOf({ http: answering(VENDORS) }), "--live --provider groq")).servers).toMatchObject([
      { provider: "groq", outcome: "not asked", detail: "was not asked: no credential" },
    ]);
  });
});

describe("what was listed", () => {
  const machine = { env: { OPENROUTER_API_KEY: VENDOR_KEY } };
  const kept = async (later: number, servers: Readonly<Record<string, ModelServer>>, env: Readonly<Record<string, string>>, words = "--live") => {
    const first = hostOf({ ...machine, http: answering(VENDORS) });
    await reportOf(first);
    const host = hostOf({ env, nowMs: NOW + later, http: answering(servers), files: Object.fromEntries(first.written) });
    const report = await reportOf(host, words);
    return { report, vendors: host.asked.filter(({ url }) => url.startsWith("https://")).length };
  };

  test("by a vendor counts for a day, and says so; then it is asked for again", async () => {
    const within = await kept(DAY - 1, VENDORS, machine.env);
    expect([within.vendors, within.report.count, within.report.servers]).toMatchObject([0, 2, [{ kept: true, listedAt: "2026-11-21T12:00:00.000Z" }]]);
    expect((await kept(DAY, VENDORS, machine.env)).vendors).toBe(1);
  });

  test("is asked for anew with --refresh", async () => {
    expect(await kept(1000, VENDORS, machine.env, "--refresh")).toMatchObject({ vendors: 1, report: { servers: [{ kept: false }] } });
  });

  test("stands in with its day when the vendor fails", async () => {
    const { report } = await kept(3 * DAY, {}, machine.env);
    expect(report.servers).toMatchObject([{ outcome: "failed", kept: true, models: 2, listedAt: "2026-11-21T12:00:00.000Z" }]);
    expect(report.models).toMatchObject([{ listedOn: "2026-11-21" }, { listedOn: "2026-11-21" }]);
  });

  test("for another key is nobody else's", async () => {
    const { report } = await kept(1000, VENDORS, { OPENROUTER_API_KEY: "sk-or-v1-another" });
    expect(report.servers).toMatchObject([{ outcome: "failed", kept: false, models: 0 }]);
  });

  test("holds no secret", async () => {
    const host = hostOf({ env: KEYS, http: answering(VENDORS) });
    await reportOf(host);
    expect([...host.written.keys()].sort()).toEqual(["anthropic", "google", "openrouter"].map((id) => `/home/me/.nemo/signalbox/live/${id}.json`));
    expect([...host.written.values()].join("")).not.toContain(VENDOR_KEY);
  });
});

test("a provider of one's own with another protocol is asked in it", async () => {
  const files = {
    [CONFIG]: JSON.stringify({ models: { providers: { box: { baseUrl: "http://10.0.0.5:9000", api: "anthropic-messages", models: [] } } } }),
    [STORE]: JSON.stringify(storeOf({ "box:default": keyOf("box", VENDOR_KEY) })),
  };
  const report = await reportOf(hostOf({ files, http: answering({ "http://10.0.0.5:9000": anthropicServer }) }));
  expect(report.models.map(({ key }) => key)).toEqual(["box/claude-opus-4-6", "box/claude-haiku-4-5-20251001"]);
});

test("--live and the catalogue exclude each other", async () => {
  expect(await ran(hostOf({}), "--live --all")).toMatchObject({ exit: 64, err: expect.stringContaining("--live and --all exclude each other") });
});

test("a person reads who was asked, then what they list", async () => {
  const { out, err } = await ran(
    hostOf({ env: { ...KEYS, GROQ_API_KEY: "gsk_x" }, http: answering({ ...VENDORS, "http://127.0.0.1:8000": vllmServer }) }),
    "--live",
  );
  expect(err).toBe("Asking 4 providers…\n");
  expect(out.split("\n").slice(0, 7)).toEqual([
    "✓ Anthropic 2 models (env:ANTHROPIC_API_KEY)",
    "✓ Google Gemini 2 models (env:GEMINI_API_KEY)",
    "✗ Groq refused the connection",
    "✓ OpenRouter 2 models (env:OPENROUTER_API_KEY)",
    "✓ vLLM 1 model (http://127.0.0.1:8000/v1)",
    "",
    "Model                                              Context  TVR   $ in / out  Tags",
  ]);
  expect(out).toContain("vllm/Qwen/Qwen3-32B");
  expect(out).toContain("* from the catalogue: the server does not say");
});
