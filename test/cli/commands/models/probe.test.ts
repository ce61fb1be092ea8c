import { describe, expect, test } from "vitest";
import { brands } from "../../../../src/brand.ts";
import { main } from "../../../../src/cli/main.ts";
import type { ModelsProbeReport } from "../../../../src/cli/commands/models/probe.ts";
import type { HttpRequest, HttpResponse } from "../../../../src/kernel/http.ts";
import type { StatusReport } from "../../../../src/status/report.ts";
import { CONFIG, HOUR, keyOf, loginOf, NOW, STORE, storeOf, tokenOf } from "../../../credentials/open-facts.ts";
import { entryOf } from "../../../credentials/refresh/rig.ts";
import { type FakeMachine, fakeHost, response } from "../../../support/fake-host.ts";
import { fakeTerminal } from "../../../support/fake-terminal.ts";
import { packaged } from "../../../support/packaged.ts";

const json = (value: unknown): string => JSON.stringify(value);
const lab = (more: object = {}) => ({ baseUrl: "http://127.0.0.1:1234/v1", api: "openai-completions", models: [{ id: "m", name: "M", ...more }] });
const configOf = (config: object): Record<string, string> => ({ [CONFIG]: json(config) });
const GOOD = json({
  id: "x",
  choices: [{ message: { role: "assistant", content: "OK" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 1 },
});
const REJECTED = json({ error: { message: "Incorrect API key provided.", type: "invalid_request_error", code: "invalid_api_key" } });
const GOOD_RESPONSE = json({ id: "r", status: "completed", output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "OK" }] }] });
const good = ({ url }: HttpRequest): HttpResponse => response(200, url.endsWith("/responses") ? GOOD_RESPONSE : GOOD, { "content-type": "application/json" });

async function probe(words: string, machine: FakeMachine) {
  const host = fakeHost({ packaged, nowMs: NOW, http: good, ...machine });
  const terminal = fakeTerminal();
  const exit = await main({ brand: brands.nemo, version: "1", host, terminal, argv: words.split(" ") });
  return { exit, out: terminal.said.out, err: terminal.said.err, asked: host.asked, written: [...host.written.keys()] };
}

async function rowsOf(words: string, machine: FakeMachine) {
  const ran = await probe(`models probe --json ${words}`.trim(), machine);
  const report = JSON.parse(ran.out) as ModelsProbeReport;
  const rows = report.results.map(({ label, model, status, reason, detail }) =>
    [label, model ?? "-", status, ...[reason, detail].filter((word) => word !== null)].join(" "),
  );
  return { ...ran, report, rows };
}

