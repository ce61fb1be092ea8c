import { createAdmissions } from "../../src/gateway/admission.ts";
import { createCounters } from "../../src/gateway/counters.ts";
import { openCurrent } from "../../src/gateway/current.ts";
import { createGateway } from "../../src/gateway/gateway.ts";
import type { LogEvent } from "../../src/gateway/log-event.ts";
import type { Shared } from "../../src/gateway/work.ts";
import type { HttpRequest, HttpResponse } from "../../src/kernel/http.ts";
import { Roll } from "../../src/kernel/roll.ts";
import type { ServerMachine } from "../../src/kernel/server-machine.ts";
import type { StopSignal } from "../../src/kernel/stop-signal.ts";
import { memoryState } from "../../src/state/memory-state.ts";
import { openRouting } from "../../src/routing/open-routing.ts";
import type { UsageEvent } from "../../src/state/state-store.ts";
import { nemo } from "../config/nemo.ts";
import { fakeHost } from "../support/fake-host.ts";

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: unknown;
}

export interface InMemory {
  /** What left for vendors: the body as a value, and where it went. */
  readonly asked: { readonly url: string; readonly body: unknown; readonly text: string }[];
  readonly log: LogEvent[];
  ask(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  /** What the ledger of use holds. */
  used(): Promise<UsageEvent[]>;
}

export interface InMemoryInput {
  /** By provider: its `api`, as a config says it. Each has the model `m`, at https://<provider>.example. */
  readonly providers: Readonly<Record<string, string>>;
  /** By provider: further models that it has. */
  readonly models?: Readonly<Record<string, readonly string[]>>;
  readonly chain: readonly string[];
  readonly gateway?: object;
  /** Providers without a key. */
  readonly keyless?: readonly string[];
  /** Clocks that a test lets pass; none ever does unless told. */
  readonly after?: ServerMachine["after"];
  readonly vendor: (request: HttpRequest, signal: StopSignal) => HttpResponse | Promise<HttpResponse>;
}

/** A whole gateway without a network: what it is asked, what it asks, and what it answers. */
export async function gatewayInMemory({ providers, models = {}, chain, gateway = {}, keyless = [], after, vendor }: InMemoryInput): Promise<InMemory> {
  const [primary, ...fallbacks] = chain;
  const model = { id: "m", name: "m", contextWindow: 100_000, maxTokens: 4000, input: ["text", "image"], reasoning: true };
  const entries = Object.entries(providers).map(([name, api]) => {
    const base = api === "anthropic-messages" ? "" : "/v1";
    return [
      name,
      {
        baseUrl: `https://${name}.example${base}`,
        api,
        ...(!keyless.includes(name) && { apiKey: `sk-${name}-0123456789abcdef` }),
        models: [model, ...(models[name] ?? []).map((id) => ({ ...model, id, name: id }))],
      },
    ];
  });
  const config = { agents: { defaults: { model: { primary, fallbacks } } }, models: { providers: Object.fromEntries(entries) }, gateway };
  const machine = fakeHost({
    files: { "/home/me/.nemo/nemo.json": JSON.stringify(config) },
    packaged: { "catalog/index.json": "[]" },
    http: (request, signal) => vendor({ ...request, body: sentText(request) }, signal),
  });
  // Nothing is written behind a test's back.
  const host = { ...machine, wait: (ms: number, signal?: AbortSignal) => (ms === 250 ? new Promise<void>(() => undefined) : machine.wait(ms, signal)) };
  const log: LogEvent[] = [];
  const current = await openCurrent({ host, names: nemo, agent: undefined, warn: () => undefined }, () => undefined);
  const { limits } = current.latest;
  const store = memoryState(host);
  const shared: Shared = {
    host,
    machine: { ...playedMachine(), ...(after !== undefined && { after }) },
    current,
    store,
    routing: openRouting({ host, store, limits, markOf: () => undefined }),
    admissions: createAdmissions(() => ({ ...limits.gateway, waitMs: 1000 }), { nowMs: host.monotonicMs, after: () => () => undefined }),
    counters: createCounters(),
    log: (event) => void log.push(event),
    underWay: new Roll(),
  };
  const front = createGateway({ shared, keys: { ownerOf: () => ({ name: "tests", digest: "", createdAtMs: 0 }) }, isOurs: () => true, ownDigest: "none" });
  return {
    log,
    get asked() {
      return machine.asked.map((request) => {
        const text = sentText(request);
        return { url: request.url, body: JSON.parse(text) as unknown, text };
      });
    },
    used: async () => {
      const events: UsageEvent[] = [];
      for await (const event of store.events(0, Number.POSITIVE_INFINITY)) events.push(event);
      return events;
    },
    ask: async (path, body, more = {}) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const {
        status,
        headers,
        body: answer,
      } = await front.answer({
        method: "POST",
        target: path,
        httpVersion: "1.1",
        headers: ["host", "127.0.0.1:1", "authorization", "Bearer sbx-test", "content-type", "application/json", ...Object.entries(more).flat()],
        readBody: async () => ({ kind: "text", text, ...(isAscii(text) && { bytes: new TextEncoder().encode(text) }) }),
        signal: new AbortController().signal,
      });
      const said = await textOf(answer);
      return { status, headers, text: said, json: said.startsWith("{") ? JSON.parse(said) : undefined };
    },
  };
}

/** What the host sends of a request. */
function sentText({ body = "", bodyBytes }: HttpRequest): string {
  return bodyBytes === undefined ? body : new TextDecoder().decode(bodyBytes);
}

/** Then the gateway gets the bytes too. */
function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

async function textOf(body: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
  if (typeof body === "string") return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

function playedMachine(): ServerMachine {
  return {
    serve: () => Promise.reject(new Error("nobody is served")),
    randomToken: () => "1",
    digest: (text) => text,
    isSameDigest: (one, other) => one === other,
    stopAsked: () => new Promise(() => undefined),
    after: () => () => undefined,
    log: () => undefined,
    flushLog: () => undefined,
    memoryBytes: () => 0,
    pid: 0,
  };
}
