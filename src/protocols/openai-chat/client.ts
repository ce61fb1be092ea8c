import type { ChatRequest } from "../../chat/request.ts";
import type { ModelId } from "../../kernel/ids.ts";
import type { Provider } from "../../provider/provider.ts";
import { addressOf, deploymentPath, urlOf } from "../address.ts";
import { readAnswer } from "../answer.ts";
import { classifyBy } from "../classify.ts";
import { rulesFor } from "../failure-rules.ts";
import { createLosses } from "../losses.ts";
import { post, STREAMED } from "../post.ts";
import type { EncodeOptions, Encoding, Protocol } from "../protocol.ts";
import { createReader } from "./answer.ts";
import { writeBody } from "./request.ts";

/** OpenAI's Chat Completions, which most vendors and servers speak. Docs: platform.openai.com/docs/api-reference/chat, checked on 2026-11-21. */
export const openaiChat: Protocol = {
  id: "openai-chat",
  leastOutputTokens: 1,
  encode,
  decode: (response, reading) => readAnswer(response, { protocol: "openai-chat", createReader }, reading),
  classify: (facts, providerId, stated) => classifyBy(rulesFor("openai-chat", providerId, stated), facts),
  encodeEmbedding: ({ texts, dimensions }, model, provider, options) => {
    const input = texts.length === 1 ? texts[0] : texts;
    return call("/embeddings", (named) => ({ model: named, input, dimensions }), model, provider, options);
  },
  // Not OpenAI's own: the path and the fields that Cohere, Jina, Voyage, vLLM and others share.
  encodeRerank: ({ query, documents, topCount }, model, provider, options) =>
    call("/rerank", (named) => ({ model: named, query, documents, top_n: topCount }), model, provider, options),
};

function encode(chat: ChatRequest, model: ModelId, provider: Provider, options?: EncodeOptions): Encoding {
  const losses = createLosses();
  const encoding = call(
    "/chat/completions",
    (named) => writeBody(chat, named, provider, losses),
    model,
    provider,
    options,
    chat.stream === true ? STREAMED : {},
  );
  return encoding.kind === "request" ? { ...encoding, losses: losses.all } : encoding;
}

function call(
  path: string,
  body: (model: string) => object,
  model: ModelId,
  provider: Provider,
  options: EncodeOptions = {},
  headers: Readonly<Record<string, string>> = {},
): Encoding {
  const address = addressOf(provider, options);
  if (address.kind === "missing") return { kind: "unaddressed", missing: address.missing };
  const isAzure = provider.quirks.addressing === "azure-deployment";
  const named = isAzure ? (options.account?.deployment ?? model) : model;
  const between = isAzure ? deploymentPath(address.base, named) : "";
  return { kind: "request", request: post(urlOf(address, `${between}${path}`), body(named), headers), losses: [] };
}
