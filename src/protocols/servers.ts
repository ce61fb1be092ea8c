import { anthropicMessagesServer } from "./anthropic-messages/server.ts";
import { openaiChatServer } from "./openai-chat/server.ts";
import { openaiResponsesServer } from "./openai-responses/server.ts";
import type { ServedDialect, ServerProtocol } from "./server-protocol.ts";

/** Every format in which somebody may call us. */
export const serverProtocols = {
  "openai-chat": openaiChatServer,
  "openai-responses": openaiResponsesServer,
  "anthropic-messages": anthropicMessagesServer,
} as const satisfies Record<ServedDialect, ServerProtocol>;
