import { describe, expect, test } from "vitest";
import { brands } from "../../../../src/brand.ts";
import { main } from "../../../../src/cli/main.ts";
import type { HttpRequest, HttpResponse } from "../../../../src/kernel/http.ts";
import { MODELS_DEV, OPENROUTER } from "../../../catalog/live-answers.ts";
import { CONFIG } from "../../../credentials/open-facts.ts";
import { type FakeHost, fakeHost, type FakeMachine, response } from "../../../support/fake-host.ts";
import { fakeTerminal } from "../../../support/fake-terminal.ts";
import { packaged } from "../../../support/packaged.ts";

const LIVE = "https://models.dev/api.json";
const ROUTER = "https://openrouter.ai/api/v1/models";
type Answer = (request: HttpRequest) => HttpResponse;
/** As a server that knows what it sent before. */
const answer =
  (value: unknown): Answer =>
  ({ headers }) =>
    headers["if-none-match"] === '"1"' ? response(304) : response(200, JSON.stringify(value), { etag: '"1"' });
const BOTH = { [LIVE]: answer(MODELS_DEV), [ROUTER]: answer(OPENROUTER) };

/** A machine whose network has these answers, and a way to run command lines on it one after the other. */
function online(answers: Readonly<Record<string, Answer>>, more: FakeMachine = {}) {
  const host = fakeHost({ packaged, env: { COLUMNS: "80" }, http: (request) => answers[request.url]?.(request) ?? response(404), ...more });
  return { host, run: (words: string) => runOnHost(host, words) };
}

async function runOnHost(host: FakeHost, words: string) {
  const terminal = fakeTerminal();
  const exit = await main({ brand: brands.nemo, version: "1.2.3", host, terminal, argv: words.split(" ") });
  return { exit, ...terminal.said };
}

describe("models refresh", () => {
  test("asks models.dev, then OpenRouter, keeps what they state, and says so", async () => {
    const { host, run } = online(BOTH);
    const { exit, out, err } = await run("models refresh");
    expect([exit, err, host.asked.map(({ url }) => url)]).toEqual([0, "", [LIVE, ROUTER]]);
    expect(out.split("\n")).toEqual([
      "✓ https://models.dev/api.json",
      "  7 models of 3 providers, as of 2026-11-21: 7 new, 0 gone, 0 changed",
      "    groq      +4  -0  ~0",
      "    opencode  +2  -0  ~0",
      "    together  +1  -0  ~0",
      "  kept in ~/.nemo/signalbox/catalogue/models-dev",
      "",
      "✓ https://openrouter.ai/api/v1/models",
      "  3 models of 1 provider, as of 2026-11-21: 3 new, 0 gone, 0 changed",
      "    openrouter  +3  -0  ~0",
      "  kept in ~/.nemo/signalbox/catalogue/openrouter",
      "",
    ]);
    expect((await run("models show groq/gift:free --json")).out).toContain('"source": "https://models.dev/api.json"');
    expect([...host.written.keys()].every((path) => path.startsWith("/home/me/.nemo/signalbox/catalogue/"))).toBe(true);
  });

  test("reports the same as one document", async () => {
    const { out } = await online(BOTH).run("models refresh --json");
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      catalogues: [
        {
          catalogue: "models-dev",
          outcome: "updated",
          source: LIVE,
          checkedOn: "2026-11-21",
          providers: 3,
          models: 7,
          added: 7,
          removed: 0,
          changed: 0,
          skipped: 0,
          error: null,
        },
        { catalogue: "openrouter", outcome: "updated", source: ROUTER, models: 3, error: null },
      ],
    });
  });

  test("says that nothing changed when nothing did", async () => {
    const { run } = online(BOTH);
    await run("models refresh");
    const { catalogues } = JSON.parse((await run("models refresh --json")).out);
    expect(catalogues).toMatchObject([
      { outcome: "not modified", models: 7, added: 0 },
      { outcome: "not modified", models: 3, added: 0 },
    ]);
    expect((await run("models refresh")).out).toContain("unchanged since the last time: 7 models of 3 providers, as of 2026-11-21");
  });

  test("fails when models.dev cannot be had, and writes nothing", async () => {
    const { host, run } = online({ [ROUTER]: answer(OPENROUTER) });
    const { exit, out } = await run("models refresh --json");
    expect([exit, JSON.parse(out).error.code, host.written.size]).toEqual([69, "CATALOG_FETCH_FAILED", 0]);
  });

  test("does not fail for want of OpenRouter's list, and says what is missing", async () => {
    const { run } = online({ [LIVE]: answer(MODELS_DEV) });
    const { exit, out } = await run("models refresh --json");
    expect(exit).toBe(0);
    expect(JSON.parse(out).catalogues[1]).toMatchObject({
      catalogue: "openrouter",
      outcome: "failed",
      source: ROUTER,
      path: null,
      error: { code: "CATALOG_FETCH_FAILED" },
    });
    expect((await online({ [LIVE]: answer(MODELS_DEV) }).run("models refresh")).out.replace(/\s+/g, " ")).toContain(
      "! https://openrouter.ai/api/v1/models could not be fetched: the server answered 404",
    );
  });
});

