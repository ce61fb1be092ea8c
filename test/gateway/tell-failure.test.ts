import { describe, expect, test } from "vitest";
import type { FailureReason } from "../../src/chat/failure.ts";
import { tellExhausted, tellFailure } from "../../src/gateway/tell-failure.ts";
import { createSender } from "../../src/host/send-request.ts";
import { type FailureFixture, failureFixtures } from "../protocols/failure-fixtures.ts";
import { startChaos } from "../support/chaos-vendor.mjs";
import { response } from "../support/fake-host.ts";
import { gatewayInMemory } from "./in-memory.ts";

/** What a client of each family is told: the status, OpenAI's `type` and `code`, Anthropic's `type`. */
const TOLD: Readonly<Record<Exclude<FailureReason, "cancelled">, readonly [status: number, openai: string, code: string, anthropic: string]>> = {
  auth: [502, "api_error", "auth", "api_error"],
  permission: [502, "api_error", "permission", "api_error"],
  billing: [502, "api_error", "billing", "api_error"],
  rate_limit: [429, "rate_limit_error", "rate_limit", "rate_limit_error"],
  usage_limit: [429, "rate_limit_error", "usage_limit", "rate_limit_error"],
  overloaded: [503, "overloaded_error", "overloaded", "overloaded_error"],
  timeout: [504, "api_error", "timeout", "timeout_error"],
  network: [502, "api_error", "network", "api_error"],
  context_length: [400, "invalid_request_error", "context_length_exceeded", "invalid_request_error"],
  content_filter: [400, "invalid_request_error", "content_filter", "invalid_request_error"],
  format: [400, "invalid_request_error", "format", "invalid_request_error"],
  model_not_found: [404, "invalid_request_error", "model_not_found", "not_found_error"],
  unknown: [502, "api_error", "unknown", "api_error"],
};

const CLIENTS = {
  "/v1/chat/completions": { messages: [{ role: "user", content: "hi" }] },
  "/v1/responses": { input: "hi", store: false },
  "/v1/messages": { max_tokens: 10, messages: [{ role: "user", content: "hi" }] },
} as const;

const APIS = {
  "openai-chat": "openai-completions",
  "openai-responses": "openai-responses",
  "anthropic-messages": "anthropic-messages",
  "google-generate": "google-generative-ai",
  "bedrock-converse": "bedrock-converse-stream",
} as const;

/** One of each kind that a vendor's documents show, and what the way to it does. */
const KINDS: readonly FailureFixture[] = [
  ...new Map(
    failureFixtures
      .filter(({ facts, name }) => (facts.status ?? 200) >= 300 && /^(?:anthropic|bedrock|google|openai):/.test(name))
      .map((fixture) => [`${fixture.protocol} ${fixture.expected.reason} ${fixture.expected.detail}`, fixture] as const),
  ).values(),
];

/** `undefined`: the connection breaks. */
async function failing(fixture: Pick<FailureFixture, "protocol" | "provider"> & Partial<FailureFixture>, path: keyof typeof CLIENTS, more: object = {}) {
  const box = await gatewayInMemory({
    providers: { [fixture.provider]: APIS[fixture.protocol] },
    chain: [`${fixture.provider}/m`],
    vendor: () => {
      if (fixture.facts === undefined) throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
      const { status = 500, headers, body } = fixture.facts;
      return response(status, body, { "content-type": "application/json", ...headers });
    },
  });
  return box.ask(path, { model: `${fixture.provider}/m`, ...CLIENTS[path], ...more });
}

function expectTold({ status, json, headers }: Awaited<ReturnType<typeof failing>>, path: string, reason: FailureReason, name: string): void {
  const [wanted, openai, code, anthropic] = TOLD[reason as keyof typeof TOLD];
  const { error, ...around } = json as { error: { type: string; code?: string; message: string; attempts: { reason: string }[] } };
  const isAnthropic = path === "/v1/messages";
  expect([name, status, error.type, error.attempts[0]?.reason]).toEqual([name, wanted, isAnthropic ? anthropic : openai, reason]);
  expect(isAnthropic ? around : error.code).toEqual(isAnthropic ? { type: "error", request_id: "req_1" } : code);
  expect([error.message.length > 0, headers["content-type"]]).toEqual([true, "application/json"]);
}

