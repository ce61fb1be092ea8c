import { type ChatEvent, isPiece } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import { authorize } from "../credentials/authorize.ts";
import type { Credential } from "../credentials/profile.ts";
import type { Host } from "../kernel/host.ts";
import { type HttpDeadlines, type HttpRequest, type HttpResponse, USUAL_DEADLINES } from "../kernel/http.ts";
import type { Soon } from "../kernel/soon.ts";
import { Stop, type StopSignal } from "../kernel/stop-signal.ts";
import type { Protocol, ReadLimits, Reading } from "../protocols/protocol.ts";
import { failureOfThrown } from "../protocols/thrown.ts";
import type { Provider } from "../provider/provider.ts";
import { tellingBegin } from "./body-begun.ts";
import { readOnce } from "./read-once.ts";

/** One call: to whom, as whom, and how long it may take. */
export interface Call {
  readonly protocol: Protocol;
  readonly provider: Provider;
  /** As the protocol encoded it, without secrets. */
  readonly request: HttpRequest;
  /** undefined for a server that asks for none. */
  readonly credential: Credential | undefined;
  readonly deadlines?: HttpDeadlines;
  readonly limits?: ReadLimits;
  readonly signal?: StopSignal;
  /** Called when the headers are in; what it gives is called once, when something of the body is there that is not blank. */
  readonly onHeaders?: (() => () => void) | undefined;
}

export type AttemptResult =
  /** `events` begins with the first one; the first piece of the answer, or its good end, is in hand. */
  | { readonly kind: "opened"; readonly events: AsyncIterable<ChatEvent>; readonly response: Answered }
  | { readonly kind: "refused"; readonly failure: UpstreamFailure }
  /** Nothing was sent. `why` is a sentence's end: "the credential …". */
  | { readonly kind: "withheld"; readonly why: string };

export type Answered = Pick<HttpResponse, "status" | "headers">;

/** Asks one vendor once with one credential. Never throws for what the network or the vendor does. */
export async function attempt(host: Host, call: Call): Promise<AttemptResult> {
  const sent = await send(host, call);
  if (sent.kind !== "answered") return sent;
  const { response, reading } = sent;
  const events = call.protocol.decode(response, reading)[Symbol.asyncIterator]();
  const first: ChatEvent[] = [];
  for (;;) {
    const { value, done } = await events.next();
    if (done === true) break;
    if (value.kind === "failed") return { kind: "refused", failure: { status: response.status, ...value.failure } };
    first.push(value);
    if (isPiece(value) || value.kind === "done") break;
  }
  const unread = (): void => void events.return?.();
  return { kind: "opened", events: readOnce(continued(first, events), unread), response: { status: response.status, headers: response.headers } };
}

type Unsent = Exclude<AttemptResult, { kind: "opened" }>;

export type Sent = Unsent | { readonly kind: "answered"; readonly response: HttpResponse; readonly reading: Reading };

/** The headers are in. The one place where what the network throws becomes a value. */
export function send(host: Host, call: Call): Promise<Sent> {
  return sendAndRead(host, call, (response, reading) => ({ kind: "answered", response, reading }));
}

/** The same, where somebody waits for the answer already. */
export function sendAndRead<T>(
  host: Host,
  { provider, request, credential, deadlines = USUAL_DEADLINES, limits, signal, onHeaders }: Call,
  read: (response: HttpResponse, reading: Reading) => Soon<T>,
): Promise<T | Unsent> {
  const authorized = credential === undefined ? ({ kind: "authorized", request } as const) : authorize(request, credential, provider);
  if (authorized.kind === "withheld") return Promise.resolve(authorized);
  return host.http(authorized.request, signal ?? new Stop(), deadlines).then(
    (response) => read(onHeaders === undefined ? response : tellingBegin(response, onHeaders()), readingOf(provider, host.nowMs(), limits)),
    (thrown) => ({ kind: "refused", failure: failureOfThrown(thrown) }),
  );
}

function readingOf({ id, failures }: Provider, receivedAtMs: number, limits: ReadLimits | undefined): Reading {
  return { providerId: id, receivedAtMs, ...(failures !== undefined && { failures }), ...(limits !== undefined && { limits }) };
}

async function* continued(first: readonly ChatEvent[], rest: AsyncIterator<ChatEvent>): AsyncGenerator<ChatEvent> {
  try {
    yield* first;
    if (first.at(-1)?.kind === "done") return;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
