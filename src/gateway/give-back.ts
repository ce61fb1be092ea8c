import { refText } from "../catalog/model-ref.ts";
import { redactStrictly } from "../kernel/redact.ts";
import type { ServedResponse } from "../kernel/server-machine.ts";
import { lostText } from "../routing/lost-text.ts";
import type { Relayed } from "../routing/relay-call.ts";
import type { RoutedModel } from "../routing/route.ts";
import { readOnce } from "../routing/read-once.ts";
import type { Ran } from "../routing/run-types.ts";
import { LATE, within } from "../routing/within.ts";
import { errorBody, headerText, HEART_BEAT, servedBy, streamError } from "./dialect.ts";
import type { Refused } from "./guard.ts";
import type { Asked } from "./asked.ts";
import { details, INPUT_OF_ONE_MODEL, tellExhausted } from "./tell-failure.ts";
import { takesBytes } from "./translation.ts";

type Exhausted = Extract<Ran<Relayed>, { kind: "exhausted" }>;
type Opened = Extract<Ran<Relayed>, { kind: "opened" }>;

const BEAT_MS = 10_000;

/** The whole answer, or the stream, of who opened; else an error with what each one said. */
export function answerRan(ran: Ran<Relayed>, asked: Asked): ServedResponse {
  return ran.kind === "opened" ? answerOpened(ran, asked) : answerExhausted(ran, asked);
}

/**
 * A stream. Where nobody has begun to speak after `holdMs`, the client gets its 200 and signs of life; another candidate may still take over, for
 * it has seen nothing of an answer. From then on an error can stand in the stream alone.
 */
export async function answerHeld(running: Promise<Ran<Relayed>>, asked: Asked, holdMs: number): Promise<ServedResponse> {
  const first = await within(running, holdMs, asked.shared.machine.after);
  if (first !== LATE) return answerRan(first, asked);
  return { status: 200, headers: { ...ownHeaders(asked), ...STREAM_HEADERS }, body: readOnce(beating(running, asked), () => leave(running)) };
}

const STREAM_HEADERS = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" };

async function* beating(running: Promise<Ran<Relayed>>, asked: Asked): AsyncGenerator<Uint8Array> {
  let isAwaited = true;
  try {
    for (;;) {
      yield HEART_BEAT;
      const ran = await within(running, BEAT_MS, asked.shared.machine.after);
      if (ran === LATE) continue;
      if (ran.kind === "exhausted") {
        yield streamError(asked.inference.endpoint.dialect, told(ran, asked));
        return;
      }
      yield servedComment(ran);
      // From here on the body itself is left where nobody reads on.
      isAwaited = false;
      if (ran.value.body instanceof Uint8Array) yield ran.value.body;
      else yield* ran.value.body;
      return;
    }
  } finally {
    if (isAwaited) leave(running);
  }
}

const utf8 = new TextEncoder();

/** The headers are long gone: what they would have said stands before the answer, where readers of event streams leave it out. */
function servedComment(ran: Opened): Uint8Array {
  const lines = Object.entries(servedHeaders(ran)).map(([name, text]) => `: ${name}: ${text}\n`);
  return utf8.encode(`${lines.join("")}\n`);
}

/** Nobody is there any more to read what opens: an answer that nobody ends would hold its place for ever. */
function leave(running: Promise<Ran<Relayed>>): void {
  const end = (ran: Ran<Relayed>): void => {
    if (ran.kind === "opened" && !(ran.value.body instanceof Uint8Array)) void ran.value.body[Symbol.asyncIterator]().return?.();
  };
  running.then(end, () => undefined);
}

function answerOpened(ran: Opened, asked: Asked): ServedResponse {
  const { response, body } = ran.value;
  const isStream = !(body instanceof Uint8Array);
  const type = response.headers["content-type"] ?? "application/json";
  const headers = ownHeaders(asked);
  if (isStream && asked.body.streams) Object.assign(headers, STREAM_HEADERS);
  else headers["content-type"] = headerText(type);
  return { status: 200, headers: Object.assign(headers, servedHeaders(ran)), body };
}

/** Who answered, and what became of the request on its way. The vendor's id is the vendor's own text, which may echo a key of ours. */
function servedHeaders({ value, candidate, attempts }: Opened): Record<string, string> {
  const { lost = [], estimated, response } = value;
  const upstreamId = response.headers["x-request-id"] ?? response.headers["request-id"];
  return {
    "x-signalbox-served-by": headerText(servedBy(candidate)),
    "x-signalbox-attempts": String(attempts),
    ...(lost.length > 0 && { "x-signalbox-lost": headerText(lostText(lost)) }),
    ...(estimated !== undefined && { "x-signalbox-estimated": headerText(estimated) }),
    ...(upstreamId !== undefined && { "x-signalbox-upstream-request-id": headerText(redactStrictly(upstreamId)) }),
  };
}

function answerExhausted(ran: Exhausted, asked: Asked): ServedResponse {
  const { refusal, ...rest } = told(ran, asked);
  const { dialect } = asked.inference.endpoint;
  return {
    status: refusal.status,
    headers: {
      ...ownHeaders(asked),
      ...refusalHeaders(refusal),
      "content-type": "application/json",
      "x-signalbox-attempts": String(ran.attempts),
      // Ours are spent: those of the client's library would only multiply them.
      "x-should-retry": "false",
    },
    body: errorBody(dialect, { refusal, ...rest }),
  };
}

function told(ran: Exhausted, asked: Asked): { refusal: Refused; requestId: string; more: Record<string, unknown> } {
  return { refusal: tellExhausted(ran, faultIn(ran, asked)), requestId: asked.inference.requestId, more: details(ran.refusals, ran.passedOver) };
}

/** Of a model as a whole, and not over with time. */
const LASTING: ReadonlySet<Exhausted["passedOver"][number]["reason"]> = new Set(["no_credential", "delegated", "unsupported"]);

/**
 * What keeps a request for vectors from every model of its route, those left out that nobody here can ask. With translation switched off that is the
 * config's doing.
 */
function faultIn({ passedOver }: Exhausted, { vectors, generation, route, inference }: Asked): Refused | undefined {
  const isUntold = vectors !== undefined && vectors.request === undefined && generation.limits.translation !== "off";
  if (!isUntold) return undefined;
  const isAskable = (model: RoutedModel): boolean => !passedOver.some((one) => one.model === refText(model.ref) && LASTING.has(one.reason));
  return route.models.some((model) => takesBytes(model.provider, inference.endpoint) && isAskable(model)) ? undefined : INPUT_OF_ONE_MODEL;
}

export function refusalHeaders({ retryAfterMs }: Pick<Refused, "retryAfterMs">): Record<string, string> {
  return retryAfterMs === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
}

function ownHeaders({ inference }: Asked): Record<string, string> {
  return { "x-request-id": inference.requestId, "request-id": inference.requestId, "x-content-type-options": "nosniff" };
}
