import { describe, expect, test } from "vitest";
import { brands } from "../../../../src/brand.ts";
import { main } from "../../../../src/cli/main.ts";
import type { ScanReport } from "../../../../src/cli/scan-report.ts";
import type { HttpRequest, HttpResponse } from "../../../../src/kernel/http.ts";
import type { ScanRow } from "../../../../src/probe/scan-row.ts";
import { embedded } from "../../../catalog/catalog-files.ts";
import { CONFIG, NOW } from "../../../credentials/open-facts.ts";
import { answering } from "../../../support/answering.ts";
import { type FakeHost, fakeHost, response } from "../../../support/fake-host.ts";
import { type Answer, attendedTerminal, fakeTerminal, type FakeTerminal } from "../../../support/fake-terminal.ts";
import { ollamaServer } from "../../../support/model-servers.ts";
import { type AskedChat, askedChat, goodAnswer, jsonResponse, listedModel, refused, said } from "../../../support/scan-answers.ts";

const KEY = "sk-or-v1-0123456789abcdef0123456789abcdef0123456789abcdef";
const FALLBACKS = { agents: { defaults: { model: { primary: "anthropic/claude-x", fallbacks: ["groq/mine"] } } } };
const MODELS = [
  listedModel("a/blind-70b:free", { context_length: 2000 }),
  listedModel("a/sees-7b:free", {}, ["text", "image"]),
  listedModel("b/mute-9b:free"),
  listedModel("b/paid-405b", { pricing: { prompt: "0.000001", completion: "0.000002" } }),
];

interface World {
  readonly models?: readonly object[];
  readonly chat?: (asked: AskedChat) => HttpResponse;
  readonly config?: unknown;
  readonly key?: "none";
  readonly http?: (request: HttpRequest) => HttpResponse;
  readonly answers?: readonly Answer[];
}

interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  readonly host: FakeHost;
  readonly terminal: FakeTerminal;
  /** The config that was written. */
  readonly config: string | undefined;
}

const usual = (asked: AskedChat): HttpResponse => (asked.model.includes("mute") && asked.test === "tool" ? said("pong") : goodAnswer(asked));

async function run(words: readonly string[], world: World = {}): Promise<Ran> {
  const { models = MODELS, chat = usual, config = FALLBACKS, key, answers } = world;
  const http = (request: HttpRequest): HttpResponse => {
    const asked = askedChat(request);
    return asked === undefined ? jsonResponse(200, { data: models }) : chat(asked);
  };
  const env = { COLUMNS: "120", ...(key === undefined && { OPENROUTER_API_KEY: KEY }) };
  const host = fakeHost({ packaged: embedded({}), nowMs: NOW, env, files: { [CONFIG]: JSON.stringify(config) }, http: world.http ?? http });
  const terminal = answers === undefined ? fakeTerminal() : attendedTerminal(answers);
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: ["models", "scan", ...words] });
  return { exit, ...terminal.said, host, terminal, config: host.written.get(CONFIG) };
}

const reportOf = ({ out }: Ran): ScanReport => JSON.parse(out);
const fallbacksIn = ({ config }: Ran): unknown => config && JSON.parse(config).agents.defaults.model.fallbacks;

describe("before anybody is asked", () => {
  test("without a terminal, and no word on what to do, it ends with 64", async () => {
    for (const words of [[], ["--plain"], ["--dry-run"], ["--source", "local"]]) {
      const { exit, host, err } = await run(words);
      expect([exit, host.asked, err]).toEqual([64, [], expect.stringContaining("TERMINAL_NEEDED")]);
    }
  });

  test("that comes before the want of a key", async () => {
    expect((await run([], { key: "none" })).exit).toBe(64);
  });

  test.each([[["--yes"]], [["--no-input"]], [["--json"]]])("without a key for OpenRouter %j ends with 77", async (words) => {
    const { exit, host, out, err } = await run(words, { key: "none" });
    expect([exit, host.asked, host.written.size, `${out}${err}`]).toEqual([77, [], 0, expect.stringContaining("CREDENTIAL_MISSING")]);
  });

  test("wherever OpenRouter is", async () => {
    const config = { models: { providers: { openrouter: { baseUrl: "http://127.0.0.1:9/api/v1", models: [] } } } };
    const { exit, host, err } = await run(["--no-input"], { key: "none", config });
    expect([exit, host.asked, err]).toEqual([77, [], expect.stringContaining("OPENROUTER_API_KEY")]);
  });

  test.each([
    ["--min-params", "-1"],
    ["--min-params", "many"],
    ["--max-age-days", "x"],
    ["--max-candidates", "0"],
    ["--max-candidates", "0.5"],
    ["--timeout", "0"],
    ["--concurrency", "0"],
    ["--repeat", "0"],
    ["--limit", "0"],
    ["--prefer", "luck"],
    ["--source", "nobody"],
  ])("%s %s is refused with 64", async (flag, value) => {
    const { exit, host } = await run(["--json", `${flag}=${value}`]);
    expect([exit, host.asked]).toEqual([64, []]);
  });

  test("an agent has no image model that could be set", async () => {
    const config = { agents: { list: [{ id: "work" }] } };
    const { exit, host } = await run(["--json", "--agent", "work", "--set-image"], { config });
    expect([exit, host.asked]).toEqual([64, []]);
  });
});

