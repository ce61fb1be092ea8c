import { expect, test } from "vitest";
import { readLiteLlmInfo, readLlamaCppProps, readOllamaRunning, readOllamaShow, readOllamaTags, readSglangInfo } from "../../src/catalog/live-native.ts";
import { liteLlmServer, llamaCppServer, type ModelServer, ollamaServer, sglangServer } from "../support/model-servers.ts";

const get = (server: ModelServer, path: string, body = ""): unknown => server({ method: "GET", path, headers: {}, body }).json;

test("Ollama names its models, and what each can do; a context that the model sets counts before the one that it was made for", () => {
  expect(readOllamaTags(get(ollamaServer, "/api/tags"))).toEqual(["llama3.1:8b", "qwen3:4b", "llava:7b", "nomic-embed-text:latest"]);
  const shown = (model: string): unknown => readOllamaShow(get(ollamaServer, "/api/show", JSON.stringify({ model })));
  expect(shown("llama3.1:8b")).toEqual({ facts: { contextTokens: 131_072, input: ["text"], tools: true, reasoning: false } });
  expect(shown("qwen3:4b")).toEqual({ facts: { contextTokens: 16_384, input: ["text"], tools: true, reasoning: true } });
  expect(shown("llava:7b")).toEqual({ facts: { contextTokens: 32_768, input: ["text", "image"], tools: false, reasoning: false } });
  expect(shown("nomic-embed-text:latest")).toMatchObject({ serves: "embeddings" });
  expect([...readOllamaRunning(get(ollamaServer, "/api/ps"))]).toEqual([["llama3.1:8b", 4096]]);
});

test("llama.cpp says with how much context it runs, and whether it sees", () => {
  expect(readLlamaCppProps(get(llamaCppServer, "/props"))).toEqual({ facts: { contextTokens: 16_384, input: ["text", "image"], tools: true } });
});

test("SGLang says whether it sees", () => {
  expect(readSglangInfo(get(sglangServer, "/get_model_info"))).toEqual({ facts: { input: ["text", "image"] } });
});

test("LiteLLM describes each deployment; the first of a name counts", () => {
  expect(readLiteLlmInfo(get(liteLlmServer, "/model/info"))).toEqual({
    models: [
      {
        id: "gpt-4o",
        facts: { contextTokens: 128_000, outputTokens: 16_384, input: ["text", "image"], tools: true, usdPerMTok: { input: 2.5, output: 10 } },
      },
      { id: "embed", facts: { contextTokens: 8191 }, serves: "embeddings" },
    ],
    skipped: 0,
  });
});

test("what another program answers there is taken for none of it", () => {
  for (const other of [undefined, null, "ok", [], {}, { data: [{}] }, { models: [{ name: "models/gemini" }] }]) {
    expect([readOllamaTags(other), readLlamaCppProps(other), readSglangInfo(other), readLiteLlmInfo(other)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([readOllamaShow(other), readOllamaRunning(other).size]).toEqual([{ facts: {} }, 0]);
  }
});
