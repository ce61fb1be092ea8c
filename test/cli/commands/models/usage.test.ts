import { describe, expect, test } from "vitest";
import { brands } from "../../../../src/brand.ts";
import type { ModelsUsageReport } from "../../../../src/cli/commands/models/usage.ts";
import { main } from "../../../../src/cli/main.ts";
import type { HttpRequest, HttpResponse } from "../../../../src/kernel/http.ts";
import type { StatusReport } from "../../../../src/status/report.ts";
import { CONFIG, HOUR, keyOf, loginOf, NOW, STORE, storeOf } from "../../../credentials/open-facts.ts";
import { type FakeHost, type FakeMachine, fakeHost, response } from "../../../support/fake-host.ts";
import { fakeTerminal } from "../../../support/fake-terminal.ts";
import { packaged } from "../../../support/packaged.ts";
import { fixture } from "../../../usage/fixture.ts";

const CACHE = "/home/me/.nemo/signalbox/usage.json";
const MINUTE = 60_000;
const json = (value: unknown): string => JSON.stringify(value);
const JSON_TYPE = { "content-type": "application/json" };

/** Where each vendor that these tests ask tells it, and what it was recorded to tell. */
const ANSWERS: Readonly<Record<string, string>> = {
  "https://openrouter.ai/api/v1/key": "openrouter",
  "https://api.deepseek.com/user/balance": "deepseek",
  "https://api.anthropic.com/api/oauth/usage": "anthropic-oauth",
  "https://chatgpt.com/backend-api/wham/usage": "openai-codex",
  "https://api.github.com/copilot_internal/user": "github-copilot",
  "http://127.0.0.1:4000/proxy/v1/key": "openrouter",
  "http://127.0.0.1:4000/copilot_internal/user": "github-copilot",
};

function vendors({ url }: HttpRequest): HttpResponse {
  const name = ANSWERS[url];
  if (name !== undefined) return response(200, json(fixture(name).body), JSON_TYPE);
  return url.endsWith("/models") ? response(200, '{"data":[]}', url.includes("groq") ? fixture("groq-headers").headers : {}) : response(404);
}

function machine(store: Readonly<Record<string, unknown>>, more: FakeMachine & { readonly config?: object } = {}): FakeHost {
  const { config = {}, files = {}, ...rest } = more;
  return fakeHost({ packaged, nowMs: NOW, http: vendors, ...rest, files: { [CONFIG]: json(config), [STORE]: json(storeOf(store)), ...files } });
}

async function run(host: FakeHost, words: string) {
  const terminal = fakeTerminal();
  const exit = await main({ brand: brands.nemo, version: "1", host, terminal, argv: words.split(" ") });
  return { exit, out: terminal.said.out, err: terminal.said.err };
}

async function rowsOf(host: FakeHost, words = "") {
  const { out } = await run(host, `models usage --json ${words}`.trim());
  return (JSON.parse(out) as ModelsUsageReport).accounts;
}

const summary = async (host: FakeHost, words = "") =>
  (await rowsOf(host, words)).map(({ profileId, outcome, reason }) => [profileId, outcome, ...(reason === null ? [] : [reason])].join(" "));
const urls = (host: FakeHost): string[] => host.asked.map(({ method, url }) => `${method} ${url}`);

const TWO = { "openrouter:default": keyOf("openrouter", "sk-or-v1-canary-000001"), "deepseek:main": keyOf("deepseek", "canary-deepseek-0001") };
const TOOL = { type: "token", provider: "anthropic", token: "sk-ant-oat01-canary-0001" };
const COPILOT = { type: "token", provider: "github-copilot", token: "gho_canary0000000000001" };

