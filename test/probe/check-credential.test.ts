import { describe, expect, test } from "vitest";
import type { Credential } from "../../src/credentials/profile.ts";
import type { HttpRequest, HttpResponse } from "../../src/kernel/http.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { checkCredential } from "../../src/probe/check-credential.ts";
import { modelsUrl } from "../../src/probe/models-url.ts";
import { apiKey, defineProvider, type Provider } from "../../src/provider/provider.ts";
import { anthropic } from "../../src/providers/anthropic.ts";
import { google } from "../../src/providers/google.ts";
import { fakeHost, response } from "../support/fake-host.ts";

const CANARY = "lab-canary-0123456789";
const key: Credential = { kind: "api_key", key: new Secret(CANARY) };
const lab = defineProvider({
  id: "lab",
  label: "Lab",
  protocol: "openai-chat",
  baseUrl: "https://lab.example/v1/",
  auth: [apiKey("LAB_API_KEY")],
  docs: "",
  quirks: {},
  source: { url: "", checkedOn: "" },
});
const LIST = '{"object":"list","data":[{"id":"good"}]}';

const carries = ({ headers }: HttpRequest): boolean => Object.values(headers).some((value) => value.includes("canary") || value.includes("sk-"));

/** A server that answers one way to those with a credential, and another way without. */
async function check(withIt: HttpResponse | Error, without: HttpResponse | Error, provider: Provider = lab, credential: Credential = key) {
  const host = fakeHost({
    http: (request) => {
      const answer = carries(request) ? withIt : without;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const { url: _url, ...verdict } = await checkCredential(host, provider, credential);
  return { ...verdict, requests: host.asked.length };
}

const json = (status: number, body: unknown): HttpResponse => response(status, JSON.stringify(body), { "content-type": "application/json" });
const refused = json(401, { error: { message: `Incorrect key ${CANARY}`, type: "invalid_request_error", code: "invalid_api_key" } });
const failing = (code: string): Error => Object.assign(new Error(`${code} with ${CANARY}`), { code });

describe("a credential counts as accepted", () => {
  test("only where the list of models is refused without it", async () => {
    expect(await check(response(200, LIST), refused)).toEqual({ verdict: "accepted", detail: "accepts it", httpStatus: 200, requests: 2 });
    expect(await check(response(200, LIST), response(400, "{}"))).toMatchObject({ verdict: "accepted" });
  });

  test("not where everybody gets the list", async () => {
    expect(await check(response(200, LIST), response(200, LIST))).toEqual({
      verdict: "inconclusive",
      detail: "lists its models to everybody: the credential was not examined",
      httpStatus: 200,
      requests: 2,
    });
  });

  test("not where the second request tells nothing", async () => {
    for (const without of [response(503, ""), response(429, "{}"), failing("ECONNRESET")]) {
      expect(await check(response(200, LIST), without)).toMatchObject({ verdict: "inconclusive", requests: 2 });
    }
  });

  test("not for an answer that is no list of models", async () => {
    for (const body of ["{}", "", "not json", '{"data":{}}', `[${"1,".repeat(600_000)}1]`]) {
      expect(await check(response(200, body), refused)).toMatchObject({ verdict: "inconclusive", requests: 1 });
    }
  });
});

describe("a credential counts as rejected", () => {
  const rejected = { verdict: "rejected", reason: "auth", detail: "rejects it", requests: 1 };

  test("by the status 401 or 403", async () => {
    expect(await check(refused, refused)).toEqual({ ...rejected, httpStatus: 401 });
    expect(await check(response(401, ""), refused)).toEqual({ ...rejected, httpStatus: 401 });
    expect(await check(json(403, { error: { status: "PERMISSION_DENIED" } }), refused)).toEqual({ ...rejected, httpStatus: 403 });
  });

  test("by the vendor's own code, whatever the status", async () => {
    const invalid = { error: { code: 400, status: "INVALID_ARGUMENT", details: [{ reason: "API_KEY_INVALID" }] } };
    expect(await check(json(400, invalid), response(403, "{}"))).toEqual({ ...rejected, httpStatus: 400 });
    expect(await check(json(200, { error: { type: "authentication_error" } }), refused)).toEqual({ ...rejected, httpStatus: 200 });
    expect(await check(json(200, { error: { code: "invalid_api_key" }, data: [] }), refused)).toEqual({ ...rejected, httpStatus: 200 });
  });
});

test("no credit and limits are told apart, and never claimed where everybody gets them", async () => {
  expect(await check(response(402, "{}"), refused)).toMatchObject({ verdict: "limited", reason: "billing", httpStatus: 402 });
  expect(await check(json(429, { error: { code: "insufficient_quota" } }), refused)).toMatchObject({ verdict: "limited", reason: "billing" });
  expect(await check(response(429, "{}"), refused)).toMatchObject({ verdict: "limited", reason: "rate_limit", httpStatus: 429 });
  expect(await check(response(429, "{}"), response(429, "{}"))).toMatchObject({ verdict: "inconclusive" });
});

test("everything else is inconclusive, and says why without a word of the other side", async () => {
  const details = async (answer: HttpResponse | Error) => {
    const found = await check(answer, refused);
    expect(JSON.stringify(found)).not.toContain("canary");
    return [found.verdict, found.detail];
  };
  expect(await details(response(302, "", { location: "https://evil.example" }))).toEqual([
    "inconclusive",
    "sends on to another address, which was not followed",
  ]);
  expect(await details(response(404, "{}"))).toEqual(["inconclusive", "has no list of models at that address (404)"]);
  expect(await details(response(503, ""))).toEqual(["inconclusive", "is in trouble itself (503)"]);
  expect(await details(response(418, "{}"))).toEqual(["inconclusive", "answered 418, which tells nothing about the credential"]);
  expect(await details(response(403, "<!doctype html><p>blocked"))).toEqual(["inconclusive", "answered 403 with a web page"]);
  expect(await details(response(200, LIST, { "content-type": "text/html" }))).toEqual(["inconclusive", "answered 200 with a web page"]);
  expect(await details(json(403, { error: { code: "unsupported_country_region_territory" } }))).toEqual([
    "inconclusive",
    "does not serve this country or network",
  ]);
  expect(await details(json(403, { error: { type: "permission_error" } }))).toEqual(["inconclusive", "does not let it list models"]);
  expect(await details(failing("ECONNREFUSED"))).toEqual(["inconclusive", "could not be reached (ECONNREFUSED)"]);
  expect(await details(failing("ENOTFOUND"))).toEqual(["inconclusive", "could not be found: its name leads nowhere (ENOTFOUND)"]);
  expect(await details(failing("DEPTH_ZERO_SELF_SIGNED_CERT"))).toEqual([
    "inconclusive",
    "could not be trusted: its certificate is not in order (DEPTH_ZERO_SELF_SIGNED_CERT)",
  ]);
  expect(await details(Object.assign(new Error("late"), { name: "TimeoutError" }))).toEqual(["inconclusive", "did not answer within 10 s"]);
  expect(await details(new Error(`odd ${CANARY}`))).toEqual(["inconclusive", "could not be reached"]);
});

test("the credential travels as the protocol wants it, to the vendor's own address alone", async () => {
  const asked = async (provider: Provider, credential: Credential = key) => {
    const host = fakeHost({ http: () => response(200, LIST) });
    const { url } = await checkCredential(host, provider, credential);
    return { url, requests: host.asked };
  };
  const { url, requests } = await asked(lab);
  expect(url).toBe("https://lab.example/v1/models");
  expect(requests.map((request) => [request.method, request.url, request.headers["authorization"]])).toEqual([
    ["GET", "https://lab.example/v1/models", `Bearer ${CANARY}`],
    ["GET", "https://lab.example/v1/models", undefined],
  ]);
  const claude = (await asked(anthropic)).requests[0];
  expect([claude?.url, claude?.headers["x-api-key"], claude?.headers["anthropic-version"]]).toEqual([
    "https://api.anthropic.com/v1/models",
    CANARY,
    "2023-06-01",
  ]);
  const gemini = (await asked(google)).requests[0];
  expect([gemini?.url, gemini?.headers["x-goog-api-key"]]).toEqual(["https://generativelanguage.googleapis.com/v1beta/models", CANARY]);
  const own = (await asked({ ...lab, quirks: { authHeader: "api-key" } })).requests[0];
  expect([own?.headers["api-key"], own?.headers["authorization"]]).toEqual([CANARY, undefined]);
});

test("nobody is asked where the credential must not go or cannot be examined", async () => {
  const setupToken: Credential = { kind: "token", token: new Secret(`sk-ant-oat01-${"x".repeat(80)}`) };
  const nobody = { verdict: "inconclusive", requests: 0 };
  expect(await check(response(200, LIST), refused, anthropic, setupToken)).toEqual({
    ...nobody,
    detail: "was not asked: the credential is allowed in the vendor's own program only",
  });
  expect(await check(response(200, LIST), refused, { ...lab, baseUrl: "http://lab.example/v1" })).toMatchObject(nobody);
  expect(await check(response(200, LIST), refused, lab, { kind: "api_key", key: new Secret("two words canary") })).toMatchObject(nobody);
  expect(await check(response(200, LIST), refused, { ...lab, baseUrl: undefined })).toMatchObject(nobody);
  expect(await check(response(200, LIST), refused, { ...lab, protocol: "bedrock-converse" })).toMatchObject(nobody);
});

describe("where the vendor tells whose key it is", () => {
  const told = { ...lab, identityPath: "/key" };
  const vendor = async (isKnown: boolean, hasAddress = true) => {
    const host = fakeHost({
      http: (request) => {
        if (!request.url.endsWith("/key")) return response(200, LIST);
        if (!hasAddress) return response(404, "{}");
        return isKnown && carries(request) ? json(200, { data: { label: "mine", usage: 1 } }) : json(401, { error: { message: "User not found.", code: 401 } });
      },
    });
    const found = await checkCredential(host, told, key);
    return [found.verdict, found.url, host.asked.length];
  };

  test("that is asked, and not the list that everybody gets", async () => {
    expect(await vendor(true)).toEqual(["accepted", "https://lab.example/v1/key", 2]);
    expect(await vendor(false)).toEqual(["rejected", "https://lab.example/v1/key", 1]);
  });

  test("a server in its place that has no such address is asked for its list", async () => {
    expect(await vendor(true, false)).toEqual(["inconclusive", "https://lab.example/v1/models", 3]);
  });
});

test("a server of one's own is asked without TLS", async () => {
  expect(await check(response(200, LIST), refused, { ...lab, baseUrl: "http://127.0.0.1:8000/v1" })).toMatchObject({ verdict: "accepted" });
  expect(modelsUrl({ ...lab, baseUrl: "http://127.0.0.1:8000/v1", modelsPath: "/api/models" })).toBe("http://127.0.0.1:8000/v1/api/models");
});
