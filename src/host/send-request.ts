import type { LookupFunction } from "node:net";
import { Readable } from "node:stream";
import { Agent, type Dispatcher } from "undici";
import { type HttpDeadlines, type HttpRequest, type HttpResponse, USUAL_DEADLINES } from "../kernel/http.ts";
import type { StopSignal } from "../kernel/stop-signal.ts";
import { refuseBlocked, safeLookup } from "./blocked-address.ts";
import { decoded } from "./decoded-body.ts";
import { environmentProxy } from "./environment-proxy.ts";
import { type Phases, startPhases } from "./phases.ts";
import { patientPool, type WantedCall } from "./patient-pool.ts";
import { type ReceivedBody, receiveBody } from "./received-body.ts";
import { atTurnsEnd, endTurnLater } from "./turns-end.ts";

export interface SenderOptions {
  /** Who turns names into addresses; the system unless told. */
  readonly lookup?: LookupFunction;
}

export type Sender = (request: HttpRequest, signal: StopSignal, deadlines?: HttpDeadlines) => Promise<HttpResponse>;

/** Ours are the clocks that count: undici's own count in whole seconds. */
const NO_CLOCK = { headersTimeout: 0, bodyTimeout: 0 } as const;

/**
 * Sends requests over connections that are kept. Redirects are handed back, not followed: a credential never travels to a host that was not asked
 * for. The environment's proxy is asked for other machines only: it could not reach this one.
 */
export function createSender({ lookup }: SenderOptions = {}): Sender {
  const options = { connect: { timeout: 10_000, lookup: safeLookup(lookup) }, maxHeaderSize: 16_384, factory: patientPool, ...NO_CLOCK };
  const direct = new Agent(options);
  const proxied = environmentProxy(options);
  const targetOf = createTargets();
  return ({ url, method, headers, body, bodyBytes }, signal, deadlines = USUAL_DEADLINES) =>
    new Promise((resolve, reject) => {
      const { origin, path, isNear } = targetOf(url);
      if (signal.aborted) return reject(signal.reason);
      const blame = isNear ? asItIs : (why: unknown): unknown => proxied.blame(origin, why);
      const exchange = new Exchange(startPhases(deadlines, signal), { resolve, reject, blame });
      const isWanted = asking(exchange.wish);
      const call: WantedCall = { origin, path, method, headers: listed(headers), body: bodyBytes ?? body ?? null, isWanted };
      atTurnsEnd(() => {
        // Given up meanwhile: undici would take a connection for it, and close that.
        if (!isWanted()) return;
        try {
          (isNear ? direct : proxied).dispatch(call, exchange);
        } catch (thrown) {
          exchange.onResponseError(undefined, thrown);
        }
      });
    });
}

interface Wish {
  isOpen: boolean;
}

/** Made here, so that it holds nothing else: undici's client keeps it until the next call. */
function asking(wish: Wish): () => boolean {
  return () => wish.isOpen;
}

function asItIs(why: unknown): unknown {
  return why;
}

interface Settle {
  resolve(response: HttpResponse): void;
  reject(why: unknown): void;
  /** What ended a call before it was sent, by its right name. */
  blame(why: unknown): unknown;
}

/** One call as undici tells of it. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #phases: Phases;
  readonly #body: ReceivedBody;
  readonly #settle: Settle;
  readonly #abort = (): void => this.#leave(this.#phases.signal.reason);
  /** Open while it waits for a connection, and somebody waits for it. */
  readonly wish: Wish = { isOpen: true };
  #controller: Dispatcher.DispatchController | undefined;
  #isAnswered = false;

  constructor(phases: Phases, settle: Settle) {
    this.#phases = phases;
    this.#body = receiveBody(phases);
    this.#settle = settle;
    phases.signal.addEventListener("abort", this.#abort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.wish.isOpen = false;
    if (this.#phases.signal.aborted) controller.abort(this.#phases.signal.reason as Error);
    else this.#phases.sent();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, received: Readonly<Record<string, string | string[] | undefined>>): void {
    // An early hint, or the leave to go on.
    if (status < 200) return;
    this.#phases.answered();
    this.#body.begin(controller);
    const headers = flatten(received);
    const { bytes } = this.#body;
    const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "";
    const body = encoding === "" || encoding === "identity" ? bytes : decoded(Readable.from(bytes), encoding);
    this.#isAnswered = true;
    // By then a short body is there as well.
    atTurnsEnd(() => this.#settle.resolve({ status, headers, body }));
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body.push(chunk);
  }

  onResponseEnd(): void {
    endTurnLater();
    this.#phases.signal.removeEventListener("abort", this.#abort);
    this.#body.end();
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: unknown): void {
    const { signal } = this.#phases;
    signal.removeEventListener("abort", this.#abort);
    const why = signal.aborted ? signal.reason : error;
    this.#body.fail(why);
    this.#phases.end();
    if (!this.#isAnswered) this.#settle.reject(why);
  }

  /** Before it is sent nobody has to be told but the caller: undici, where it holds it already, is stopped when it begins. */
  #leave(why: unknown): void {
    this.wish.isOpen = false;
    if (this.#controller !== undefined) return this.#controller.abort(why as Error);
    this.#phases.end();
    this.#settle.reject(this.#settle.blame(why));
  }
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

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** As a list, which undici reads without a detour. */
function listed(headers: Readonly<Record<string, string>>): string[] {
  const all: string[] = [];
  let isStated = false;
  for (const name in headers) {
    all.push(name, headers[name] ?? "");
    if (name.toLowerCase() === "accept-encoding") isStated = true;
  }
  if (!isStated) all.push("accept-encoding", "identity");
  return all;
}

/** undici gives names in lower case. */
function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}
