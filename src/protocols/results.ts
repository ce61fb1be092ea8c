import type { Usage } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import type { HttpResponse } from "../kernel/http.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import { guardBody, readText, UNREADABLE } from "./body.ts";
import { classifyBy } from "./classify.ts";
import { isErrorBody } from "./error-body.ts";
import { rulesFor } from "./failure-rules.ts";
import { at, listAt, numberAt, parseJson, parseLeadingJson } from "./json-value.ts";
import { READ_LIMITS, type Reading } from "./protocol.ts";
import { statedUsage } from "./usage.ts";

export type ResultsAnswer =
  | {
      readonly kind: "answered";
      /** Vectors, or ranked documents. */
      readonly count: number;
      readonly usage?: Usage;
    }
  | { readonly kind: "failed"; readonly failure: UpstreamFailure };

/** The answer to `encodeEmbedding` or `encodeRerank`. Never throws; an answer without a result is a failure. */
export async function readResults(response: HttpResponse, protocol: ProtocolId, reading: Reading): Promise<ResultsAnswer> {
  const { limits = READ_LIMITS, receivedAtMs, providerId } = reading;
  const body = guardBody(response.body, limits.wholeBytes);
  const text = (await readText(body, Number.POSITIVE_INFINITY)).trim();
  if (body.trouble !== undefined) return { kind: "failed", failure: { status: response.status, ...body.trouble } };
  const value = parseJson(text) ?? parseLeadingJson(text);
  if (response.status < 200 || response.status > 299 || value === undefined || isErrorBody(value)) {
    const received = receivedAtMs === undefined ? {} : { receivedAtMs };
    return { kind: "failed", failure: classifyBy(rulesFor(protocol, providerId, reading.failures), { ...response, ...received, body: text }) };
  }
  const count = countOf(value);
  if (count === 0) return { kind: "failed", failure: { status: response.status, ...UNREADABLE } };
  const usage = statedUsage({
    inputTokens: numberAt(value, "usage", "prompt_tokens") ?? numberAt(value, "usage", "total_tokens"),
    outputTokens: undefined,
    cacheReadTokens: undefined,
    cacheWriteTokens: undefined,
    reasoningTokens: undefined,
  });
  return { kind: "answered", count, ...(usage === undefined ? {} : { usage }) };
}

/** Lists are called `data` (OpenAI, Voyage), `embeddings` (Google, several texts) or `results` (Cohere, Jina); Google answers one text with one vector. */
function countOf(value: unknown): number {
  const lists = ["data", "embeddings", "results"].map((name) => listAt(value, name).length);
  return Math.max(...lists, listAt(value, "embedding", "values").length > 0 || Array.isArray(at(value, "embedding")) ? 1 : 0);
}
