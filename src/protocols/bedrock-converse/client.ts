import { addressOf, pathSegment, urlOf } from "../address.ts";
import { readAnswer } from "../answer.ts";
import { classifyBy } from "../classify.ts";
import { rulesFor } from "../failure-rules.ts";
import { createLosses } from "../losses.ts";
import { post } from "../post.ts";
import type { Protocol } from "../protocol.ts";
import { createReader } from "./answer.ts";
import { createFrameDecoder } from "./frames.ts";
import { writeBody } from "./request.ts";

const FRAMINGS = { "vnd.amazon.eventstream": createFrameDecoder };

/** Amazon Bedrock's Converse. Docs: docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html, checked on 2026-11-21. */
export const bedrockConverse: Protocol = {
  id: "bedrock-converse",
  leastOutputTokens: 1,
  encode: (chat, model, provider, options = {}) => {
    const address = addressOf(provider, options);
    if (address.kind === "missing") return { kind: "unaddressed", missing: address.missing };
    const losses = createLosses();
    const body = writeBody(chat, model, losses);
    const method = chat.stream === true ? "converse-stream" : "converse";
    const headers = chat.stream === true ? { accept: "application/vnd.amazon.eventstream" } : {};
    // An ARN's colons and slashes too: what is signed is the path as it is sent.
    const url = urlOf(address, `/model/${pathSegment(model)}/${method}`);
    return { kind: "request", request: post(url, body, headers), losses: losses.all };
  },
  // Docs: docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html, checked on 2026-11-21.
  encodeCount: (chat, model, provider, options = {}) => {
    const address = addressOf(provider, options);
    if (address.kind === "missing") return { kind: "unaddressed", missing: address.missing };
    const losses = createLosses();
    const { messages, system, toolConfig, additionalModelRequestFields } = writeBody(chat, model, losses);
    const converse = { messages, system, toolConfig, additionalModelRequestFields };
    return { kind: "request", request: post(urlOf(address, `/model/${pathSegment(model)}/count-tokens`), { input: { converse } }), losses: losses.all };
  },
  decode: (response, reading) => readAnswer(response, { protocol: "bedrock-converse", createReader, framings: FRAMINGS }, reading),
  classify: (facts, providerId, stated) => classifyBy(rulesFor("bedrock-converse", providerId, stated), facts),
};