describe("who is asked", () => {
  const files = {
    ...configOf({ agents: { defaults: { model: { primary: "openai/gpt-5.2" } } }, models: { providers: { lab: lab() } } }),
    [STORE]: json(
      storeOf(
        {
          "openai:work": keyOf("openai", "sk-work-123456"),
          "openai:other": keyOf("openai", "sk-other-123456"),
          "openai:old": tokenOf("openai", NOW - HOUR),
          "anthropic:tool": { type: "token", provider: "anthropic", token: "sk-ant-oat01-abcdefgh" },
        },
        { order: { openai: ["openai:work", "openai:old"] } },
      ),
    ),
  };

  test("each account once, with the chain's model of its provider or the cheapest that is known; the others have a row that says why not", async () => {
    const { rows, asked, written, exit } = await rowsOf("", { files, env: { GROQ_API_KEY: "gsk_groq_123456", OPENAI_API_KEY: "sk-work-123456" } });
    expect(rows).toEqual([
      "openai:old openai/gpt-5.2 unknown expired",
      "env:OPENAI_API_KEY openai/gpt-5.2 unknown duplicate",
      "openai:other openai/gpt-5.2 unknown excluded_by_auth_order",
      expect.stringMatching(/^anthropic:tool anthropic\/claude-\S+ unknown vendor_tool_only$/),
      "openai:work openai/gpt-5.2 ok",
      expect.stringMatching(/^env:GROQ_API_KEY groq\/\S+ ok$/),
      "no key lab/m ok",
    ]);
    expect(asked.map(({ url }) => url)).toEqual([
      "https://api.openai.com/v1/responses",
      "https://api.groq.com/openai/v1/chat/completions",
      "http://127.0.0.1:1234/v1/chat/completions",
    ]);
    expect([written, exit]).toEqual([[], 0]);
  });

  test.each([
    ["openai:work", ["openai:work"]],
    ["lab", ["no key"]],
    ["openai:work openai:work lab/m", ["openai:work", "no key"]],
    ["openai/gpt-5-nano", ["openai:work"]],
  ])("%s", async (words, expected) => {
    const { report } = await rowsOf(words, { files });
    expect(report.results.filter(({ asked }) => asked).map(({ label }) => label)).toEqual(expected);
  });

  test("--chain asks each model of the chain with the account that comes first", async () => {
    const config = {
      agents: { defaults: { model: { primary: "openai/gpt-5.2", fallbacks: ["lab/m", "opnai/x", "openai/gpt-5-nano"] } } },
      models: { providers: { lab: lab() } },
    };
    const { report } = await rowsOf("--chain", { files: { ...files, ...configOf(config) } });
    expect(report.results.map(({ role, model, label, asked }) => [role, model ?? null, label, asked])).toEqual([
      ["fallback 2", null, "opnai/x", false],
      ["default", "openai/gpt-5.2", "openai:work", true],
      ["fallback 1", "lab/m", "no key", true],
      ["fallback 3", "openai/gpt-5-nano", "openai:work", true],
    ]);
  });

  test("--chain exits 1 where a model has nobody to ask, and counts it; --dry-run does not", async () => {
    const config = { agents: { defaults: { model: { primary: "lab/m", fallbacks: ["groq/x"] } } }, models: { providers: { lab: lab() } } };
    const machine = { files: configOf(config) };
    const { exit, out } = await probe("models probe --chain", machine);
    expect([exit, out.split("\n")[0]]).toEqual([1, "✗ 1 of 2 answers."]);
    const alone = { files: configOf({ ...config, agents: { defaults: { model: { primary: "lab/m" } } } }) };
    expect(await probe("models probe --chain", alone)).toMatchObject({ exit: 0, out: expect.stringMatching(/^✓ It answers\.\n/) });
    expect((await probe("models probe --chain --dry-run", machine)).exit).toBe(0);
  });

  test.each<[string, unknown, string, number]>([
    ["another program's login past its end", loginOf("lab", NOW - HOUR), "expired", 1],
    ["a login of ours that a real request would renew", entryOf({}, { provider: "lab" }), "expired renewed_when_asked", 0],
  ])("--chain with %s", async (_, entry, reason, exit) => {
    const config = { agents: { defaults: { model: { primary: "lab/m" } } }, models: { providers: { lab: { ...lab(), baseUrl: "https://lab.example/v1" } } } };
    const ran = await rowsOf("--chain", { files: { ...configOf(config), [STORE]: json(storeOf({ "lab:me": entry })) } });
    expect([ran.rows, ran.asked, ran.exit]).toEqual([[`lab:me lab/m unknown ${reason}`], [], exit]);
    const renewed = "It is renewed when a model is next asked, or log in again.";
    const elsewhere = "Only the program that made it renews it: use that once, or make a login of your own: `nemo models auth login --provider lab`.";
    expect(ran.report.results[0]?.hint).toBe(exit === 0 ? renewed : elsewhere);
  });

  test("--chain with GitHub Copilot exits 1: the gateway does not ask it either", async () => {
    const config = { agents: { defaults: { model: { primary: "github-copilot/gpt-4.1" } } } };
    const ran = await rowsOf("--chain", { files: configOf(config), env: { COPILOT_GITHUB_TOKEN: "ghu_canary0123456789" } });
    expect([ran.rows, ran.exit]).toEqual([["env:COPILOT_GITHUB_TOKEN github-copilot/gpt-4.1 unknown needs_other_token"], 1]);
  });

  test("--chain asks with the account that a reference names, also one that the order leaves out; one that is gone is a row", async () => {
    const config = { agents: { defaults: { model: { primary: "openai/gpt-5.2@openai:other", fallbacks: ["openai/gpt-5.2@openai:gone"] } } } };
    const ran = await rowsOf("--chain", { files: { ...files, ...configOf(config) } });
    expect([ran.rows, ran.exit]).toEqual([["openai:gone openai/gpt-5.2 unknown not_stored", "openai:other openai/gpt-5.2 ok"], 1]);
    expect(ran.report.results[0]?.error).toBe("is what the reference names, but no such account is stored");
  });

  test("a hint names the options of the command that was run, and where a refused key came from", async () => {
    const machine = (http: NonNullable<FakeMachine["http"]>): FakeMachine => ({ files, env: { GROQ_API_KEY: "gsk_canary0123456789" }, http });
    const slow = machine(() => {
      throw Object.assign(new Error("slow"), { name: "TimeoutError", phase: "first_byte" });
    });
    expect((await probe("models probe groq", slow)).out).toContain("Ask again with a longer --timeout;");
    expect((await probe("models status --probe --probe-provider groq", slow)).out).toContain("Ask again with a longer --probe-timeout;");
    const refusing = machine(() => response(401, REJECTED));
    expect((await probe("models probe groq", refusing)).out).toContain("or set GROQ_API_KEY to a new");
  });

  test("--dry-run asks nobody and says the most that it can cost", async () => {
    const { report, asked } = await rowsOf("--dry-run openai:work lab", { files });
    expect([asked, report.totalTargets, report.planned.length]).toEqual([[], 0, 2]);
    expect(report.mostUsd).toBeGreaterThan(0);
    expect(report.mostUsd).toBeLessThan(0.01);
    expect((await probe("models probe --dry-run --plain openai:work", { files })).out).toBe("openai\topenai/gpt-5.2\topenai:work\tplanned\t-\t-\n");
  });

  test("--dry-run says who would not be asked, and why, on lines that fit", async () => {
    const profile = "anthropic:somebody.with.a.long.name@example.com";
    const store = json(storeOf({ [profile]: { type: "token", provider: "anthropic", token: "sk-ant-oat01-abcdefgh" } }));
    const { out } = await probe("models probe --dry-run anthropic", { files: { ...files, [STORE]: store } });
    expect(out.split("\n").slice(1)).toEqual([`  - ${profile} is allowed in the vendor's`, "    own program only", ""]);
  });

  test("--tier free asks for the list of models, with the key and without", async () => {
    const http = ({ headers }: HttpRequest): HttpResponse =>
      headers["authorization"] === undefined ? response(401, REJECTED) : response(200, '{"data":[{"id":"m"}]}');
    const { rows, asked } = await rowsOf("--tier free openai:work", { files, http });
    expect(rows).toEqual(["openai:work openai/gpt-5.2 ok"]);
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET https://api.openai.com/v1/models", "GET https://api.openai.com/v1/models"]);
  });

  test("a program that has the secret is asked for it before any clock runs; one that has none is a row", async () => {
    const refs = storeOf({
      "mistral:program": { type: "api_key", provider: "mistral", ref: 'exec:["secrets","get"]' },
      "mistral:gone": { type: "api_key", provider: "mistral", ref: 'exec:["nowhere"]' },
      "mistral:unset": { type: "api_key", provider: "mistral", ref: "env:UNSET_KEY" },
    });
    const run: FakeMachine["run"] = (command) =>
      command === "secrets" ? { exitCode: 0, stdout: "program-canary-0123456789\n" } : { exitCode: undefined, stdout: "", failure: "ENOENT" };
    const { report, asked, out, exit } = await rowsOf("mistral", { files: { [STORE]: json(refs) }, run });
    expect(report.results.map(({ label, status, reason, error }) => [label, status, reason, error])).toEqual([
      ["mistral:unset", "unknown", "unresolved_reference", "refers to env:UNSET_KEY, but the variable is not set"],
      ["mistral:gone", "unknown", "unresolved_reference", "its secret was not found: there is no program nowhere"],
      ["mistral:program", "ok", null, undefined],
    ]);
    expect(asked.map(({ headers }) => headers["authorization"])).toEqual(["Bearer program-canary-0123456789"]);
    expect([out.includes("canary"), exit]).toEqual([false, 0]);
  });

  test.each(["nobody:here", "wunderland"])("%s is refused with 64", async (word) => {
    expect(await probe(`models probe ${word}`, { files })).toMatchObject({ exit: 64, asked: [] });
  });
});

