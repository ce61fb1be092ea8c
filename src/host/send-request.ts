import type { LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { type Dispatcher, EnvHttpProxyAgent, request as undiciRequest } from "undici";
import { type HttpDeadlines, type HttpRequest, type HttpResponse, USUAL_DEADLINES } from "../kernel/http.ts";
import { type Phases, startPhases } from "./phases.ts";

export interface SenderOptions {
  /** Who turns names into addresses; the system unless told. */
  readonly lookup?: LookupFunction;
}

export type Sender = (request: HttpRequest, signal: AbortSignal, deadlines?: HttpDeadlines) => Promise<HttpResponse>;

/** Ours are the clocks that count: undici's own count in whole seconds. */
const NO_CLOCK = { headersTimeout: 0, bodyTimeout: 0 } as const;

/** Sends requests over connections that are kept. Redirects are handed back, not followed: a credential never travels to a host that was not asked for. */
export function createSender({ lookup }: SenderOptions = {}): Sender {
  const agent = new EnvHttpProxyAgent({ connect: { timeout: 10_000, ...(lookup !== undefined && { lookup }) }, maxHeaderSize: 16_384, ...NO_CLOCK });
  return async (request, signal, deadlines = USUAL_DEADLINES) => {
    const phases = startPhases(deadlines, signal);
    try {
      const answer = await undiciRequest(request.url, {
        method: request.method,
        headers: { "accept-encoding": "identity", ...request.headers },
        body: request.body ?? null,
        dispatcher: agent.compose(whenSent(phases.sent)),
        signal: phases.signal,
      });
      phases.answered();
      const headers = flatten(answer.headers);
      return { status: answer.statusCode, headers, body: read(decoded(answer.body, headers["content-encoding"]), phases) };
    } catch (thrown) {
      phases.end();
      throw thrown;
    }
  };
}

function whenSent(sent: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (controller, context) => {
        sent();
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...facts) => handler.onRequestUpgrade?.(...facts),
      onResponseStart: (...facts) => handler.onResponseStart?.(...facts),
      onResponseData: (...facts) => handler.onResponseData?.(...facts),
      onResponseEnd: (...facts) => handler.onResponseEnd?.(...facts),
      onResponseError: (...facts) => handler.onResponseError?.(...facts),
    });
}

/** Some servers compress although nobody asked for it. What cannot be undone is handed on as it is. */
function decoded(body: Readable, encoding = ""): Readable {
  const decoder = DECODERS[encoding.trim().toLowerCase()]?.();
  if (decoder === undefined) return body;
  body.on("error", (error) => decoder.destroy(error));
  decoder.on("close", () => body.destroy());
  return body.pipe(decoder);
}

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = Object.assign(Object.create(null), {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
});

/** Who stops reading closes the connection. */
async function* read(body: Readable, phases: Phases): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      phases.heard();
      yield chunk as Uint8Array;
    }
  } finally {
    phases.end();
  }
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}
