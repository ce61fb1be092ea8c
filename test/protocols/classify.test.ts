import { describe, expect, test } from "vitest";
import { classifyBy } from "../../src/protocols/classify.ts";
import { rulesFor } from "../../src/protocols/failure-rules.ts";
import { protocols } from "../../src/protocols/index.ts";
import { PROTOCOL_IDS } from "../../src/provider/protocol-id.ts";
import { failureFixtures, named } from "./failure-fixtures.ts";

/** A prompt that says what any vendor might say, in codes and in sentences. */
const PROMPT = [
  ...new Set(
    failureFixtures.flatMap(({ facts }) => [facts.body, ...(facts.body.match(/"(?:message|error|detail|msg|code|type|status|reason)":\s*"[^"]+"/g) ?? [])]),
  ),
  "insufficient_quota rate_limit_exceeded overloaded_error context_length_exceeded invalid_api_key authentication_error billing permission denied",
  "quota expired forbidden unauthorized 401 402 403 404 408 413 429 500 503 529 Please retry in 1h2m3s.",
].join("\n");

describe("a prompt that is repeated", () => {
  const classes = [
    [400, { reason: "format" }],
    [403, { reason: "permission" }],
    [404, { reason: "model_not_found", detail: "address" }],
    [422, { reason: "format" }],
    [429, { reason: "rate_limit" }],
    [500, { reason: "unknown", detail: "server" }],
    [503, { reason: "overloaded" }],
  ] as const;
  // Together's 403 is another class than everybody's.
  const providers = [
    ...new Map(
      failureFixtures.filter(({ provider }) => provider !== "together").map(({ protocol, provider }) => [`${protocol} ${provider}`, { protocol, provider }]),
    ).values(),
  ];
  const wrappings: Readonly<Record<string, (prompt: string) => string>> = {
    "beside the message": (prompt) =>
      JSON.stringify({ error: { message: "It did not work.", input: prompt, request: { messages: [{ role: "user", content: prompt }] } } }),
    "behind the beginning of the message": (prompt) => JSON.stringify({ error: { message: `Could not process: ${prompt}` } }),
    "in a field with the name of a code": (prompt) =>
      JSON.stringify({ error: { message: "It did not work.", code: prompt, type: prompt, metadata: { raw: prompt } } }),
    "in the fields of a fault of validation": (prompt) =>
      JSON.stringify({ detail: [{ type: "string_type", loc: ["body"], msg: "Input should be a valid string", input: prompt }] }),
    "as plain text": (prompt) => `It did not work. ${prompt}`,
  };

  test.each(Object.entries(wrappings))("changes nothing when it stands %s", (_, wrap) => {
    const body = wrap(PROMPT);
    for (const { protocol, provider } of providers) {
      for (const [status, expected] of classes) {
        expect([provider, status, named(classifyBy(rulesFor(protocol, provider), { status, headers: {}, body }))]).toEqual([provider, status, expected]);
      }
    }
  });
});

describe("a failure", () => {
  const { classify } = protocols["openai-chat"];

  test("carries the vendor's own word, sentence and name for the request", () => {
    const body = JSON.stringify({ error: { message: "Slow down.", type: "requests", code: "rate_limit_exceeded" } });
    expect(classify({ status: 429, headers: { "x-request-id": "req_1", "retry-after": "2" }, body }, "groq")).toEqual({
      reason: "rate_limit",
      status: 429,
      code: "rate_limit_exceeded",
      message: "Slow down.",
      retryAfterMs: 2000,
      requestId: "req_1",
      rule: "openai/rate",
    });
  });

  test("carries no more than 2,000 characters of a sentence, and 200 of a text", () => {
    const long = "x".repeat(100_000);
    expect(classify({ status: 500, headers: {}, body: JSON.stringify({ error: { message: long } }) }, "groq").message).toHaveLength(2000);
    expect(classify({ status: 500, headers: {}, body: long }, "groq").message).toHaveLength(200);
  });

  test("carries no wish to be left alone where the request or the credential is at fault", () => {
    expect(classify({ status: 401, headers: { "retry-after": "60" }, body: "" }, "groq")).toEqual({ reason: "auth", status: 401, rule: "http/401" });
  });

  test("takes absolute times against the time of receipt where the answer has no date", () => {
    const facts = { status: 429, headers: { "retry-after": "Sat, 21 Nov 2026 12:00:30 GMT" }, body: "", receivedAtMs: Date.UTC(2026, 10, 21, 12) };
    expect(classify(facts, "groq").retryAfterMs).toBe(30_000);
    expect(classify({ ...facts, headers: { ...facts.headers, date: "Sat, 21 Nov 2026 12:00:10 GMT" } }, "groq").retryAfterMs).toBe(20_000);
  });

  test("of no shape that we know is unknown, whatever keys it has", () => {
    for (const body of ["[]", "null", "7", '{"__proto__":{"error":{"code":"insufficient_quota"}}}', '{"constructor":{"error":1}}', "[[[[", '"text"']) {
      expect(classify({ status: 500, headers: {}, body }, "groq").reason).toBe("unknown");
    }
  });
});

test("every protocol classifies, for every provider", () => {
  for (const id of PROTOCOL_IDS) expect(protocols[id].classify({ status: 401, headers: {}, body: "" }, "nobody")).toMatchObject({ reason: "auth" });
});
