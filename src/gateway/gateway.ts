import type { Answerer, ServedRequest, ServedResponse } from "../kernel/server-machine.ts";
import { whenThere } from "../kernel/soon.ts";
import { Stop } from "../kernel/stop-signal.ts";
import { dialectOf, type Routed, routeRequest } from "./routes.ts";
import { type Dialect, errorBody } from "./dialect.ts";
import type { GatewayKey } from "./gateway-key.ts";
import { refusalHeaders } from "./give-back.ts";
import { guard, type Passport, type Refused } from "./guard.ts";
import { infer, type Inferred } from "./inference.ts";
import type { KeyRing } from "./key-file.ts";
import { type RequestEvent, requestEvent, outcomeOf, rounded, type Told } from "./request-event.ts";
import { answerRead, type ReadRequest } from "./reads.ts";
import { noteUse } from "./note-use.ts";
import type { Over } from "./over.ts";
import type { Shared } from "./work.ts";

export interface Gateway {
  readonly answer: Answerer;
  /** From now on whoever asks is sent away. */
  drain(): void;
  /** What still runs ends with an error in its client's format. */
  cut(): void;
}

export interface GatewayInput {
  readonly shared: Shared;
  readonly keys: Pick<KeyRing, "ownerOf">;
  /** Whether this gateway may be called by that host, in lower case and with its port. */
  readonly isOurs: (host: string) => boolean;
  /** The digest of the key by which this installation's own `gateway status` asks; it may read, and ask no model. */
  readonly ownDigest: string;
}

/** One request after the other: guard, key, path, answer; and a line of the log for each. */
export function createGateway(input: GatewayInput): Gateway {
  const front = new Front(input);
  return { answer: (request) => front.answer(request), drain: () => front.drain(), cut: () => front.cut() };
}

class Front {
  readonly #input: GatewayInput;
  readonly #shared: Shared;
  #state: "serving" | "draining" = "serving";

  constructor(input: GatewayInput) {
    this.#input = input;
    this.#shared = input.shared;
  }

  drain(): void {
    this.#state = "draining";
  }