describe("--json", () => {
  test("has all that it always had", async () => {
    const report = reportOf(await run(["--json"]));
    expect(Object.keys(report).slice(0, 6)).toEqual(["selected", "selectedImages", "setDefault", "setImage", "results", "warnings"]);
    expect(report).toMatchObject({
      ...{ selected: ["openrouter/a/sees-7b:free"], selectedImages: ["openrouter/a/sees-7b:free"], setDefault: false, setImage: false, warnings: [] },
      ...{ schemaVersion: 1, outcome: "not written", consent: "none", files: [], lists: [], requests: 10, mostUsd: 0, repeat: 1, prefer: "images" },
      sources: [{ label: "OpenRouter", outcome: "listed", detail: null, models: 4 }],
    });
    expect(report.results[0]).toMatchObject({
      ...{ id: "a/sees-7b:free", name: "a/sees-7b:free", provider: "openrouter", modelRef: "openrouter/a/sees-7b:free", contextLength: 1000 },
      ...{ maxCompletionTokens: 500, supportedParametersCount: 1, supportsToolsMeta: true, modality: "text+image->text", inferredParamB: 7 },
      ...{ createdAtMs: 1_763_000_000_000, isFree: true, profileId: "env:OPENROUTER_API_KEY" },
      pricing: { prompt: 0, completion: 0, request: 0, image: 0, webSearch: 0, internalReasoning: 0 },
      ...{ tool: { ok: true, latencyMs: 0 }, image: { ok: true, latencyMs: 0, answer: "Red" }, json: { ok: true }, stream: { ok: true } },
    });
    expect(report.results.map(({ id }) => id)).toEqual(["a/sees-7b:free", "a/blind-70b:free", "b/mute-9b:free"]);
  });

  test("writes nothing by itself, and with --yes what it says", async () => {
    expect((await run(["--json"])).host.written.size).toBe(0);
    const ran = await run(["--json", "--yes"]);
    const lists = [
      { role: "fallback", fallbacks: ["openrouter/a/sees-7b:free"], removed: ["groq/mine"], primary: null, previous: null, agentId: null, startedOwn: false },
      { role: "image-fallback", fallbacks: ["openrouter/a/sees-7b:free"], removed: [], primary: null, previous: null, agentId: null, startedOwn: false },
    ];
    expect([reportOf(ran), fallbacksIn(ran)]).toMatchObject([{ outcome: "written", consent: "flag", lists }, ["openrouter/a/sees-7b:free"]]);
  });

  test("of --no-probe is a bare list, needs no key and asks once", async () => {
    const ran = await run(["--no-probe", "--json"], { key: "none" });
    const rows: ScanRow[] = JSON.parse(ran.out);
    const skipped = { ok: false, latencyMs: null, skipped: true, passed: 0, trials: 0 };
    expect(rows.map(({ id }) => id)).toEqual(["a/blind-70b:free", "b/mute-9b:free", "a/sees-7b:free"]);
    expect(rows[0]).toMatchObject({ tool: skipped, image: skipped, json: skipped, stream: skipped });
    expect([ran.exit, ran.host.asked.map(({ url, headers }) => [url, headers["authorization"]])]).toEqual([
      0,
      [["https://openrouter.ai/api/v1/models", undefined]],
    ]);
  });

  test("of nothing is a document too", async () => {
    const none = { models: [MODELS[3] ?? {}] };
    expect(JSON.parse((await run(["--no-probe", "--json"], none)).out)).toEqual([]);
    const ran = await run(["--json"], none);
    expect([ran.exit, reportOf(ran)]).toMatchObject([1, { results: [], selected: [], requests: 0 }]);
  });
});