describe("who is asked", () => {
  test("every account once, at the address that its vendor has for it; who cannot be asked is a row that says why", async () => {
    const host = machine(
      {
        ...TWO,
        "groq:default": keyOf("groq", "gsk_canary_0000000001"),
        "openai:work": keyOf("openai", "sk-canary-openai-0001"),
        "openai-codex:me": loginOf("openai-codex", NOW + HOUR),
        "anthropic:old": loginOf("anthropic", NOW - HOUR),
        "anthropic:work": loginOf("anthropic", NOW + HOUR),
        "anthropic:tool": TOOL,
        "github-copilot:github": COPILOT,
        "google-gemini-cli:me": loginOf("google-gemini-cli", NOW + HOUR),
        "deepseek:empty": keyOf("deepseek", ""),
        "amazon-bedrock:key": keyOf("amazon-bedrock", "canary-bedrock-0001"),
        "gone:key": keyOf("gone", "canary-gone-000001"),
      },
      { env: { OPENROUTER_API_KEY: "sk-or-v1-canary-000001" } },
    );
    expect(await summary(host)).toEqual([
      "amazon-bedrock:key not asked unsupported",
      "anthropic:old not asked expired",
      "anthropic:work told",
      "anthropic:tool not asked vendor_tool_only",
      "deepseek:main told",
      "deepseek:empty not asked missing",
      "github-copilot:github told",
      "gone:key not asked unsupported",
      "google-gemini-cli:me not asked vendor_tool_only",
      "groq:default told",
      "openai:work silent",
      "openai-codex:me told",
      "openrouter:default told",
      "env:OPENROUTER_API_KEY not asked duplicate",
    ]);
    expect(urls(host).sort()).toEqual([
      "GET https://api.anthropic.com/api/oauth/usage",
      "GET https://api.deepseek.com/user/balance",
      "GET https://api.github.com/copilot_internal/user",
      "GET https://api.groq.com/openai/v1/models",
      "GET https://api.openai.com/v1/models",
      "GET https://chatgpt.com/backend-api/wham/usage",
      "GET https://openrouter.ai/api/v1/key",
    ]);
    expect(host.asked.map(({ headers }) => headers["user-agent"])).toEqual(Array.from({ length: 7 }, () => "signalbox"));
  });

  test("an address that a person wrote takes the question along, and the secret goes nowhere else", async () => {
    const config = {
      models: {
        providers: {
          openrouter: { baseUrl: "http://127.0.0.1:4000/proxy/v1", models: [] },
          "github-copilot": { baseUrl: "http://127.0.0.1:4000/c", models: [] },
          mine: { baseUrl: "https://openrouter.ai/api/v1", api: "openai-completions", models: [] },
        },
      },
    };
    const store = { ...TWO, "github-copilot:github": COPILOT, "mine:key": keyOf("mine", "sk-or-v1-canary-000002") };
    const host = machine(store, { config });
    await rowsOf(host);
    expect(urls(host).sort()).toEqual([
      "GET http://127.0.0.1:4000/copilot_internal/user",
      "GET http://127.0.0.1:4000/proxy/v1/key",
      "GET https://api.deepseek.com/user/balance",
      "GET https://openrouter.ai/api/v1/key",
    ]);
  });

  test.each<[string, object, string]>([
    ["--no-unofficial", {}, "left_out"],
    ["", { signalbox: { usage: { unofficial: false } } }, "switched_off"],
  ])("addresses that no vendor documents can be left out: %s", async (words, config, reason) => {
    const host = machine({ ...TWO, "anthropic:work": loginOf("anthropic", NOW + HOUR) }, { config });
    expect(await summary(host, words)).toEqual([`anthropic:work not asked ${reason}`, "deepseek:main told", "openrouter:default told"]);
    expect(host.asked).toHaveLength(2);
  });

  test.each([
    ["--provider deepseek", ["deepseek:main told"]],
    ["--profile-id openrouter:default,deepseek:main", ["deepseek:main told", "openrouter:default told"]],
    ["--profile-id openrouter:default --provider deepseek", []],
  ])("%s", async (words, expected) => {
    expect(await summary(machine(TWO), words)).toEqual(expected);
  });

  test.each([
    ["--provider depseek", 'no provider is named "depseek"', /deepseek/],
    ["--profile-id deepseek:man", 'there is no account "deepseek:man"', /deepseek:main/],
  ])("%s is refused before anybody is asked", async (words, message, hint) => {
    const host = machine(TWO);
    const { exit, out } = await run(host, `models usage --json ${words}`);
    expect([exit, host.asked]).toEqual([64, []]);
    expect(JSON.parse(out).error).toMatchObject({ message, hint: expect.stringMatching(hint) });
  });

  test("a program that holds the secret is asked for it when its account is due, and not before", async () => {
    const store = { "openrouter:vault": { type: "api_key", provider: "openrouter", ref: "exec:/bin/vault" } };
    const host = machine(store, { run: () => ({ exitCode: 0, stdout: "sk-or-v1-canary-vault\n" }) });
    expect([await summary(host), host.ran.length]).toEqual([["openrouter:vault told"], 1]);
    expect([await summary(host), host.ran.length]).toEqual([["openrouter:vault told"], 1]);
  });

  test("a program that gives nothing is a row, and nobody is asked", async () => {
    const store = { "openrouter:vault": { type: "api_key", provider: "openrouter", ref: "exec:/bin/vault" } };
    const host = machine(store, { run: () => ({ exitCode: 3, stdout: "" }) });
    expect([await summary(host), host.asked]).toEqual([["openrouter:vault not asked unresolved_reference"], []]);
  });
});

