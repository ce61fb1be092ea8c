import type { ServerProtocol } from "../server-protocol.ts";
import { readRequest } from "./read-request.ts";
import { createWriter } from "./write-answer.ts";

/** Anthropic's Messages, as our callers speak it. */
export const anthropicMessagesServer: ServerProtocol = { id: "anthropic-messages", readRequest, createWriter };
