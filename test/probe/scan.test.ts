import { describe, expect, test } from "vitest";
import type { StatedFacts } from "../../src/catalog/readings.ts";
import type { ListedDetails } from "../../src/catalog/listed-details.ts";
import type { HttpResponse } from "../../src/kernel/http.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { toProfileId, toProviderId } from "../../src/kernel/ids.ts";
import type { AuthProfile } from "../../src/credentials/profile.ts";
import type { LiveTarget } from "../../src/probe/live-target.ts";
import { planModel } from "../../src/probe/plan-scan.ts";
import { runScan, type ScanOptions } from "../../src/probe/scan.ts";
import { candidateOf } from "../../src/probe/scan-candidate.ts";
import type { ScanRow } from "../../src/probe/scan-row.ts";
import { defineProvider } from "../../src/provider/provider.ts";
import { type FakeHost, fakeHost } from "../support/fake-host.ts";
import { type AskedChat, askedChat, goodAnswer, refused, said } from "../support/scan-answers.ts";

const KEY = "sk-or-v1-0123456789abcdef0123456789abcdef";
const LIMITS: ScanOptions = { timeoutMs: 1000, concurrency: 2, repeat: 1 };
const provider = defineProvider({
  ...{ id: "lab", label: "Lab", protocol: "openai-chat", baseUrl: "https://lab.example/v1", docs: "", quirks: {} },
  auth: [{ kind: "api_key", label: "Key", env: [] }],
  source: { url: "https://lab.example", checkedOn: "2026-11-21" },
});
const profile = {
  ...{
    id: toProfileId("lab:me"),
    provider: toProviderId("lab"),
    credential: { kind: "api_key", key: new Secret(KEY) },
    origin: { kind: "env", variable: "LAB" },
  },
} as unknown as AuthProfile;

interface Model {
  readonly id: string;
  readonly facts?: StatedFacts;
  readonly details?: ListedDetails;
}

function plansFor(models: readonly Model[], more: Partial<LiveTarget> = {}) {
  const target: LiveTarget = { provider, isLocal: false, isGuess: false, profile, ...more };
  return models.map(({ id, facts = {}, details = {} }) =>
    planModel(candidateOf({ target, server: undefined, model: { id, facts: { input: ["text", "image"], ...facts } }, details }, {}), {
      entry: undefined,
      account: {},
    }),
  );
}

type Act = (asked: AskedChat, host: FakeHost) => HttpResponse | Promise<HttpResponse>;

async function scanned(models: readonly Model[], act: Act, more: Partial<ScanOptions> = {}): Promise<{ rows: ScanRow[]; asked: AskedChat[]; host: FakeHost }> {
  const asked: AskedChat[] = [];
  const host: FakeHost = fakeHost({
    http: (request) => {
      const chat = askedChat(request);
      if (chat === undefined) throw new Error(`the test knows no ${request.url}`);
      asked.push(chat);
      return act(chat, host);
    },
  });
  const rows = await runScan(plansFor(models), { ...LIMITS, ...more }, { host, homeDir: "/home/me", isInteractive: false, withheld: [] });
  return { rows, asked, host };
}

const tests = ({ tool, image, json, stream }: ScanRow) => ({ tool, image, json, stream });
const sent = (asked: readonly AskedChat[]): string => asked.map(({ test: name }) => name).join(" ");