describe("how often", () => {
  test("what was told counts for a minute, and then it is asked again", async () => {
    const host = machine(TWO);
    await rowsOf(host);
    await host.wait(59_000);
    expect((await rowsOf(host)).map(({ asked, ageMs }) => [asked, ageMs])).toEqual([
      [false, 59_000],
      [false, 59_000],
    ]);
    await host.wait(1000);
    expect((await rowsOf(host)).map(({ asked }) => asked)).toEqual([true, true]);
    expect(host.asked).toHaveLength(4);
  });

  test("--refresh asks at once, an undocumented address once a minute at most", async () => {
    const host = machine({ ...TWO, "openai-codex:me": loginOf("openai-codex", NOW + HOUR) });
    await rowsOf(host);
    await host.wait(30_000);
    expect((await rowsOf(host, "--refresh")).map(({ profileId, asked }) => [profileId, asked])).toEqual([
      ["deepseek:main", true],
      ["openai-codex:me", false],
      ["openrouter:default", true],
    ]);
    await host.wait(30_000);
    expect((await rowsOf(host, "--refresh --provider openai-codex")).map(({ asked }) => asked)).toEqual([true]);
  });

  test("an undocumented address that refuses is left alone, longer each time, whoever wishes it", async () => {
    let status = 429;
    const host = machine({ "openai-codex:me": loginOf("openai-codex", NOW + 24 * HOUR) }, { http: () => response(status, "{}", JSON_TYPE) });
    await rowsOf(host);
    const [held] = await rowsOf(host, "--refresh");
    expect(held).toMatchObject({ outcome: "failed", reason: "rate_limit", asked: false, heldUntil: NOW + 15 * MINUTE });
    await host.wait(15 * MINUTE);
    status = 403;
    expect((await rowsOf(host))[0]).toMatchObject({ reason: "permission", asked: true, heldUntil: NOW + 45 * MINUTE });
    expect(host.asked).toHaveLength(2);
  });

  test("a window that has begun anew is asked about, and is not shown as it was", async () => {
    const host = machine({ "anthropic:work": loginOf("anthropic", NOW + 24 * HOUR) });
    const [before] = await rowsOf(host);
    await host.wait(2 * HOUR + 11 * MINUTE);
    const [after] = await rowsOf(host);
    expect([before, after].map((row) => [row?.asked, row?.windows.map(({ label }) => label)[0]])).toEqual([
      [true, "5h"],
      [true, "week"],
    ]);
  });

  test("another secret under the same name is another account", async () => {
    const host = machine(TWO);
    await rowsOf(host);
    const other = machine({ ...TWO, "deepseek:main": keyOf("deepseek", "canary-deepseek-0002") }, { files: { [CACHE]: host.written.get(CACHE) ?? "" } });
    expect((await rowsOf(other)).map(({ profileId, asked }) => [profileId, asked])).toEqual([
      ["deepseek:main", true],
      ["openrouter:default", false],
    ]);
  });

  test("many accounts are asked several at a time, each once", async () => {
    let now = 0;
    let most = 0;
    const http = async (request: HttpRequest): Promise<HttpResponse> => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      now--;
      return vendors(request);
    };
    const accounts = Array.from({ length: 40 }, (_, index) => [`openrouter:${index}`, keyOf("openrouter", `sk-or-v1-canary-${index}-000`)] as const);
    const host = machine(Object.fromEntries(accounts), { http });
    expect((await rowsOf(host)).length).toBe(40);
    expect([host.asked.length, most]).toEqual([40, 8]);
  });
});