describe("mirrors", () => {
  const mirror = "https://mirror.example/api.json";
  const router = "https://mirror.example/openrouter";
  const answers = { ...BOTH, [mirror]: answer(MODELS_DEV), [router]: answer(OPENROUTER) };
  const asked = async (words: string, catalogue?: object): Promise<string[]> => {
    const files = catalogue === undefined ? {} : { [CONFIG]: JSON.stringify({ signalbox: { catalogue } }) };
    const { host, run } = online(answers, { files });
    expect((await run(words)).err).toBe("");
    return host.asked.map(({ url }) => url);
  };

  test("are asked alone, unless one for OpenRouter is named as well", async () => {
    expect(await asked(`models refresh --url ${mirror}`)).toEqual([mirror]);
    expect(await asked("models refresh", { url: mirror })).toEqual([mirror]);
    expect(await asked("models refresh", { url: mirror, openrouterUrl: router })).toEqual([mirror, router]);
    expect(await asked("models refresh", { openrouterUrl: router })).toEqual([LIVE, router]);
    expect(await asked(`models refresh --url ${mirror}`, { url: LIVE, openrouterUrl: router })).toEqual([mirror]);
  });

  test("must be addresses", async () => {
    const { exit, out } = await online(answers).run("models refresh --url models.dev --json");
    expect([exit, JSON.parse(out).error.code]).toEqual([64, "USAGE"]);
  });
});

describe("a file", () => {
  const files = { "/work/api.json": JSON.stringify(MODELS_DEV), "/work/page.html": "<html>" };

  test("is taken in without a network, and every command works on it", async () => {
    const { host, run } = online({}, { files });
    const { exit, out } = await run("models refresh --file api.json");
    expect([exit, host.asked]).toEqual([0, []]);
    expect(out).toContain("✓ /work/api.json");
    expect((await run("models list --search newcomer --all --plain")).out.trim()).toBe("");
    expect((await run("models list --provider groq --all --plain")).out).toContain("groq/gift:free");
    expect((await run("models status --plain")).exit).toBe(0);
  });

  test.each([
    ["models refresh --file page.html", 65, "CATALOG_REJECTED"],
    ["models refresh --file nowhere.json", 66, "FILE_MISSING"],
    ["models refresh --file api.json --url https://x.example", 64, "USAGE"],
  ])("%s exits %d", async (words, exit, code) => {
    const { run, host } = online({}, { files });
    const ran = await run(`${words} --json`);
    expect([ran.exit, JSON.parse(ran.out).error.code, host.written.size]).toEqual([exit, code, 0]);
  });

  const odd = {
    ...files,
    "/work/cut.json": '{"groq":',
    "/work/other.json": '{"a":1}',
    "/work/bytes.json": "\uFFFD",
    "/work/large.json": " ".repeat(16 * 1024 * 1024 + 1),
    "/work/folder/inside": "",
    "/work/closed.json": { unreadable: "EACCES" },
    "/work/device": { unreadable: "ENOTFILE" },
    "/work/failing": { unreadable: "EIO" },
  };
  const CONTENT = "Check the file: it has to be a whole answer of models.dev/api.json or openrouter.ai/api/v1/models.";
  const PATH = "Check the path that follows --file.";

  test.each([
    ["page.html", "is not taken in: it is a web page", CONTENT],
    ["cut.json", "is not taken in: it is not JSON, or was cut off", CONTENT],
    ["other.json", "is not taken in: it does not have the shape of a model catalogue", CONTENT],
    ["bytes.json", "is not taken in: it is not UTF-8 text", CONTENT],
    ["large.json", "is not taken in: it is larger than 16 MB", CONTENT],
    ["nowhere.json", "does not exist", PATH],
    ["folder", "is a folder", PATH],
    ["device", "is not a file", PATH],
    ["failing", "cannot be read (EIO)", PATH],
    ["closed.json", "may not be read by your user", "Let your user read it, or give a copy of it with --file."],
  ])("that cannot be used is spoken of as a file: %s %s", async (name, says, hint) => {
    const { error } = JSON.parse((await online({}, { files: odd }).run(`models refresh --file ${name} --json`)).out);
    expect([error.message, error.hint.replace("The catalogue that you have stays. ", "")]).toEqual([`/work/${name} ${says}`, hint]);
  });
});
