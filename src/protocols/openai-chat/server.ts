import type { ServerProtocol } from "../server-protocol.ts";
import { readRequest } from "./read-request.ts";
import { createWriter } from "./write-answer.ts";

/** OpenAI's Chat Completions, as our callers speak it. */
export const openaiChatServer: ServerProtocol = { id: "openai-chat", readRequest, createWriter };