describe("when it fails", () => {
  const failing = (status: number, body = "{}", headers: Record<string, string> = JSON_TYPE) => ({
    http: (request: HttpRequest) => (request.url.includes("deepseek") ? response(status, body, headers) : vendors(request)),
  });

  test("one failing vendor is one row, and the others are told", async () => {
    expect(await summary(machine(TWO, failing(500)))).toEqual(["deepseek:main failed unknown", "openrouter:default told"]);
  });

  test("the exit code is 0: what was found is shown", async () => {
    expect((await run(machine(TWO, failing(401)), "models usage")).exit).toBe(0);
  });

  test("what was told last is shown with its age, and plainly said", async () => {
    const first = machine(TWO);
    await rowsOf(first);
    const offline = machine(TWO, {
      nowMs: NOW + 3 * HOUR,
      files: { [CACHE]: first.written.get(CACHE) ?? "" },
      http: () => {
        throw Object.assign(new Error("offline"), { code: "ENETUNREACH" });
      },
    });
    const { out, exit } = await run(offline, "models usage --provider deepseek");
    expect([exit, ...out.trimEnd().split("\n")]).toEqual([
      0,
      "✗ 1 of 1 account gave no good answer.",
      "",
      "  ✗ deepseek:main: DeepSeek is not there: no network leads to it; what is shown",
      "    was told 3h ago",
      "    → Check the connection to the internet.",
      "",
      "    Limit    Used     Left  Resets",
      "  deepseek:main",
      "    balance        ¥110.00",
    ]);
  });

  test("nothing of a secret is kept, shown or said", async () => {
    const store = { ...TWO, "openai-codex:me": loginOf("openai-codex", NOW + HOUR), "anthropic:tool": TOOL };
    const echo = ({ headers }: HttpRequest): HttpResponse => response(400, json({ error: { message: `you sent ${headers["authorization"]}` } }), JSON_TYPE);
    const host = machine(store, { http: echo });
    const said = [
      await run(host, "models usage"),
      await run(host, "models usage --json"),
      await run(host, "models usage --plain"),
      await run(host, "models status"),
    ];
    expect(`${json(said)}${[...host.written.values()].join("")}`).not.toMatch(/canary|secret-text/);
  });

  test("not even where a vendor calls a plan or a currency by it", async () => {
    const http = ({ url }: HttpRequest): HttpResponse => {
      const name = "sk-or-v1-canary-000001";
      const told = url.includes("deepseek") ? { balance_infos: [{ currency: name, total_balance: "3" }] } : { data: { limit: 10, limit_remaining: 1 } };
      return response(
        200,
        json({ plan_type: name, ...told, limits: [{ kind: "weekly_scoped", percent: 3, scope: { model: { display_name: name } } }] }),
        JSON_TYPE,
      );
    };
    const host = machine({ ...TWO, "anthropic:work": loginOf("anthropic", NOW + HOUR) }, { http });
    await run(host, "models usage");
    expect(host.written.get(CACHE)).toMatch(/week/);
    expect(host.written.get(CACHE)).not.toMatch(/canary/);
  });

  test("what a vendor calls its plan moves no cursor", async () => {
    const body = { plan_type: "\u001b[2Jplus\u202e", rate_limit: { primary_window: { used_percent: 3, limit_window_seconds: 18_000 } } };
    const host = machine({ "openai-codex:me": loginOf("openai-codex", NOW + HOUR) }, { http: () => response(200, json(body), JSON_TYPE) });
    const { out } = await run(host, "models usage");
    expect(out).toContain("openai-codex:me (\\u{1b}[2Jplus\\u{202e}) *");
  });
});