describe("flags choose", () => {
  const listed = async (...words: string[]): Promise<string[]> => JSON.parse((await run(["--no-probe", "--json", ...words])).out).map(({ id }: ScanRow) => id);

  test("among the models", async () => {
    expect(await listed("--provider", "B")).toEqual(["b/mute-9b:free"]);
    expect(await listed("--min-params", "9")).toEqual(["a/blind-70b:free", "b/mute-9b:free"]);
    expect(await listed("--paid", "--prefer", "price")).toEqual(["a/blind-70b:free", "b/mute-9b:free", "a/sees-7b:free", "b/paid-405b"]);
    expect(await listed("--max-age-days", "1")).toEqual([]);
    expect(await listed("--max-age-days", "400")).toHaveLength(3);
    expect(await listed("--limit", "2")).toEqual(["a/blind-70b:free", "a/sees-7b:free"]);
  });

  test("how many are taken, and by what", async () => {
    const { selected } = reportOf(await run(["--json", "--prefer", "context", "--max-candidates", "1"]));
    expect(selected).toEqual(["openrouter/a/blind-70b:free"]);
  });

  test("how often, and the most that it costs", async () => {
    const { requests, mostUsd, results } = reportOf(await run(["--json", "--paid", "--provider", "b", "--repeat", "2"]));
    expect([requests, results.map(({ json }) => json.trials)]).toEqual([12, [2, 2]]);
    // Three tests twice: 256 tokens out at $2 a million, and the bytes of the questions in at $1.
    expect(mostUsd).toBeGreaterThan(6 * 0.000512);
    expect(mostUsd).toBeLessThan(6 * 0.001);
  });
});

describe("without consent", () => {
  test("nothing is written: --no-input says what --yes would take", async () => {
    const { exit, out, host } = await run(["--no-input"]);
    expect([exit, host.written.size, out]).toEqual([0, 0, expect.stringContaining("The same with --yes makes them the fallbacks")]);
    expect(out).toContain("b/mute-9b:free · tool: answered with text and did not call the tool");
  });

  test("--dry-run shows the change", async () => {
    const ran = await run(["--yes", "--dry-run", "--set-default"]);
    expect([ran.exit, ran.host.written.size, ran.out]).toEqual([
      0,
      0,
      expect.stringContaining("Default model: openrouter/a/sees-7b:free (was anthropic/claude-x)"),
    ]);
  });
});

describe("--yes", () => {
  test("replaces; with --keep-existing it adds", async () => {
    expect(fallbacksIn(await run(["--yes"]))).toEqual(["openrouter/a/sees-7b:free"]);
    expect(fallbacksIn(await run(["--yes", "--keep-existing"]))).toEqual(["groq/mine", "openrouter/a/sees-7b:free"]);
  });

  test("--set-default and --set-image take the first", async () => {
    const { config } = await run(["--yes", "--set-default", "--set-image", "--prefer", "context"]);
    expect(JSON.parse(config ?? "").agents.defaults).toEqual({
      model: { primary: "openrouter/a/blind-70b:free", fallbacks: ["openrouter/a/sees-7b:free"] },
      imageModel: { primary: "openrouter/a/sees-7b:free" },
    });
  });

  test("--set-image without a model that sees leaves the image model, and says so", async () => {
    const ran = await run(["--yes", "--json", "--set-image", "--provider", "b"], { chat: goodAnswer });
    const warning = "No model was found to see images: the image model stays as it is.";
    expect([reportOf(ran).warnings, ran.err, JSON.parse(ran.config ?? "").agents.defaults.imageModel]).toEqual([[warning], `! ${warning}\n`, undefined]);
  });

  test("needs no hint about an account where the model answers otherwise", async () => {
    const chat = (asked: AskedChat): HttpResponse => (asked.test === "image" ? refused(401, "no images here") : goodAnswer(asked));
    expect((await run(["--no-input"], { chat })).out).not.toContain("models auth add");
    expect((await run(["--no-input"], { chat: () => refused(401, "no") })).out).toContain("models auth add");
  });

  test("is no consent to nothing: without a model that calls tools the report says so", async () => {
    const report = reportOf(await run(["--yes", "--json"], { chat: () => refused(500, "no") }));
    expect(report).toMatchObject({ outcome: "not written", consent: "none", selected: [], lists: [] });
  });

  test("writes nothing where no model calls tools, and says why", async () => {
    const { exit, out, host } = await run(["--yes"], { chat: () => refused(429, "free-models-per-day") });
    expect([exit, host.written.size]).toEqual([1, 0]);
    expect(out).toContain("a/blind-70b:free, b/mute-9b:free, a/sees-7b:free · tool: is over a limit");
    expect(out).toContain("free-models-per-day");
    expect(out).toContain("Nothing was written.");
  });
});

