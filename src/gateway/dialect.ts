import { refText } from "../catalog/model-ref.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import { lostText } from "../routing/lost-text.ts";
import type { StreamEnds } from "../routing/relay-call.ts";
import { assertNever } from "../kernel/errors.ts";
import type { ServedDialect } from "../protocols/server-protocol.ts";
import type { Refused } from "./guard.ts";

/** How a client wants to be told. */
export type Dialect = ServedDialect;

/** An error in the client's format. `more` stands beside the message, for people who look. */
export interface Told {
  readonly refusal: Refused;
  readonly requestId: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

export function errorBody(dialect: Dialect, { refusal, requestId, more = {} }: Told): string {
  const { message, code = null } = refusal;
  if (dialect === "anthropic-messages")
    return JSON.stringify({ type: "error", error: { type: TYPES[refusal.type].anthropic, message, ...more }, request_id: requestId });
  return JSON.stringify({ error: { message, type: TYPES[refusal.type].openai, param: null, code, request_id: requestId, ...more } });
}

const utf8 = new TextEncoder();

/** An error within a stream, after which nothing comes: no mark of a good end. */
export function streamError(dialect: Dialect, told: Told): Uint8Array {
  const { refusal } = told;
  switch (dialect) {
    case "openai-chat":
      return utf8.encode(`data: ${errorBody(dialect, told)}\n\n`);
    case "openai-responses":
      return utf8.encode(
        `event: error\ndata: ${JSON.stringify({ type: "error", code: refusal.code ?? TYPES[refusal.type].openai, message: refusal.message, param: null, sequence_number: 0, request_id: told.requestId })}\n\n`,
      );
    case "anthropic-messages":
      return utf8.encode(`event: error\ndata: ${errorBody(dialect, told)}\n\n`);
    default:
      return assertNever(dialect);
  }
}

const LAST: Readonly<Record<Dialect, Uint8Array>> = {
  "openai-chat": utf8.encode("data: [DONE]\n\n"),
  // Its end holds the whole answer: without it there is no reason to stop either.
  "openai-responses": new Uint8Array(0),
  "anthropic-messages": utf8.encode('event: message_stop\ndata: {"type":"message_stop"}\n\n'),
};

export function streamEnds(dialect: Dialect, requestId: string, tell: (failure: UpstreamFailure) => Refused): StreamEnds {
  return {
    error: (failure) => streamError(dialect, { refusal: tell(failure), requestId }),
    last: LAST[dialect],
  };
}

/** A sign of life that readers of event streams leave out. */
export const HEART_BEAT: Uint8Array = utf8.encode(": still asking\n\n");

/** For people who look: who goes on with a stream that another one began. The headers are long gone. */
export function takenOver(by: Candidate, lost: readonly string[]): Uint8Array {
  const what = lost.length === 0 ? "" : `; lost=${lostText(lost)}`;
  return utf8.encode(`: taken over by ${headerText(`${servedBy(by)}${what}`)}\n\n`);
}

/** "provider/model; profile=id". */
export function servedBy({ model, profile }: Candidate): string {
  return `${refText(model.ref)}${profile === undefined ? "" : `; profile=${profile.id}`}`;
}

/** What comes from outside stays on one line and in one alphabet. */
export function headerText(text: string): string {
  return text.replace(/[^\u0020-\u007e]/g, "?").slice(0, 500);
}

/** As OpenAI and Anthropic call what went wrong. */
const TYPES: Readonly<Record<Refused["type"], { readonly openai: string; readonly anthropic: string }>> = {
  authentication: { openai: "authentication_error", anthropic: "authentication_error" },
  permission: { openai: "permission_error", anthropic: "permission_error" },
  invalid_request: { openai: "invalid_request_error", anthropic: "invalid_request_error" },
  too_large: { openai: "invalid_request_error", anthropic: "request_too_large" },
  not_found: { openai: "invalid_request_error", anthropic: "not_found_error" },
  rate_limit: { openai: "rate_limit_error", anthropic: "rate_limit_error" },
  overloaded: { openai: "overloaded_error", anthropic: "overloaded_error" },
  upstream: { openai: "api_error", anthropic: "api_error" },
  timeout: { openai: "api_error", anthropic: "timeout_error" },
  internal: { openai: "server_error", anthropic: "api_error" },
};
