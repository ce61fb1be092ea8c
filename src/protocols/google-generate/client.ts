import type { ChatRequest } from "../../chat/request.ts";
import type { ModelId } from "../../kernel/ids.ts";
import type { Provider } from "../../provider/provider.ts";
import { addressOf, urlOf } from "../address.ts";
import { readAnswer } from "../answer.ts";
import { classifyBy } from "../classify.ts";
import { rulesFor } from "../failure-rules.ts";
import { createLosses } from "../losses.ts";
import { post, STREAMED } from "../post.ts";
import type { EncodeOptions, Encoding, Protocol } from "../protocol.ts";
import { createReader } from "./answer.ts";
import { writeBody } from "./request.ts";

/** Google's generateContent, of Gemini and of Vertex AI. Docs: ai.google.dev/api/generate-content, checked on 2026-11-21. */
export const googleGenerate: Protocol = {
  id: "google-generate",
  leastOutputTokens: 1,
  encode: (chat, model, provider, options) => encodeChat(chat, model, provider, options),
  decode: (response, reading) => readAnswer(response, { protocol: "google-generate", createReader }, reading),
  classify: (facts, providerId, stated) => classifyBy(rulesFor("google-generate", providerId, stated), facts),
  encodeCount,
  encodeEmbedding: ({ texts, dimensions }, model, provider, options = {}) => {
    const requests = texts.map((text) => ({ model: `models/${bareModel(model)}`, content: { parts: [{ text }] }, outputDimensionality: dimensions }));
    const [only] = requests;
    const isOne = requests.length === 1 && only !== undefined;
    return call(isOne ? "embedContent" : "batchEmbedContents", isOne ? only : { requests }, model, provider, options);
  },
};

/** Docs: ai.google.dev/api/tokens; Vertex AI takes the parts of a request side by side. Checked on 2026-11-21. */
function encodeCount(chat: ChatRequest, model: ModelId, provider: Provider, options: EncodeOptions = {}): Encoding {
  const losses = createLosses();
  const { contents, systemInstruction, tools, ...others } = writeBody(chat, losses);
  const parts = { contents, systemInstruction, tools };
  const isVertex = provider.quirks.addressing === "vertex";
  const body = isVertex ? parts : { generateContentRequest: { model: `models/${bareModel(model)}`, ...parts, ...others } };
  const encoding = call("countTokens", body, model, provider, options);
  return encoding.kind === "request" ? { ...encoding, losses: losses.all } : encoding;
}

function encodeChat(chat: ChatRequest, model: ModelId, provider: Provider, options: EncodeOptions = {}): Encoding {
  const losses = createLosses();
  const body = writeBody(chat, losses);
  const encoding =
    chat.stream === true
      ? call("streamGenerateContent", body, model, provider, options, { query: { alt: "sse" }, headers: STREAMED })
      : call("generateContent", body, model, provider, options);
  return encoding.kind === "request" ? { ...encoding, losses: losses.all } : encoding;
}

function call(
  method: string,
  body: object,
  model: ModelId,
  provider: Provider,
  options: EncodeOptions,
  { query = {}, headers = {} }: { readonly query?: Readonly<Record<string, string>>; readonly headers?: Readonly<Record<string, string>> } = {},
): Encoding {
  const address = addressOf(provider, options);
  if (address.kind === "missing") return { kind: "unaddressed", missing: address.missing };
  const url = urlOf(address, `/models/${encodeURIComponent(bareModel(model))}:${method}`, query);
  return { kind: "request", request: post(url, body, headers), losses: [] };
}

/** Lists name models with their collection before them. */
function bareModel(model: string): string {
  return model.replace(/^models\//, "");
}