describe("what is asked", () => {
  test.each([
    ["openai-completions", undefined, "chat", 8, false],
    ["openai-completions", true, "reasoning", 256, true],
    ["openai-responses", undefined, "chat", 16, true],
    ["anthropic-messages", undefined, "chat", 8, false],
    ["google-generative-ai", undefined, "chat", 8, false],
  ])("%s, reasoning %s: %s with %i tokens, in one small request", async (api, reasoning, kind, maxTokens, raised) => {
    const files = configOf({ models: { providers: { lab: { ...lab(reasoning === undefined ? {} : { reasoning }), api } } } });
    const { report, asked } = await rowsOf("lab", { files });
    expect(report.results[0]).toMatchObject({ kind, maxTokens, raised });
    expect(asked.length).toBe(1);
    expect(asked[0]?.body?.length).toBeLessThanOrEqual(600);
  });

  test("an embedding model is asked for a vector", async () => {
    const files = configOf({ models: { providers: { lab: { ...lab(), models: [{ id: "text-embedding-3-small", name: "E" }] } } } });
    const { rows, asked } = await rowsOf("lab/text-embedding-3-small", { files, http: () => response(200, '{"data":[{"embedding":[0.1]}]}') });
    expect([rows, asked[0]?.url]).toEqual([["no key lab/text-embedding-3-small ok"], "http://127.0.0.1:1234/v1/embeddings"]);
  });
});

