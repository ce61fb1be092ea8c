import { expect, test } from "vitest";
import { readResults } from "../../src/protocols/results.ts";
import { answer } from "./chunks.ts";

const read = (body: unknown, more: Parameters<typeof answer>[1] = {}) =>
  readResults(answer(typeof body === "string" ? body : JSON.stringify(body), { type: "application/json", ...more }), "openai-chat", { providerId: "voyage" });

test.each([
  [
    "OpenAI",
    { object: "list", data: [{ object: "embedding", index: 0, embedding: [0.1] }], usage: { prompt_tokens: 2, total_tokens: 2 } },
    { count: 1, usage: { inputTokens: 2 } },
  ],
  ["Voyage, of a ranking", { object: "list", data: [{ relevance_score: 0.9, index: 0 }], usage: { total_tokens: 5 } }, { count: 1, usage: { inputTokens: 5 } }],
  [
    "Cohere and Jina, of a ranking",
    {
      id: "r",
      results: [
        { index: 1, relevance_score: 0.9 },
        { index: 0, relevance_score: 0.1 },
      ],
    },
    { count: 2 },
  ],
  ["Google, of one text", { embedding: { values: [0.1, 0.2] } }, { count: 1 }],
  ["Google, of several", { embeddings: [{ values: [0.1] }, { values: [0.2] }] }, { count: 2 }],
])("results in the shape of %s are counted", async (_, body, expected) => {
  expect(await read(body)).toEqual({ kind: "answered", ...expected });
});

test("an answer without a result is none", async () => {
  for (const body of [{ data: [] }, {}, { embedding: { values: [] } }]) {
    expect(await read(body)).toEqual({ kind: "failed", failure: { status: 200, reason: "unknown", detail: "unreadable", rule: "answer/unreadable" } });
  }
});

test("failures are named as those of a chat", async () => {
  expect(await read({ error: { message: "Invalid", code: "invalid_api_key" } })).toMatchObject({ failure: { reason: "auth" } });
  expect(await read({ detail: "Provided API key is invalid." }, { status: 401 })).toMatchObject({ failure: { reason: "auth", status: 401 } });
  expect(await read("<html></html>")).toMatchObject({ failure: { reason: "network", detail: "html" } });
  expect(await read("", { broken: Object.assign(new Error("reset"), { code: "ECONNRESET" }) })).toMatchObject({
    failure: { reason: "network", detail: "reset", status: 200 },
  });
});