  cut(): void {
    for (const stop of this.#shared.underWay) stop.abort();
  }

  /** Never throws: what goes wrong, rejects. */
  answer(request: ServedRequest): Promise<ServedResponse> {
    try {
      const answered = this.#answer(request);
      return answered instanceof Promise ? answered : Promise.resolve(answered);
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  }

  #answer(request: ServedRequest): ServedResponse | Promise<ServedResponse> {
    const { machine, host } = this.#shared;
    const seen: Seen = { requestId: `req_${machine.randomToken(12)}`, startedMs: host.monotonicMs(), method: request.method };
    const guarded = guard(request, this.#input.isOurs);
    if (guarded.kind === "refused") return this.#refuse(guarded.refusal, "openai-chat", seen);
    const { passport } = guarded;
    const dialect = dialectOf(passport.path, passport.headers);
    const owner = this.#ownerOf(passport.key);
    if (owner === undefined) return this.#refuse(NO_KEY, dialect, seen);
    if (this.#state === "draining") return this.#refuse(STOPPING, dialect, seen, { connection: "close" });
    seen.client = owner === "self" ? "(status)" : owner.name;
    const routed = routeRequest(request.method, passport.path);
    if (routed.kind === "nothing") return this.#refuse(NO_PATH, dialect, seen);
    seen.path = routed.name;
    if (routed.kind === "wrong method") {
      const refusal: Refused = { status: 405, type: "invalid_request", message: `only ${routed.allowed} is answered here` };
      return this.#refuse(refusal, dialect, seen, { allow: routed.allowed });
    }
    if (routed.kind === "read") return this.#read({ routed, passport, owner, dialect }, seen);
    if (owner === "self") return this.#refuse(NO_KEY, dialect, seen);
    return this.#ask(request, { routed, passport, owner, dialect }, seen);
  }

  #ownerOf(key: string | undefined): GatewayKey | "self" | undefined {
    if (key === undefined) return undefined;
    const { machine } = this.#shared;
    const digest = machine.digest(key);
    return machine.isSameDigest(digest, this.#input.ownDigest) ? "self" : this.#input.keys.ownerOf(digest);
  }

  async #read(asked: ReadRequest, seen: Seen): Promise<ServedResponse> {
    const found = await answerRead(asked, this.#shared, this.#state);
    if (found.kind === "refused") return this.#refuse(found.refusal, asked.dialect, seen);
    const headers = { ...SAFE, ...found.response.headers, "x-request-id": seen.requestId };
    return this.#logged({ ...found.response, headers }, seen);
  }

  async #ask(request: ServedRequest, { routed, passport, owner, dialect }: AskOf, seen: Seen): Promise<ServedResponse> {
    const { requestId, startedMs } = seen;
    const stop = new Stop();
    const done = this.#underWay(request, stop);
    let inferred: Inferred | undefined;
    try {
      inferred = await infer({ request, passport, owner, endpoint: routed.endpoint, requestId, startedMs, signal: stop.signal }, this.#shared);
    } finally {
      if (inferred?.kind !== "answer") done();
    }
    if (inferred.kind === "gone") {
      const whenOver = (): void => this.#log(seen, 499, "cancelled", () => askedOf(inferred.asked));
      return { status: 499, headers: {}, body: "", whenOver };
    }
    if (inferred.kind === "refused") return this.#refuse(inferred.refusal, dialect, seen, {}, askedOf(inferred.asked));
    const { response, asked, streamed, over } = inferred;
    const finish = (end: Over): void => {
      done();
      noteUse({ end, requestId, client: owner.name, asked, streamed, startedMs }, this.#shared);
      this.#log(seen, response.status, outcomeOf(end), () => requestEvent(end, startedMs, { asked, streamed }));
    };
    // Behind the answer: a fault in keeping books takes no answer away.
    queueMicrotask(() => void whenThere(over, finish));
    return response;
  }

  /** Aborts with its client, and is aborted at the end of the grace; until what is given back is called. */
  #underWay(request: ServedRequest, stop: Stop): () => void {
    const leave = (): void => stop.abort();
    if (request.signal.aborted) leave();
    request.signal.addEventListener("abort", leave, { once: true });
    const over = this.#shared.underWay.enter(stop);
    return () => {
      request.signal.removeEventListener("abort", leave);
      over();
    };
  }

  #refuse(refusal: Refused, dialect: Dialect, seen: Seen, more: Readonly<Record<string, string>> = {}, told: Told = {}): ServedResponse {
    const { requestId } = seen;
    const own = { "content-type": "application/json", "x-request-id": requestId };
    const headers = { ...SAFE, ...refusalHeaders(refusal), ...more, ...own };
    return this.#logged({ status: refusal.status, headers, body: errorBody(dialect, { refusal, requestId }) }, seen, { ...told, why: refusal.message });
  }

  #logged(response: ServedResponse, seen: Seen, told: Told = {}): ServedResponse {
    const { status } = response;
    return { ...response, whenOver: () => this.#log(seen, status, status < 400 ? "answered" : "refused", () => told) };
  }

  #log({ startedMs, requestId, method, client, path = "other" }: Seen, status: number, outcome: RequestEvent["outcome"], tell: () => Told): void {
    const { host, counters, log } = this.#shared;
    const tookMs = rounded(host.monotonicMs() - startedMs);
    counters.add("requests", { path, status: String(status), outcome });
    counters.observe("request_seconds", { path }, tookMs / 1000);
    if (log === undefined) return;
    const at = new Date(host.nowMs()).toISOString();
    log({ kind: "request", at, requestId, ...(client !== undefined && { client }), method, path, status, outcome, tookMs, ...tell() });
  }
}

/** What is known of a request, more and more. */
interface Seen {
  readonly requestId: string;
  readonly startedMs: number;
  readonly method: string;
  client?: string;
  path?: string;
}

interface AskOf {
  readonly routed: Extract<Routed, { kind: "endpoint" }>;
  readonly passport: Passport;
  readonly owner: GatewayKey;
  readonly dialect: Dialect;
}

const SAFE = { "x-content-type-options": "nosniff", "cache-control": "no-store" };
const NO_KEY: Refused = { status: 401, type: "authentication", message: "a gateway key is needed", code: "invalid_api_key" };
const NO_PATH: Refused = { status: 404, type: "not_found", message: "there is nothing at this path", code: "unknown_path" };
const STOPPING: Refused = { status: 503, type: "overloaded", message: "the gateway is stopping", code: "stopping", retryAfterMs: 1000 };

function askedOf(asked: string | undefined): { asked?: string } {
  return asked === undefined ? {} : { asked };
}