describe("one model", () => {
  test("is asked once for each test, in order, and passes them all", async () => {
    const { rows, asked, host } = await scanned([{ id: "m" }], goodAnswer);
    const ok = { ok: true, latencyMs: 0, passed: 1, trials: 1 };
    expect(rows.map(tests)).toEqual([{ tool: ok, image: { ...ok, answer: "Red" }, json: ok, stream: ok }]);
    expect([sent(asked), host.written.size]).toEqual(["tool image json stream", 0]);
    expect(new Set(host.asked.map(({ headers }) => headers["authorization"]))).toEqual(new Set([`Bearer ${KEY}`]));
  });

  test("that takes no images is not shown one; of which nobody says so, neither", async () => {
    const { rows, asked } = await scanned([{ id: "m", facts: { input: ["text"] } }], goodAnswer);
    expect([rows[0]?.image, sent(asked)]).toEqual([{ ok: false, latencyMs: null, skipped: true, passed: 0, trials: 0 }, "tool json stream"]);
    const [unknown] = plansFor([{ id: "m", facts: { input: undefined } as unknown as StatedFacts }]);
    expect(unknown?.tests[1]).toEqual({ kind: "skipped", name: "image", why: { error: expect.stringContaining("nobody says"), reason: "unstated" } });
  });

  test("a provider's error is a failure with its reason, also for images", async () => {
    const { rows, asked } = await scanned([{ id: "m" }], (chat) => (chat.test === "image" ? refused(401, `No access with ${KEY}`) : goodAnswer(chat)));
    expect(rows[0]).toMatchObject({
      tool: { ok: true },
      image: { ok: false, latencyMs: null, reason: "auth", httpStatus: 401, error: expect.stringContaining("rejects the credential (401)") },
      json: { ok: true },
      stream: { ok: true },
    });
    expect([sent(asked), JSON.stringify(rows).includes(KEY)]).toEqual(["tool image json stream", false]);
  });

  test("an error in an answer of 200 is a failure", async () => {
    const { rows } = await scanned([{ id: "m" }], () => refused(200, "No auth credentials found", 401));
    expect(rows[0]?.tool).toMatchObject({ ok: false, reason: "auth" });
  });

  test.each([401, 403, 404, 429, 402, 503])("that answers %d first is left alone after that", async (status) => {
    const { rows, asked } = await scanned([{ id: "m" }], () => refused(status, "no"), { repeat: 3 });
    const [row] = rows;
    const { error, reason } = row?.tool ?? {};
    const skipped = { ok: false, latencyMs: null, skipped: true, passed: 0, trials: 0, error, reason };
    expect([sent(asked), row && tests(row)]).toEqual([
      "tool",
      { tool: expect.objectContaining({ ok: false, passed: 0, trials: 1 }), image: skipped, json: skipped, stream: skipped },
    ]);
  });

  test.each([400, 500])("that answers %d is asked on: another test may be another matter", async (status) => {
    const { asked } = await scanned([{ id: "m" }], (chat) => (chat.test === "tool" ? refused(status, "no tools here") : goodAnswer(chat)));
    expect(sent(asked)).toBe("tool image json stream");
  });

  test("that is over a limit in the middle is left alone after that; one that has only answered an error is not", async () => {
    const limited = await scanned([{ id: "m" }], (chat) => (chat.test === "image" ? refused(429, "slow down") : goodAnswer(chat)));
    const busy = await scanned([{ id: "m" }], (chat) => (chat.test === "image" ? refused(503, "busy") : goodAnswer(chat)));
    expect([sent(limited.asked), sent(busy.asked)]).toEqual(["tool image", "tool image json stream"]);
  });

  test("text in place of a call is an answer, and no reason to stop", async () => {
    const { rows, asked } = await scanned([{ id: "m" }], (chat) =>
      chat.test === "tool" ? said("pong") : chat.test === "image" ? refused(401, "no") : goodAnswer(chat),
    );
    expect([rows[0]?.tool, sent(asked)]).toEqual([
      {
        ...{ ok: false, latencyMs: null, passed: 0, trials: 1, reason: "answer", httpStatus: 200 },
        ...{ error: "answered with text and did not call the tool", answer: "pong" },
      },
      "tool image json stream",
    ]);
  });

  test("what it answers is kept without the key", async () => {
    const { rows } = await scanned([{ id: "m" }], () => said(`Blue ${KEY}`));
    expect([JSON.stringify(rows).includes(KEY), rows[0]?.image.answer, rows[0]?.tool.answer]).toEqual([
      false,
      expect.stringContaining("Blue"),
      expect.stringContaining("Blue"),
    ]);
  });

  test("and others of the same account cost one look-up of its secret", async () => {
    const kept = { ...profile, credential: { kind: "api_key", key: new Secret("") }, reference: { kind: "exec", command: "vault" } } as unknown as AuthProfile;
    const host = fakeHost({
      http: (request) => goodAnswer(askedChat(request) ?? { model: "", test: "tool", body: {} }),
      run: () => ({ exitCode: 1, stdout: "" }),
    });
    await runScan(plansFor([{ id: "a" }, { id: "b" }], { profile: kept }), LIMITS, { host, homeDir: "/home/me", isInteractive: false, withheld: [] });
    expect(host.ran).toHaveLength(1);
  });

  test("without the secret of its account is not asked", async () => {
    const lost = { ...profile, credential: { kind: "api_key", key: new Secret("") }, reference: { kind: "exec", command: "gone" } } as unknown as AuthProfile;
    const host = fakeHost();
    const [row] = await runScan(plansFor([{ id: "m" }], { profile: lost }), LIMITS, { host, homeDir: "/home/me", isInteractive: false, withheld: [] });
    expect([row?.tool, row?.stream.skipped, host.asked]).toEqual([expect.objectContaining({ skipped: true, reason: "unresolved_reference" }), true, []]);
  });
});