describe("what is found", () => {
  const files = configOf({ models: { providers: { lab: lab() } } });
  const answers = (status: number, body: string, headers = {}) => ({
    files,
    http: () => response(status, body, { "content-type": "application/json", ...headers }),
  });
  const choice = (content: string, finish: string, spent: number) =>
    json({ choices: [{ message: { role: "assistant", content }, finish_reason: finish }], usage: { prompt_tokens: 9, completion_tokens: spent } });

  test.each([
    [200, GOOD, "ok"],
    [200, choice("", "stop", 0), "unknown unknown empty"],
    [200, choice("", "length", 8), "ok"],
    [200, choice("", "length", 0), "unknown unknown empty"],
    [200, "", "unknown unknown empty"],
    [200, '{"hello":"world"}', "unknown unknown unreadable"],
    [200, "<!doctype html>", "unknown network html"],
    [200, '{"error":{"message":"no","code":401}}', "auth auth"],
    [400, '{"error":{"message":"no such field"}}', "format format"],
    [401, REJECTED, "auth auth"],
    [402, "{}", "billing billing"],
    [404, '{"error":{"code":"model_not_found","message":"m"}}', "unknown model_not_found"],
    [500, "{}", "unknown unknown server"],
    [503, "{}", "rate_limit overloaded"],
  ])("%i %s: %s", async (status, body, expected) => {
    const { rows, exit, asked } = await rowsOf("lab", answers(status, body));
    expect([rows[0]?.replace("no key lab/m ", ""), exit, asked.length]).toEqual([expected, expected === "ok" ? 0 : 1, 1]);
  });

  test("a limit says when it ends, and the vendor's words come without secrets", async () => {
    const withKey = configOf({ models: { providers: { lab: { ...lab(), apiKey: "lab-canary-0123456789" } } } });
    const http = () => response(429, '{"error":{"message":"lab-canary-0123456789 is over its limit","code":"rate_limit_exceeded"}}', { "retry-after": "20" });
    const { report, out } = await rowsOf("lab", { files: withKey, http });
    expect(report.results[0]).toMatchObject({ status: "rate_limit", resetAt: NOW + 20_000, httpStatus: 429 });
    expect(out).not.toContain("canary");
  });
});

describe("models status --probe", () => {
  const files = {
    ...configOf({ agents: { defaults: { model: { primary: "openai/gpt-5.2" } } } }),
    [STORE]: json(storeOf({ "openai:work": keyOf("openai", "sk-work-123456"), "groq:mine": keyOf("groq", "gsk_groq_123456") })),
  };
  const rejecting = (provider: string) => ({
    files,
    http: (request: HttpRequest) => (request.url.includes(provider) ? response(401, REJECTED) : good(request)),
  });

  test("adds what was found where older tools look for it", async () => {
    const { out, exit, written } = await probe("models status --json --probe --probe-provider openai --probe-profile openai:work", rejecting("nobody"));
    const { probes } = (JSON.parse(out) as StatusReport).auth;
    expect(probes).toMatchObject({
      totalTargets: 1,
      options: { provider: "openai", profileIds: ["openai:work"], timeoutMs: 8000, concurrency: 2, maxTokens: 8 },
      results: [
        { provider: "openai", model: "openai/gpt-5.2", profileId: "openai:work", label: "openai:work", source: "profile", mode: "api_key", status: "ok" },
      ],
    });
    expect([exit, written]).toEqual([0, []]);
  });

  test.each([
    ["--probe --check", "openai.com", 1],
    ["--probe", "openai.com", 0],
    ["--probe --check", "groq.com", 0],
    ["--probe --check-all", "groq.com", 1],
  ])("%s with a key rejected by %s exits %i", async (flags, provider, expected) => {
    expect((await probe(`models status ${flags}`, rejecting(provider))).exit).toBe(expected);
  });

  test("a default model that was asked in vain is not called ready", async () => {
    expect((await probe("models status --probe", rejecting("openai"))).out).toMatch(/^✗ openai\/gpt-5\.2 was asked and does not answer: auth\.\n/);
  });

  test("a person sees who answered, and progress is on stderr", async () => {
    const { out, err } = await probe("models status --probe", rejecting("groq"));
    expect(out).toContain("Probes\n  openai/gpt-5.2");
    expect(out).toContain("✗ groq:mine: groq rejects the credential (401 invalid_api_key)");
    expect(err).toContain("Asking 2 accounts, one small request each…\n1/2  ");
  });
});
