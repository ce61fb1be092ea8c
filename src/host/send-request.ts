import type { LookupFunction } from "node:net";
import { Readable } from "node:stream";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { type HttpDeadlines, type HttpRequest, type HttpResponse, USUAL_DEADLINES } from "../kernel/http.ts";
import { refuseBlocked, safeLookup } from "./blocked-address.ts";
import { decoded } from "./decoded-body.ts";
import { startPhases } from "./phases.ts";
import { type ReceivedBody, receiveBody } from "./received-body.ts";

export interface SenderOptions {
  /** Who turns names into addresses; the system unless told. */
  readonly lookup?: LookupFunction;
}

export type Sender = (request: HttpRequest, signal: AbortSignal, deadlines?: HttpDeadlines) => Promise<HttpResponse>;

/** Ours are the clocks that count: undici's own count in whole seconds. */
const NO_CLOCK = { headersTimeout: 0, bodyTimeout: 0 } as const;

/**
 * Sends requests over connections that are kept. Redirects are handed back, not followed: a credential never travels to a host that was not asked
 * for. The environment's proxy is asked for other machines only: it could not reach this one.
 */
export function createSender({ lookup }: SenderOptions = {}): Sender {
  const options = { connect: { timeout: 10_000, lookup: safeLookup(lookup) }, maxHeaderSize: 16_384, ...NO_CLOCK };
  const direct = new Agent(options);
  const proxied = new EnvHttpProxyAgent(options);
  const targetOf = createTargets();
  return async (request, signal, deadlines = USUAL_DEADLINES) => {
    const { origin, path, isNear } = targetOf(request.url);
    const agent = isNear ? direct : proxied;
    const phases = startPhases(deadlines, signal);
    const body = receiveBody(phases);
    try {
      const call = { origin, path, method: request.method, headers: { "accept-encoding": "identity", ...request.headers } };
      const { status, headers } = await dispatch(agent, { ...call, body: request.body ?? null }, body);
      const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "";
      return { status, headers, body: encoding === "" || encoding === "identity" ? body.bytes : decoded(Readable.from(body.bytes), encoding) };
    } catch (thrown) {
      phases.end();
      throw thrown;
    }
  };
}

interface Target {
  readonly origin: string;
  readonly path: string;
  /** On this machine. */
  readonly isNear: boolean;
}

const MOST_TARGETS = 1000;

/** Few addresses are asked again and again. Throws for one that nothing is sent to. */
function createTargets(): (url: string) => Target {
  const known = new Map<string, Target>();
  return (url) => {
    const found = known.get(url);
    if (found !== undefined) return found;
    const { origin, pathname, search, hostname } = new URL(url);
    refuseBlocked(hostname);
    const target = { origin, path: pathname + search, isNear: isLoopback(hostname) };
    if (known.size >= MOST_TARGETS) known.clear();
    known.set(url, target);
    return target;
  };
}

interface Head {
  readonly status: number;
  readonly headers: Record<string, string>;
}

/** The headers are in when it resolves. */
function dispatch(agent: Dispatcher, call: Dispatcher.DispatchOptions, body: ReceivedBody): Promise<Head> {
  return new Promise((resolve, reject) => {
    const { phases } = body;
    if (phases.signal.aborted) return reject(phases.signal.reason);
    let abort = (reason: Error): void => reject(reason);
    const onAbort = (): void => abort(phases.signal.reason);
    const over = (): void => phases.signal.removeEventListener("abort", onAbort);
    phases.signal.addEventListener("abort", onAbort, { once: true });
    agent.dispatch(call, {
      onRequestStart: (controller) => {
        abort = (reason) => controller.abort(reason);
        if (phases.signal.aborted) return abort(phases.signal.reason);
        phases.sent();
      },
      onResponseStart: (controller, status, headers) => {
        // An early hint, or the leave to go on.
        if (status < 200) return;
        phases.answered();
        body.begin(controller);
        resolve({ status, headers: flatten(headers) });
      },
      onResponseData: (_, chunk) => body.push(chunk),
      onResponseEnd: () => {
        over();
        body.end();
      },
      onResponseError: (_, error) => {
        over();
        const why = phases.signal.aborted ? phases.signal.reason : error;
        body.fail(why);
        reject(why);
      },
    });
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}