describe("figures", () => {
  test("are medians of as many trials as are asked for", async () => {
    const waits = [30, 10, 20];
    let calls = 0;
    const { rows, asked } = await scanned(
      [{ id: "m", facts: { input: ["text"] } }],
      async (chat, host) => {
        await host.wait(waits[calls++ % 3] ?? 0);
        return goodAnswer(chat);
      },
      { repeat: 3 },
    );
    // 30 tokens in 20 ms.
    expect(rows[0]).toMatchObject({
      tool: { latencyMs: 20, passed: 3, trials: 3 },
      stream: { latencyMs: 20, passed: 3, trials: 3 },
      firstPieceMs: 20,
      tokensPerSecond: 1500,
    });
    expect(asked).toHaveLength(9);
  });

  test("of a stream that nobody counts come from its text", async () => {
    const text = "x".repeat(41);
    const { rows } = await scanned([{ id: "m" }], async (chat, host) => {
      if (chat.test !== "stream") return goodAnswer(chat);
      await host.wait(1000);
      const { status, headers } = goodAnswer(chat);
      const event = JSON.stringify({ id: "1", choices: [{ index: 0, delta: { content: text }, finish_reason: "stop" }] });
      return { status, headers, body: pieces(`data: ${event}\n\n`, "data: [DONE]\n\n") };
    });
    expect(rows[0]).toMatchObject({ stream: { ok: true }, tokensPerSecond: 11 });
  });
});

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

describe("the room for an answer", () => {
  const roomOf = async (model: Model): Promise<unknown> => {
    const { asked } = await scanned([model], goodAnswer);
    return asked[0]?.body["max_completion_tokens"];
  };

  test.each<[string, Model, number]>([
    ["of a model that does not reason", { id: "m", facts: { reasoning: false } }, 256],
    ["of one that reasons", { id: "m", facts: { reasoning: true } }, 2048],
    ["of one of which nobody says", { id: "m" }, 1024],
    ["that can say no more", { id: "m", facts: { outputTokens: 100 } }, 100],
    ["that this account may not ask for more", { id: "m", details: { requestLimits: { promptTokens: null, completionTokens: 50 } } }, 50],
  ])("%s", async (_, model, tokens) => {
    expect(await roomOf(model)).toBe(tokens);
  });
});

describe("several models", () => {
  test("keep their order, and no more than allowed are asked at a time", async () => {
    let [now, most] = [0, 0];
    const { rows } = await scanned(
      ["a", "b", "c", "d", "e"].map((id) => ({ id })),
      async (chat) => {
        most = Math.max(most, ++now);
        await Promise.resolve();
        now--;
        return goodAnswer(chat);
      },
    );
    expect([rows.map(({ id }) => id).join(""), most]).toEqual(["abcde", 2]);
  });

  test("one that fails takes no other with it", async () => {
    const { rows } = await scanned([{ id: "a" }, { id: "b" }], (chat) => {
      if (chat.model === "a") throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
      return goodAnswer(chat);
    });
    expect(rows.map(({ tool }) => [tool.ok, tool.reason])).toEqual([
      [false, "network"],
      [true, undefined],
    ]);
  });
});