describe("what a person sees", () => {
  const ALL = {
    ...TWO,
    "anthropic:work": loginOf("anthropic", NOW + HOUR),
    "groq:default": keyOf("groq", "gsk_canary_0000000001"),
    "openai:work": keyOf("openai", "sk-canary-openai-0001"),
    "anthropic:tool": TOOL,
  };

  test("each account with its limits, and below who told nothing", async () => {
    const { out, err } = await run(machine(ALL), "models usage");
    expect(err).toBe("Asking 5 accounts…\n");
    expect(out.trimEnd().split("\n")).toEqual([
      "✓ 4 accounts have something left.",
      "",
      "    Limit        Used                          Left  Resets",
      "  anthropic:work *",
      "    5h           ████░░░░░░  42%                     in 2h 10m",
      "    week         █░░░░░░░░░  12%                     in 5d 3h",
      "    week Sonnet  █░░░░░░░░░   3%                     in 5d 3h",
      "    week Opus    ████░░░░░░  40%                     in 5d 3h",
      "  deepseek:main",
      "    balance                                 ¥110.00",
      "  groq:default",
      "    requests     █░░░░░░░░░  <1%     14370 of 14400  in 3m",
      "    tokens       █░░░░░░░░░  <1%     17997 of 18000  in 8s",
      "  openrouter:default",
      "    month        ██░░░░░░░░  26%  $74.50 of $100.00  on 1 Dec",
      "",
      "  * the vendor does not document the address: asked every 15 minutes at most",
      "  - answered, and told nothing of what is left: openai:work",
      "  - anthropic:tool is allowed in the vendor's own program only",
    ]);
  });

  test("what is close to its end comes first", async () => {
    const body = { rate_limit: { limit_reached: true, primary_window: { used_percent: 97, reset_at: (NOW + HOUR) / 1000, limit_window_seconds: 18_000 } } };
    const full = { data: { limit: 10, limit_remaining: 0 } };
    const http = ({ url }: HttpRequest): HttpResponse => response(200, json(url.includes("openrouter") ? full : body), JSON_TYPE);
    const host = machine({ "openrouter:default": TWO["openrouter:default"], "openai-codex:me": loginOf("openai-codex", NOW + HOUR) }, { http });
    expect((await run(host, "models usage")).out.split("\n").slice(0, 5)).toEqual([
      "! 2 of 2 accounts are close to the end.",
      "",
      "  ✗ openai-codex:me: OpenAI Codex refuses calls now, as nothing is left",
      "  ! openrouter:default: limit is used up",
      "",
    ]);
  });

  test("what was told before says so", async () => {
    const host = machine({ "openai-codex:me": loginOf("openai-codex", NOW + HOUR) });
    await run(host, "models usage");
    await host.wait(5 * MINUTE);
    expect((await run(host, "models usage")).out).toContain("  · told before: openai-codex:me 5m ago; --refresh asks anew\n");
  });

  test("money that is spent where no limit is told", async () => {
    const host = machine(
      { "openrouter:a": keyOf("openrouter", "sk-or-v1-canary-a") },
      { http: () => response(200, json(fixture("openrouter-unlimited").body), JSON_TYPE) },
    );
    expect((await run(host, "models usage")).out).toContain("  openrouter:a (free)\n    spent  $0.10 in all\n");
  });

  test("one line for a status bar, and nothing on stderr", async () => {
    const { out, err } = await run(machine(ALL), "models usage --plain");
    expect([out, err]).toEqual(["anthropic:work 5h 42% 2h10m · deepseek ¥110.00 · groq requests <1% 3m · openrouter month 26% 1Dec\n", ""]);
  });

  test("where there is no account, how to add one", async () => {
    expect((await run(machine({}), "models usage")).out).toBe("! There is no account to ask. Add one: nemo models auth add.\n");
  });

  test("--watch shows it again, with --json a line each time, and goes on when a vendor fails", async () => {
    let left = 3;
    const host = machine(TWO, {
      http: (request) => {
        if (left-- < 0) throw Object.assign(new Error("offline"), { code: "ENETUNREACH" });
        return vendors(request);
      },
    });
    let waits = 0;
    const stopping: FakeHost = {
      ...host,
      wait: async (ms) => (waits++ === 2 ? Promise.reject(Object.assign(new Error("stop"), { name: "AbortError" })) : host.wait(ms)),
    };
    const { out } = await run(stopping, "models usage --watch --every 90 --json");
    const reports = out
      .trimEnd()
      .split("\n")
      .slice(0, 3)
      .map((line) => JSON.parse(line) as ModelsUsageReport);
    expect(reports.map(({ at, accounts }) => [at - NOW, accounts.map(({ outcome }) => outcome).join(" ")])).toEqual([
      [0, "told told"],
      [90_000, "told told"],
      [180_000, "failed failed"],
    ]);
  });
});

