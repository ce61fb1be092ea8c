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

/** Anthropic's Messages. Docs: docs.claude.com/en/api/messages, checked on 2026-11-21. */
export const anthropicMessages: Protocol = {
  id: "anthropic-messages",
  leastOutputTokens: 1,
  encode,
  decode: (response, reading) => readAnswer(response, { protocol: "anthropic-messages", createReader }, reading),
  classify: (facts, providerId, stated) => classifyBy(rulesFor("anthropic-messages", providerId, stated), facts),
};

const VERSION = "2023-06-01";

function encode(chat: ChatRequest, model: ModelId, provider: Provider, options: EncodeOptions = {}): Encoding {
  const address = addressOf(provider, options);
  if (address.kind === "missing") return { kind: "unaddressed", missing: address.missing };
  const losses = createLosses();
  const body = writeBody(chat, model, options, losses);
  // Base URLs of this format come without the version; some people write it all the same.
  const path = address.base.endsWith("/v1") ? "/messages" : "/v1/messages";
  const headers = { "anthropic-version": VERSION, ...(chat.stream === true ? STREAMED : {}) };
  return { kind: "request", request: post(urlOf(address, path), body, headers), losses: losses.all };
}
