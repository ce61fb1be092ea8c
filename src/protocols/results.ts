import type { Usage } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import type { HttpResponse } from "../kernel/http.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import { guardBody, readText, UNREADABLE } from "./body.ts";
import { classifyBy } from "./classify.ts";
import { isErrorBody } from "./error-body.ts";
import { rulesFor } from "./failure-rules.ts";
import { at, listAt, numberAt, parseJson } from "../kernel/json-value.ts";
import { parseLeadingJson } from "./leading-json.ts";
import { READ_LIMITS, type Reading } from "./protocol.ts";
import { statedUsage } from "./usage.ts";

type Failed = { readonly kind: "failed"; readonly failure: UpstreamFailure };

export type ResultsAnswer =
  | {
      readonly kind: "answered";
      /** Vectors, or ranked documents. */
      readonly count: number;
      readonly usage?: Usage;
    }
  | Failed;

export type VectorsAnswer = { readonly kind: "answered"; readonly vectors: readonly (readonly number[])[]; readonly usage?: Usage } | Failed;

export type CountAnswer = { readonly kind: "answered"; readonly tokens: number } | Failed;

/** The answer to `encodeEmbedding` or `encodeRerank`. Never throws; an answer without a result is a failure. */
export async function readResults(response: HttpResponse, protocol: ProtocolId, reading: Reading): Promise<ResultsAnswer> {
  const read = await readDocument(response, protocol, reading);
  if (read.kind === "failed") return read;
  const count = countOf(read.value);
  return count === 0 ? unreadable(response) : { kind: "answered", count, ...usageOf(read.value) };
}

/** The answer to `encodeEmbedding`, with its vectors. Never throws. */
export async function readVectors(response: HttpResponse, protocol: ProtocolId, reading: Reading): Promise<VectorsAnswer> {
  const read = await readDocument(response, protocol, reading);
  if (read.kind === "failed") return read;
  const vectors = vectorsIn(read.value);
  return vectors.length === 0 ? unreadable(response) : { kind: "answered", vectors, ...usageOf(read.value) };
}

/** The answer to `encodeCount`. Never throws. */
export async function readCount(response: HttpResponse, protocol: ProtocolId, reading: Reading): Promise<CountAnswer> {
  const read = await readDocument(response, protocol, reading);
  if (read.kind === "failed") return read;
  const tokens = ["input_tokens", "totalTokens", "inputTokens"].map((name) => numberAt(read.value, name)).find((count) => count !== undefined);
  return tokens === undefined ? unreadable(response) : { kind: "answered", tokens };
}

async function readDocument(response: HttpResponse, protocol: ProtocolId, reading: Reading): Promise<Failed | { kind: "document"; value: unknown }> {
  const { limits = READ_LIMITS, receivedAtMs, providerId } = reading;
  const body = guardBody(response.body, limits.wholeBytes);
  const text = (await readText(body, Number.POSITIVE_INFINITY)).trim();
  if (body.trouble !== undefined) return { kind: "failed", failure: { status: response.status, ...body.trouble } };
  const value = parseJson(text) ?? parseLeadingJson(text);
  const isGood = response.status >= 200 && response.status <= 299 && value !== undefined && !isErrorBody(value);
  if (isGood) return { kind: "document", value };
  const received = receivedAtMs === undefined ? {} : { receivedAtMs };
  return { kind: "failed", failure: classifyBy(rulesFor(protocol, providerId, reading.failures), { ...response, ...received, body: text }) };
}

function unreadable({ status }: HttpResponse): Failed {
  return { kind: "failed", failure: { status, ...UNREADABLE } };
}

function usageOf(value: unknown): { readonly usage?: Usage } {
  const usage = statedUsage({
    inputTokens: numberAt(value, "usage", "prompt_tokens") ?? numberAt(value, "usage", "total_tokens") ?? numberAt(value, "usageMetadata", "promptTokenCount"),
    outputTokens: undefined,
    cacheReadTokens: undefined,
    cacheWriteTokens: undefined,
    reasoningTokens: undefined,
  });
  return usage === undefined ? {} : { usage };
}

/** Lists are called `data` (OpenAI, Voyage), `embeddings` (Google, several texts) or `results` (Cohere, Jina); Google answers one text with one vector. */
function countOf(value: unknown): number {
  const lists = ["data", "embeddings", "results"].map((name) => listAt(value, name).length);
  return Math.max(...lists, listAt(value, "embedding", "values").length > 0 || Array.isArray(at(value, "embedding")) ? 1 : 0);
}

/** In the order of the texts. Empty where one of them is no vector. */
function vectorsIn(value: unknown): number[][] {
  const single = listAt(value, "embedding", "values");
  const lists = [
    ...listAt(value, "data").map((row) => listAt(row, "embedding")),
    ...listAt(value, "embeddings").map((row) => listAt(row, "values")),
    ...(single.length > 0 ? [single] : []),
  ];
  const vectors = lists.map((list) => list.filter((figure): figure is number => typeof figure === "number"));
  return vectors.every((vector, i) => vector.length > 0 && vector.length === lists[i]?.length) ? vectors : [];
}