describe("in models status", () => {
  test("what was told last is shown with its age, and nobody is asked", async () => {
    const host = machine({ ...TWO, "anthropic:work": loginOf("anthropic", NOW + HOUR) });
    await run(host, "models usage");
    await host.wait(5 * MINUTE);
    const before = host.asked.length;
    const { out } = await run(host, "models status --json");
    expect(
      (JSON.parse(out) as StatusReport).usage.map(({ profileId, windows, balances, ageMs }) => [profileId, windows.length, balances.length, ageMs]),
    ).toEqual([
      ["anthropic:work", 4, 0, 5 * MINUTE],
      ["deepseek:main", 0, 1, 5 * MINUTE],
      ["openrouter:default", 1, 0, 5 * MINUTE],
    ]);
    expect((await run(host, "models status")).out).toContain(
      [
        "Usage  share used (until it begins anew), as vendors told it last",
        "  anthropic:work      5m ago   5h 42% (2h 5m) · week Opus 40% (5d 3h)",
        "  deepseek:main       5m ago   ¥110.00 left",
        "  openrouter:default  5m ago   month 26% (1 Dec)",
      ].join("\n"),
    );
    expect(host.asked.length).toBe(before);
  });

  test("a damaged file of it is none", async () => {
    const host = machine(TWO, { files: { [CACHE]: '{"v":1,"accounts":{"deepseek:main":' } });
    const { out, exit } = await run(host, "models status --json");
    expect([exit, (JSON.parse(out) as StatusReport).usage]).toEqual([0, []]);
  });
});

describe("--spend", () => {
  const event = {
    ...{ atMs: NOW, requestId: "r", client: "editor", asked: "default", servedBy: "groq/llama", outcome: "answered", attempts: [], tookMs: 1, streamed: false },
    ...{ inputTokens: 10, outputTokens: 5, costUsd: 1.5 },
  };
  const day = new Date(NOW).toISOString().slice(0, 10);
  const noted = (...lines: readonly string[]) => machine(TWO, { files: { [`/home/me/.nemo/signalbox/usage/${day}.jsonl`]: lines.join("\n") } });

  test("tells what requests cost; nobody is asked, and nothing written", async () => {
    const host = noted(json(event));
    const { out, exit } = await run(host, "models usage --spend --by client --json");
    const report = JSON.parse(out) as { by: string; groups: { key: string; costUsd: number }[] };
    expect([exit, report.by, report.groups.map(({ key, costUsd }) => [key, costUsd])]).toEqual([0, "client", [["editor", 1.5]]]);
    expect((await run(host, "models usage --spend")).out).toContain("$1.50 since");
    expect((await run(host, "models usage --spend --csv")).out.split("\n")[1]).toMatch(/^2026-\d\d-\d\d,1,1,/);
    expect([host.asked.length, host.written.size]).toEqual([0, 0]);
  });

  test("--csv says on stderr that something could not be read", async () => {
    const { out, err } = await run(noted(json(event), "{"), "models usage --spend --csv");
    expect([out.split("\n").length, err]).toEqual([3, expect.stringContaining("Not everything that was noted could be read")]);
  });

  test.each([
    ["--spend --refresh", "--refresh does not go with --spend, which asks nobody"],
    ["--spend --provider groq", "--provider does not go with --spend, which asks nobody"],
    ["--spend --watch", "--watch does not go with --spend, which asks nobody"],
    ["--spend --plain", "--spend has no plain lines"],
    ["--spend --csv --json", "--csv and --json exclude each other"],
    ["--by day", "--by goes with --spend"],
    ["--csv", "--csv goes with --spend"],
    ["--watch --days 3", "--days goes with --spend"],
    ["--watch --every 0", '--every takes a longer duration than "0"'],
  ])("%s is refused", async (words, message) => {
    const host = noted(json(event));
    const { exit, out, err } = await run(host, `models usage ${words}`);
    expect([exit, out + err, host.asked.length]).toEqual([64, expect.stringContaining(message), 0]);
  });
});