describe("a person at a terminal", () => {
  test("chooses from the table, and what becomes of those that are there", async () => {
    const ran = await run([], { answers: ["1,0", 0, ""] });
    expect(fallbacksIn(ran)).toEqual(["groq/mine", "openrouter/a/sees-7b:free", "openrouter/a/blind-70b:free"]);
    const [question = "", existing, images] = ran.terminal.shown.filter((line) => /[[]|Keep/.test(line));
    expect(question.split("\n").map((line) => line.trim().replace(/\s+/g, " "))).toEqual([
      "Which of them become fallbacks, in this order?",
      "Model Tool Image tok/s Ctx Size",
      "[x] a/sees-7b:free 0 ms 0 ms - 1k 7b",
      "[ ] a/blind-70b:free 0 ms skip - 2k 70b",
    ]);
    expect([existing, images]).toEqual([expect.stringContaining("groq/mine"), expect.stringContaining("[x] a/sees-7b:free")]);
  });

  test("may replace them", async () => {
    expect(fallbacksIn(await run([], { answers: ["0", 1, ""] }))).toEqual(["openrouter/a/sees-7b:free"]);
  });

  test.each<[string, readonly Answer[]]>([
    ["at the first question", [undefined]],
    ["at the second", ["0", undefined]],
    ["at the last", ["0", 0, undefined]],
  ])("may stop %s: then nothing is written", async (_, answers) => {
    const { exit, host } = await run([], { answers });
    expect([exit, host.written.size]).toEqual([130, 0]);
  });

  test("is asked about those that are there only where there are some, and about images only for all agents", async () => {
    const questions = ({ terminal }: Ran): number => terminal.shown.filter((line) => /^(Which|There)/.test(line)).length;
    const first = await run([], { answers: ["0", ""], config: { agents: { defaults: { model: "anthropic/claude-x" } } } });
    const agent = await run(["--agent", "work"], { answers: ["0"], config: { agents: { list: [{ id: "work" }] } } });
    expect([questions(first), fallbacksIn(first)]).toEqual([2, ["openrouter/a/sees-7b:free"]]);
    expect([questions(agent), agent.exit, JSON.parse(agent.config ?? "").agents]).toEqual([
      1,
      0,
      { list: [{ id: "work", model: { fallbacks: ["openrouter/a/sees-7b:free"] } }] },
    ]);
    const unasked = await run(["--yes", "--agent", "work"], { config: { agents: { list: [{ id: "work" }] } } });
    expect([unasked.exit, unasked.config]).toEqual([0, agent.config]);
  });

  test("may choose nothing", async () => {
    const { exit, host, out } = await run([], { answers: ["", ""] });
    expect([exit, host.written.size, out]).toEqual([0, 0, expect.stringContaining("Nothing was chosen, and nothing was written.")]);
  });

  test("is asked nothing with a flag that says what to do, or where there is nothing to choose", async () => {
    for (const words of [["--yes"], ["--no-input"], ["--json"], ["--no-probe"], ["--dry-run"]]) expect((await run(words, { answers: [] })).exit).toBe(0);
    expect((await run([], { answers: [], chat: () => refused(500, "no") })).exit).toBe(1);
  });
});

describe("sources", () => {
  const local = (request: HttpRequest): HttpResponse => {
    const asked = askedChat(request);
    return asked === undefined ? answering({ "http://127.0.0.1:11434": ollamaServer })(request) : goodAnswer(asked);
  };

  test("of one's own are found by themselves, and their chat models tested without a key", async () => {
    const ran = await run(["--json", "--source", "local"], { http: local, key: "none", config: {} });
    const { results, selected } = reportOf(ran);
    expect(results.map(({ modelRef, server, isFree, profileId, image }) => [modelRef, server, isFree, profileId, image.ok])).toEqual([
      ["ollama/llava:7b", "ollama", true, null, true],
      ["ollama/qwen3:4b", "ollama", true, null, false],
      ["ollama/llama3.1:8b", "ollama", true, null, false],
    ]);
    expect(selected).toEqual(["ollama/llava:7b"]);
    expect(ran.host.asked.some(({ headers }) => Object.keys(headers).some((name) => /auth|key/.test(name)))).toBe(false);
  });

  test("one that fails is a warning, and the others go on", async () => {
    const ran = await run(["--json", "--source", "ollama,lmstudio"], { http: local });
    expect(reportOf(ran)).toMatchObject({
      warnings: [expect.stringContaining("LM Studio refused the connection")],
      sources: [
        { label: "Ollama", outcome: "listed" },
        { label: "LM Studio", outcome: "failed", detail: "refused the connection" },
      ],
    });
    expect(ran.err).toContain("LM Studio refused the connection");
  });

  test.each<[string, number, () => HttpResponse]>([
    ["refuses the key", 77, () => refused(401, "no")],
    ["has nothing left", 77, () => refused(402, "no")],
    ["is in trouble", 69, () => refused(500, "no")],
    ["answers with a page", 69, () => response(200, "<html>", { "content-type": "text/html" })],
    ["answers with something else", 69, () => jsonResponse(200, { hello: 1 })],
  ])("when the only one %s it ends with %d, and nothing is written", async (_, exit, http) => {
    const ran = await run(["--yes"], { http });
    expect([ran.exit, ran.host.written.size]).toEqual([exit, 0]);
  });

  test("OpenRouter is none of one's own wherever it is: it has prices and fields of its own", async () => {
    const config = { models: { providers: { openrouter: { baseUrl: "http://127.0.0.1:9/api/v1", models: [] } } } };
    const unpriced = listedModel("a/unpriced-7b", { pricing: {} });
    const ran = await run(["--no-probe", "--json"], { config, models: [...MODELS, unpriced] });
    const rows: ScanRow[] = JSON.parse(ran.out);
    expect(rows.map(({ id, createdAtMs }) => [id, createdAtMs])).toEqual(
      ["a/blind-70b:free", "b/mute-9b:free", "a/sees-7b:free"].map((id) => [id, 1_763_000_000_000]),
    );
    expect([ran.host.asked.map(({ url }) => url), ran.host.written.size]).toEqual([["http://127.0.0.1:9/api/v1/models"], 0]);
  });

  test("where no server answers it says so", async () => {
    const ran = await run(["--no-input", "--source", "local"], { http: answering({}) });
    expect([ran.exit, ran.err]).toEqual([69, expect.stringContaining("no server of models answers on this machine")]);
  });
});

describe("names from outside", () => {
  const ESC = String.fromCharCode(27);
  const hostile = [
    listedModel(`a/clear${ESC}[2J-7b:free`),
    listedModel("a/\u202Edlrow-7b:free"),
    listedModel("a/${HOME}-7b:free"),
    listedModel("a/pinned-7b@openrouter:other"),
    listedModel("a/__proto__:free", { name: `N${ESC}]0;owned` }),
    listedModel("toString:free"),
  ];

  test("that would mean something else in the config are left out, and the others shown harmless", async () => {
    const ran = await run(["--yes"], { models: hostile });
    expect(ran.exit).toBe(0);
    expect(fallbacksIn(ran)).toEqual(["openrouter/a/__proto__:free", "openrouter/toString:free"]);
    expect(ran.err).toContain("have names that cannot be written as a reference");
    expect([ran.out.includes(ESC), ran.err.includes(ESC), ran.out.includes("\u202E")]).toEqual([false, false, false]);
  });

  test("an error's words are shown harmless and without the key", async () => {
    const ran = await run(["--no-input"], { chat: () => refused(500, `${ESC}[2J ${KEY} owned`) });
    expect([ran.exit, ran.out.includes(ESC), ran.out.includes(KEY), ran.out.includes("owned")]).toEqual([1, false, false, true]);
  });
});

test("--plain is one line a model", async () => {
  const { out } = await run(["--no-input", "--plain"]);
  expect(out).toBe(
    "openrouter/a/sees-7b:free\t0 ms\t0 ms\t0 ms\t0 ms\t-\nopenrouter/a/blind-70b:free\t0 ms\tskip\t0 ms\t0 ms\t-\nopenrouter/b/mute-9b:free\tfail\tskip\t0 ms\t0 ms\t-\n",
  );
  expect((await run(["--no-probe", "--plain", "--provider", "b"])).out).toBe("openrouter/b/mute-9b:free\n");
});
