import type { ProtocolId } from "../provider/protocol-id.ts";
import { anthropicMessages } from "./anthropic-messages/client.ts";
import { bedrockConverse } from "./bedrock-converse/client.ts";
import { googleGenerate } from "./google-generate/client.ts";
import { openaiChat } from "./openai-chat/client.ts";
import { openaiResponses } from "./openai-responses/client.ts";
import type { Protocol } from "./protocol.ts";

/** Every wire format. */
export const protocols: Readonly<Record<ProtocolId, Protocol>> = {
  "openai-chat": openaiChat,
  "openai-responses": openaiResponses,
  "anthropic-messages": anthropicMessages,
  "google-generate": googleGenerate,
  "bedrock-converse": bedrockConverse,
};
