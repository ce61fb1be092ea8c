import type { ServerProtocol } from "../server-protocol.ts";
import { readRequest } from "./read-request.ts";
import { createWriter } from "./write-answer.ts";

/** OpenAI's Responses, as our callers speak it. */
export const openaiResponsesServer: ServerProtocol = { id: "openai-responses", readRequest, createWriter };
