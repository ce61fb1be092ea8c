import { describe, expect, test } from "vitest";
import { readModelList } from "../../src/catalog/live-list.ts";
import {
  anthropicServer,
  googleServer,
  liteLlmServer,
  llamaCppServer,
  lmStudioServer,
  type ModelServer,
  openRouterServer,
  sglangServer,
  VENDOR_KEY,
  vllmServer,
} from "../support/model-servers.ts";

const KEYS = { authorization: `Bearer ${VENDOR_KEY}`, "x-api-key": VENDOR_KEY, "x-goog-api-key": VENDOR_KEY, "anthropic-version": "2023-06-01" };
const answer = (server: ModelServer, path: string): unknown => server({ method: "GET", path, headers: KEYS, body: "" }).json;

describe("a list of models", () => {
  test.each([
    ["vLLM", vllmServer, "/v1/models", [{ id: "Qwen/Qwen3-32B", facts: { contextTokens: 40_960 } }]],
    ["SGLang", sglangServer, "/v1/models", [{ id: "Qwen/Qwen2.5-VL-7B-Instruct", facts: { contextTokens: 128_000 } }]],
    ["llama.cpp, which has two lists", llamaCppServer, "/v1/models", [{ id: "gemma-3-4b-it", facts: { contextTokens: 131_072 } }]],
    [
      "LiteLLM, which says nothing there",
      liteLlmServer,
      "/v1/models",
      [
        { id: "gpt-4o", facts: {} },
        { id: "embed", facts: {} },
      ],
    ],
    [
      "LM Studio, where the loaded context counts before the possible one",
      lmStudioServer,
      "/api/v0/models",
      [
        { id: "qwen2-vl-7b-instruct", facts: { contextTokens: 32_768, input: ["text", "image"] } },
        { id: "meta-llama-3.1-8b-instruct", facts: { contextTokens: 8192, input: ["text"], tools: true } },
        { id: "text-embedding-nomic-embed-text-v1.5", facts: { contextTokens: 2048 }, serves: "embeddings" },
      ],
    ],
    [
      "Anthropic",
      anthropicServer,
      "/v1/models",
      [
        {
          id: "claude-opus-4-6",
          facts: {
            name: "Claude Opus 4.6",
            contextTokens: 1_000_000,
            outputTokens: 128_000,
            input: ["text", "image", "pdf"],
            reasoning: true,
            releasedOn: "2026-02-04",
          },
        },
      ],
    ],
    [
      "Google",
      googleServer,
      "/v1beta/models",
      [{ id: "gemini-2.5-pro", facts: { name: "Gemini 2.5 Pro", contextTokens: 1_048_576, outputTokens: 65_536, reasoning: true } }],
    ],
  ] as const)("of %s", (_, server, path, models) => {
    expect(readModelList(answer(server, path))).toEqual({ models, skipped: 0 });
  });

  test("of OpenRouter has its prices, and tells what is free", () => {
    expect(readModelList(answer(openRouterServer, "/api/v1/models"))?.models.map(({ id, facts }) => [id, facts.usdPerMTok, facts.tools])).toEqual([
      ["meta-llama/llama-3.3-70b-instruct:free", { input: 0, output: 0 }, true],
      ["google/gemini-2.5-pro", { input: 1.25, output: 10 }, true],
    ]);
  });

  test("says of Mistral's models what they can, and which are not for chat", () => {
    const capabilities = { completion_chat: false, function_calling: false, vision: true };
    expect(readModelList({ object: "list", data: [{ id: "ocr", capabilities, max_context_length: 16_384 }] })?.models).toEqual([
      { id: "ocr", facts: { contextTokens: 16_384, input: ["text", "image"], tools: false }, serves: "other" },
    ]);
  });

  test("may be empty, also as Ollama writes it, and may be bare", () => {
    expect(readModelList({ object: "list", data: [] })).toEqual({ models: [], skipped: 0 });
    expect(readModelList({ object: "list", data: null })).toEqual({ models: [], skipped: 0 });
    expect(readModelList([{ id: "a", object: "model" }])).toEqual({ models: [{ id: "a", facts: {} }], skipped: 0 });
  });

  test("takes no entry without an id that can be used, and no id twice", () => {
    const data = [{ id: "a" }, { id: "a" }, { id: "b", context_length: -1, max_model_len: "big" }, { id: "bad\u0000id" }, null];
    expect(readModelList({ data })).toEqual({
      models: [
        { id: "a", facts: {} },
        { id: "b", facts: {} },
      ],
      skipped: 2,
    });
  });

  test.each([undefined, null, "list", 5, {}, { data: "x" }, { data: [{ id: 1 }, { id: 2 }] }, { error: "Unexpected endpoint" }])("%j is none", (other) => {
    expect(readModelList(other)).toBeUndefined();
  });
});
