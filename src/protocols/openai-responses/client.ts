import type { ChatRequest } from "../../chat/request.ts";
import type { ModelId } from "../../kernel/ids.ts";
import type { Provider } from "../../provider/provider.ts";
import { addressOf, deploymentPath, urlOf } from "../address.ts";
import { readAnswer } from "../answer.ts";
import { classifyBy } from "../classify.ts";
import { rulesFor } from "../failure-rules.ts";
import { createLosses } from "../losses.ts";
import { openaiChat } from "../openai-chat/client.ts";
import { post, STREAMED } from "../post.ts";
import type { EncodeOptions, Encoding, Protocol } from "../protocol.ts";
import { createReader } from "./answer.ts";
import { LEAST_OUTPUT_TOKENS, writeBody } from "./request.ts";

/** OpenAI's Responses. Docs: platform.openai.com/docs/api-reference/responses, checked on 2026-11-21. */
export const openaiResponses: Protocol = {
  id: "openai-responses",
  leastOutputTokens: LEAST_OUTPUT_TOKENS,
  encode,
  decode: (response, reading) => readAnswer(response, { protocol: "openai-responses", createReader }, reading),
  classify: (facts, providerId, stated) => classifyBy(rulesFor("openai-responses", providerId, stated), facts),
  encodeCount,
  ...(openaiChat.encodeEmbedding === undefined ? {} : { encodeEmbedding: openaiChat.encodeEmbedding }),
};

/** What counts, of a request. Docs: developers.openai.com/api/reference, responses/input_tokens, checked on 2026-11-21. */
const COUNTED = ["model", "instructions", "input", "tools", "tool_choice", "parallel_tool_calls", "reasoning", "text"];

/** OpenAI's own API alone has the call. */
function encodeCount(chat: ChatRequest, model: ModelId, provider: Provider, options: EncodeOptions = {}): Encoding | undefined {
  const address = addressOf(provider, options);
  if (provider.quirks.addressing !== undefined || address.kind === "missing") return undefined;
  const losses = createLosses();
  const body = Object.entries(writeBody(chat, model, "api", losses)).filter(([name]) => COUNTED.includes(name));
  return { kind: "request", request: post(urlOf(address, "/responses/input_tokens"), Object.fromEntries(body)), losses: losses.all };
}

function encode(chat: ChatRequest, model: ModelId, provider: Provider, options: EncodeOptions = {}): Encoding {
  const address = addressOf(provider, options);
  if (address.kind === "missing") return { kind: "unaddressed", missing: address.missing };
  const losses = createLosses();
  const { addressing } = provider.quirks;
  const named = addressing === "azure-deployment" ? (options.account?.deployment ?? model) : model;
  const between = addressing === "azure-deployment" ? deploymentPath(address.base, named) : addressing === "codex-backend" ? "/codex" : "";
  const isCodex = addressing === "codex-backend";
  const body = writeBody(chat, named, isCodex ? "codex" : "api", losses);
  const headers = { ...(body["stream"] === true ? STREAMED : {}), ...(isCodex ? { "openai-beta": "responses=experimental" } : {}) };
  return { kind: "request", request: post(urlOf(address, `${between}/responses`), body, headers), losses: losses.all };
}