describe.each(Object.keys(CLIENTS) as (keyof typeof CLIENTS)[])("a client at %s", (path) => {
  test.each([false, true])("is told every failure of a vendor of any format in its own words (streamed: %s)", async (stream) => {
    for (const fixture of KINDS) expectTold(await failing(fixture, path, { stream }), path, fixture.expected.reason, fixture.name);
  });

  test("is told when the way to a vendor fails", async () => {
    for (const protocol of Object.keys(APIS) as (keyof typeof APIS)[])
      expectTold(await failing({ protocol, provider: "somebody" }, path), path, "network", protocol);
  });

  test("hears a vendor's own words about its own mistakes alone", async () => {
    const facts = (status: number, message: string) => ({ status, headers: {}, body: JSON.stringify({ error: { code: status, message, status: "X" } }) });
    const google = { protocol: "google-generate", provider: "google" } as const;
    const mistake = await failing({ ...google, facts: facts(400, "contents must not be empty") }, path);
    expect(mistake.text).toContain("contents must not be empty");
    expect((await failing({ ...google, facts: facts(500, "our machine room burns") }, path)).text).not.toContain("burns");
  });
});

test.each([
  ["proxy", "the proxy on the way failed (see HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY)"],
  ["cut", "the answer broke off before its end"],
  ["refused", "the connection to the vendor failed"],
] as const)("a way to the vendor that fails by %s is told as: %s", (detail, message) => {
  expect(tellFailure({ reason: "network", detail, rule: "x" }).message).toBe(message);
});

test.each([
  ["in one piece", "wrong_length", false],
  ["streamed", "preamble_then_cut", true],
])("an answer that ends early on its socket is told as one that broke off (%s)", async (_, behaviour, stream) => {
  const chaos = await startChaos();
  const send = createSender();
  const box = await gatewayInMemory({
    providers: { somebody: "openai-completions" },
    chain: ["somebody/m"],
    vendor: (request) => send({ ...request, url: `${chaos.url}/${behaviour}${new URL(request.url).pathname}` }, new AbortController().signal),
  });
  const { json } = await box.ask("/v1/chat/completions", { model: "somebody/m", ...CLIENTS["/v1/chat/completions"], stream });
  await chaos.close();
  expect(json).toMatchObject({
    error: {
      message: expect.stringContaining("the answer broke off before its end"),
      attempts: expect.arrayContaining([expect.objectContaining({ reason: "network", detail: "cut" })]),
    },
  });
});

test("a request that was withheld from everybody is told why", () => {
  const passedOver = [{ model: "anthropic/m", reason: "withheld", why: "speaks anthropic-messages, which cannot say sampling.seed" }] as const;
  const told = tellExhausted({ kind: "exhausted", refusals: [], passedOver, attempts: 0, stoppedBy: "nobody" });
  expect(told.message).toBe("no model and account could be asked: anthropic/m speaks anthropic-messages, which cannot say sampling.seed");
  expect(tellExhausted({ kind: "exhausted", refusals: [], passedOver: [], attempts: 0, stoppedBy: "nobody" }).message).toBe(
    "no model and account could be asked",
  );
});

test("a model that another program answers for is told as that, and what to do", () => {
  const passedOver = [
    { model: "claude-cli/m", reason: "delegated", why: "is left to another login." },
    { model: "openai/m", reason: "no_credential", why: "has no account that could be asked" },
  ] as const;
  expect(tellExhausted({ kind: "exhausted", refusals: [], passedOver, attempts: 0, stoppedBy: "nobody" }).message).toBe(
    "no model and account could be asked: claude-cli/m is answered by another program with a login of its own, which the gateway cannot use; ask a model that has an account here, or put one into the chain (models auth add, models set)",
  );
});

test("every reason is played", () => {
  const played = new Set(KINDS.map(({ expected }) => expected.reason));
  expect(Object.keys(TOLD).filter((reason) => !played.has(reason as FailureReason))).toEqual(["network"]);
});
