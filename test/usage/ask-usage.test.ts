import { describe, expect, test, vi } from "vitest";
import { toSecret } from "../../src/credentials/secret-text.ts";
import type { HttpRequest, HttpResponse } from "../../src/kernel/http.ts";
import { apiKey, type Provider } from "../../src/provider/provider.ts";
import { askUsage } from "../../src/usage/ask-usage.ts";
import type { UsageWay } from "../../src/usage/usage-targets.ts";
import { type FakeMachine, fakeHost, response } from "../support/fake-host.ts";
import { fixture, readerOf } from "./fixture.ts";

const PROVIDER: Provider = {
  ...{ id: "openrouter", label: "OpenRouter", protocol: "openai-chat", baseUrl: "https://openrouter.ai/api/v1" },
  ...{ auth: [apiKey("OPENROUTER_API_KEY")], docs: "https://example.com", quirks: {} },
  source: { url: "https://example.com", checkedOn: "2026-11-21" },
};
const KEY = { kind: "api_key", key: toSecret("sk-or-v1-canary-0001") } as const;
const get = (url: string): HttpRequest => ({ method: "GET", url, headers: {} });
const WAY: UsageWay = { kind: "way", provider: PROVIDER, reader: readerOf("openrouter"), request: get("https://openrouter.ai/api/v1/key") };
const BY_HEADERS: UsageWay = { kind: "way", provider: PROVIDER, request: get("https://api.example/v1/models") };
const JSON_TYPE = { "content-type": "application/json" };

const ask = (http: NonNullable<FakeMachine["http"]>, way = WAY) => askUsage(fakeHost({ http }), way, KEY, 5000);
const answering = (status: number, body: string, headers: Record<string, string> = JSON_TYPE) => ask(() => response(status, body, headers));
const why = async (answered: ReturnType<typeof ask>) => {
  const found = await answered;
  return found.outcome === "failed" ? [found.failure.reason, found.failure.why] : found.outcome;
};
const thrown = (facts: object) => () => {
  throw Object.assign(new Error("sk-or-v1-canary-0001"), facts);
};

describe("what comes of one request", () => {
  test("the facts, and the limits of the headers besides", async () => {
    const told = await answering(200, JSON.stringify(fixture("openrouter").body), { ...JSON_TYPE, "x-ratelimit-remaining": "7" });
    expect(told).toMatchObject({ outcome: "told", facts: { windows: [{ label: "month" }], limits: [{ name: "requests", remaining: 7 }] } });
  });

  test.each<[string, ReturnType<typeof ask> | (() => ReturnType<typeof ask>), unknown]>([
    ["a refused key", () => answering(401, '{"error":{"message":"no","code":"invalid_api_key"}}'), ["auth", "does not accept the credential (401)"]],
    ["nothing left", () => answering(402, '{"error":{"message":"pay"}}'), ["billing", "says that there is nothing left to pay with (402)"]],
    ["no right to it", () => answering(403, '{"error":{"message":"no"}}'), ["permission", "does not let this credential see what is left (403)"]],
    ["no such address", () => answering(404, "404 page not found", {}), ["model_not_found", "has nothing about usage at that address (404)"]],
    ["too often", () => answering(429, '{"error":{"message":"slow"}}'), ["rate_limit", "was asked too often (429)"]],
    ["its own trouble", () => answering(500, '{"error":{"message":"oops"}}'), ["unknown", "is in trouble itself (500)"]],
    ["a web page", () => answering(200, "<!doctype html><p>Log in", { "content-type": "text/html" }), ["network", "answered with a web page (200)"]],
    [
      "another address",
      () => answering(302, "", { location: "https://elsewhere.example" }),
      ["network", "sends on to another address, which is not followed (302)"],
    ],
    ["another shape", () => answering(200, '{"hello":"world"}'), ["unknown", "answered something that is not known as usage (200)"]],
    ["an error that calls itself well", () => answering(200, '{"error":{"code":401,"message":"no"}}'), ["auth", "does not accept the credential (200)"]],
    ["half an answer", () => answering(200, '{"data":'), ["unknown", "answered something that is not known as usage (200)"]],
    ["an answer without end", () => answering(200, `"${"x".repeat(2 << 20)}"`), ["format", "sent more than is read (200)"]],
    ["nobody there", () => ask(thrown({ code: "ECONNREFUSED" })), ["network", "is not there: nobody listens at that address"]],
    ["no network", () => ask(thrown({ code: "ENOTFOUND" })), ["network", "is not there: its name leads to no address"]],
    ["silence", () => ask(thrown({ name: "TimeoutError", phase: "first_byte" })), ["timeout", "did not answer within 5 s"]],
  ])("%s", async (_, asked, expected) => {
    expect(await why(typeof asked === "function" ? asked() : asked)).toEqual(expected);
  });

  test("when a window begins anew is told by the vendor's own clock", async () => {
    const nowMs = Date.UTC(2026, 10, 22, 12);
    const theirsMs = nowMs - 86_400_000;
    const body = JSON.stringify({
      code: 200,
      success: true,
      data: { limits: [{ type: "TOKENS_LIMIT", unit: 3, number: 5, percentage: 1, nextResetTime: theirsMs + 3_600_000 }] },
    });
    const resets = async (headers: Record<string, string>) => {
      const http = () => response(200, body, { ...JSON_TYPE, ...headers });
      const told = await askUsage(fakeHost({ http, nowMs }), { ...WAY, reader: readerOf("zai") }, KEY, 5000);
      return told.outcome === "told" && told.facts.windows.map(({ resetsAt }) => (resetsAt ?? 0) - nowMs);
    };
    expect(await resets({ date: new Date(theirsMs).toUTCString() })).toEqual([3_600_000]);
    expect(await resets({ date: new Date(nowMs - 20_000).toUTCString() })).toEqual([3_600_000 - 86_400_000]);
    expect(await resets({})).toEqual([3_600_000 - 86_400_000]);
  });

  test("how long the vendor wants to be left alone is told on", async () => {
    expect(await answering(429, "{}", { ...JSON_TYPE, "retry-after": "40" })).toMatchObject({ outcome: "failed", retryAfterMs: 40_000 });
  });

  test("nothing that the vendor wrote is in it, and no secret", async () => {
    const failed = await answering(500, '{"error":{"message":"sk-or-v1-canary-0001 \\u001b[31m oops","code":"very bad"}}');
    expect(JSON.stringify(failed)).not.toMatch(/canary|oops|very bad/);
  });
});

