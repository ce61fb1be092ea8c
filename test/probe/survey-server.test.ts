import { describe, expect, test } from "vitest";
import { findServer } from "../../src/probe/find-server.ts";
import { type Survey, surveyServer } from "../../src/probe/survey-server.ts";
import { answering } from "../support/answering.ts";
import { fakeHost, response } from "../support/fake-host.ts";
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
  vllmServer,
} from "../support/model-servers.ts";

const AT = "http://127.0.0.1:9000";
const patience = { firstMs: 300, allMs: 5000 };

const hostOf = (server: ModelServer) => fakeHost({ http: answering({ [AT]: server }) });
const survey = (server: ModelServer, evidence: "strict" | "any" = "strict"): Promise<Survey> =>
  surveyServer({ host: hostOf(server), baseUrl: `${AT}/v1`, authorized: (request) => request, evidence, patience });
const facts = (found: Survey): unknown =>
  found.outcome === "listed" ? [found.server, ...found.list.models.map(({ id, facts: { contextTokens } }) => [id, contextTokens])] : found;

describe("each server is known by what only it says, and its contexts are the real ones", () => {
  test.each([
    [
      "ollama",
      ollamaServer,
      [
        ["llama3.1:8b", 4096],
        ["qwen3:4b", 16_384],
        ["llava:7b", 32_768],
        ["nomic-embed-text:latest", 2048],
      ],
    ],
    [
      "lmstudio",
      lmStudioServer,
      [
        ["qwen2-vl-7b-instruct", 32_768],
        ["meta-llama-3.1-8b-instruct", 8192],
        ["text-embedding-nomic-embed-text-v1.5", 2048],
      ],
    ],
    ["vllm", vllmServer, [["Qwen/Qwen3-32B", 40_960]]],
    ["llama-cpp", llamaCppServer, [["gemma-3-4b-it", 16_384]]],
    ["sglang", sglangServer, [["Qwen/Qwen2.5-VL-7B-Instruct", 128_000]]],
    [
      "litellm",
      liteLlmServer,
      [
        ["gpt-4o", 128_000],
        ["embed", 8191],
      ],
    ],
  ] as const)("%s", async (kind, server, models) => {
    expect(facts(await survey(server))).toEqual([kind, ...models]);
  });
});

test("one request is all that a server gets that is none of models", async () => {
  for (const other of [
    { status: 200, json: "hello" },
    { status: 200, json: { data: [{ id: "civic", name: "Civic" }] } },
    { status: 404, json: { detail: "Not Found" } },
    { status: 401, json: "log in" },
  ]) {
    const host = hostOf(() => other);
    const found = await surveyServer({ host, baseUrl: `${AT}/v1`, authorized: (request) => request, evidence: "strict", patience });
    expect([found.outcome, host.asked.map(({ url }) => url)]).toEqual(["failed", [`${AT}/v1/models`]]);
  }
});

test("an unmarked list counts only where somebody said that there is a server of models", async () => {
  const unmarked: ModelServer = ({ path }) => (path === "/v1/models" ? { status: 200, json: { data: [{ id: "m" }] } } : { status: 404, json: {} });
  expect(facts(await survey(unmarked))).toMatchObject({ outcome: "failed" });
  expect(facts(await survey(unmarked, "any"))).toEqual(["openai-compatible", ["m", undefined]]);
});

test("a server of no known program is one that speaks OpenAI's protocol", async () => {
  const plain: ModelServer = ({ path }) =>
    path === "/v1/models" ? { status: 200, json: { object: "list", data: [{ id: "m", object: "model" }] } } : { status: 404, json: {} };
  expect(facts(await survey(plain))).toEqual(["openai-compatible", ["m", undefined]]);
});

describe("a server that asks for a key", () => {
  test.each([
    ["LiteLLM, which says elsewhere that it is alive", lockedLiteLlmServer, { server: "litellm", protocol: "openai-chat", baseUrl: `${AT}/v1`, status: 401 }],
    ["one of Anthropic's kind", anthropicServer, { server: "anthropic-compatible", protocol: "anthropic-messages", baseUrl: AT, status: 401 }],
    ["one of Google's kind", googleServer, { server: "google-compatible", protocol: "google-generate", baseUrl: `${AT}/v1beta`, status: 403 }],
  ] as const)("is told apart: %s", async (_, server, expected) => {
    expect(await survey(server)).toEqual({ outcome: "asks for a key", ...expected });
  });
});

describe("finding a server", () => {
  const find = (server: ModelServer, url: string) => findServer(fakeHost({ http: answering({ [AT]: server }) }), url);

  test("its address may be written with or without the version", async () => {
    expect(await find(vllmServer, AT)).toMatchObject({ outcome: "listed", baseUrl: `${AT}/v1` });
    expect(await find(vllmServer, `${AT}/v1/`)).toMatchObject({ outcome: "listed", baseUrl: `${AT}/v1` });
    expect(await find(openRouterServer, `${AT}/api`)).toMatchObject({ outcome: "asks for a key", baseUrl: `${AT}/api/v1` });
  });

  test("Google's version is tried where nothing else answers", async () => {
    const open: ModelServer = (asked) => googleServer({ ...asked, headers: { "x-goog-api-key": "sk-vendor-0123456789abcdef" } });
    expect(await find(open, AT)).toMatchObject({ outcome: "listed", server: "google-compatible", protocol: "google-generate", baseUrl: `${AT}/v1beta` });
  });

  test("what is not there is said in words", async () => {
    expect(await find(vllmServer, "http://127.0.0.1:9")).toEqual({
      outcome: "failed",
      why: "refused the connection",
      reason: "network",
    });
    const page = fakeHost({ http: () => response(200, "<!doctype html>", { "content-type": "text/html" }) });
    expect(await findServer(page, AT)).toEqual({ outcome: "failed", why: "answered 200 with a web page", reason: "network", status: 200 });
  });
});

test("a list of something else is no list of models, though a person named its address", async () => {
  for (const data of [[{ id: 7, name: "Civic" }], [{ name: "Civic" }], [{ id: "civic", type: "car" }]]) {
    const shop = fakeHost({ http: answering({ [AT]: () => ({ status: 200, json: { data } }) }) });
    expect(await findServer(shop, AT)).toMatchObject({ outcome: "failed", why: "answered something other than a list of models" });
  }
});