describe("a vendor that tells it in headers alone", () => {
  const listing = (headers: Record<string, string>): HttpResponse => ({
    status: 200,
    headers,
    body: (async function* () {
      yield new TextEncoder().encode('{"data":[');
      throw new Error("the body was read to its end");
    })(),
  });

  test("is not heard to its end", async () => {
    const told = await ask(() => listing(fixture("groq-headers").headers ?? {}), BY_HEADERS);
    expect(told).toMatchObject({ outcome: "told", facts: { limits: [{ name: "requests" }, { name: "tokens" }] } });
  });

  test("and one that says nothing there is silent", async () => {
    expect(await ask(() => listing(JSON_TYPE), BY_HEADERS)).toEqual({ outcome: "silent" });
  });

  test("a web page in its place is none of both", async () => {
    expect(await why(ask(() => response(200, "<html>", { "content-type": "text/html" }), BY_HEADERS))).toEqual(["network", "answered with a web page (200)"]);
  });
});

test("the secret travels as the vendor wants it, and who asks is said", async () => {
  const host = fakeHost({ http: () => response(200, '{"usd_balance":"1"}', JSON_TYPE) });
  const reader = readerOf("nano-gpt");
  await askUsage(host, { kind: "way", provider: PROVIDER, reader, request: { ...get("https://nano-gpt.com/api/check-balance"), method: "POST" } }, KEY, 5000);
  await askUsage(host, WAY, KEY, 5000);
  expect(host.asked.map(({ headers }) => Object.keys(headers))).toEqual([["x-api-key"], ["authorization"]]);
});

test("what its vendor allows in its own program alone leaves for nobody", async () => {
  const host = fakeHost();
  const tool = { kind: "token", token: toSecret("sk-ant-oat01-canary-0001") } as const;
  expect(await askUsage(host, WAY, tool, 5000)).toEqual({ outcome: "withheld", why: "is allowed in the vendor's own program only" });
  expect(host.asked).toEqual([]);
});

test.each([2 ** 31, 2 ** 33, Number.POSITIVE_INFINITY])("a patience of %d ms is one that a timer can wait for", async (timeoutMs) => {
  const timeout = vi.spyOn(AbortSignal, "timeout");
  const http: FakeMachine["http"] = () => response(200, JSON.stringify(fixture("openrouter").body), JSON_TYPE);
  expect(await askUsage(fakeHost({ http }), WAY, KEY, timeoutMs)).toMatchObject({ outcome: "told" });
  expect(timeout.mock.calls).toEqual([[2 ** 31 - 1]]);
  timeout.mockRestore();
});
