import { refText } from "../catalog/model-ref.ts";
import { asAppError, ERRORS } from "../kernel/errors.ts";
import type { BodyRead, ServedResponse } from "../kernel/server-machine.ts";
import type { Relayed, RelayEnd } from "../routing/relay-call.ts";
import type { Route } from "../routing/route.ts";
import type { Ran } from "../routing/run-plan.ts";
import type { Admission } from "./admission.ts";
import { bodyRefusal, type Refused } from "./guard.ts";
import { mayAsk } from "./gateway-key.ts";
import type { Generation } from "./generation.ts";
import type { Asked, Inference } from "./asked.ts";
import { answerHeld, answerRan } from "./give-back.ts";
import { parseBody, type ReadBody } from "./request-body.ts";
import type { Endpoint } from "./routes.ts";
import { understand } from "./translation.ts";
import { tryCandidate } from "./try-candidate.ts";
import type { Shared } from "./work.ts";

export type Inferred =
  | { readonly kind: "refused"; readonly refusal: Refused; readonly asked?: string }
  | { readonly kind: "gone"; readonly asked?: string }
  | { readonly kind: "answer"; readonly response: ServedResponse; readonly asked: string; readonly streamed: boolean; readonly over: Promise<Over> };

/** What became of it, for the log and the ledger of use. */
export interface Over {
  readonly ran: Ran<Relayed>;
  readonly end: RelayEnd;
  /** When the first content was in hand, on the clock that never goes back. */
  readonly openedMs: number;
}

/** Streams are held back this long at most, so that a status can still be chosen. */
const HOLD_MS = 10_000;

export async function infer(inference: Inference, shared: Shared): Promise<Inferred> {
  const { request, passport, owner, endpoint } = inference;
  const generation = await shared.current.get();
  const refusal = bodyRefusal(passport);
  if (refusal !== undefined) return { kind: "refused", refusal };
  const read = await request.readBody(generation.limits.gateway.bodyBytes);
  if (read.kind === "gone") return { kind: "gone" };
  if (read.kind !== "text") return { kind: "refused", refusal: unreadable(read) };
  const parsed = parseBody(read.text);
  if (parsed.kind === "refused") return parsed;
  const { body } = parsed;
  const asked = body.model;
  const routed = route(inference, body, generation);
  if (routed.kind === "refused") return { ...routed, asked };
  const named = routed.route.models[0];
  if (!mayAsk(owner, asked, ...(named === undefined ? [] : [refText(named.ref)])))
    return { kind: "refused", asked, refusal: { status: 403, type: "permission", message: "this key may not ask for that model", code: "model_not_allowed" } };
  const admission = await shared.admissions.enter(owner, inference.signal);
  if (admission.kind === "gone") return { kind: "gone", asked };
  if (admission.kind === "refused") return { kind: "refused", asked, refusal: busy(admission) };
  try {
    const all: Asked = { inference, body, generation, ...routed, shared };
    const running = run(all);
    const streamed = endpoint.mayStream && body.streams;
    const response = streamed ? await answerHeld(running, all, HOLD_MS) : answerRan(await running, all);
    const over = overOf(running, all).finally(admission.leave);
    return { kind: "answer", response, asked, streamed, over };
  } catch (thrown) {
    admission.leave();
    throw thrown;
  }
}

function unreadable({ kind }: Exclude<BodyRead, { kind: "text" | "gone" }>): Refused {
  if (kind === "too_large") return { status: 413, type: "too_large", message: "the body is larger than this gateway takes (gateway.limits.bodyBytes)" };
  return { status: 400, type: "invalid_request", message: "the body is not UTF-8" };
}

type Routed = Pick<Asked, "route" | "needs" | "understood"> & { readonly kind: "routed" };

function route({ passport, endpoint }: Inference, body: ReadBody, generation: Generation): Routed | Extract<Inferred, { kind: "refused" }> {
  const conversation = conversationOf(body);
  const wanted = {
    serves: endpoint.awaits === "vectors" ? ("embeddings" as const) : ("chat" as const),
    image: holdsImage(body.text),
    strict: passport.headers.get("x-signalbox-strict") === "1",
    ...(conversation !== undefined && { conversation }),
  };
  try {
    const found = generation.route(body.model, wanted);
    const understood = speaksAnother(found, endpoint) ? understand(endpoint, body, generation.limits.translation) : undefined;
    return { kind: "routed", route: found, needs: understood === undefined ? { ...wanted, protocol: endpoint.dialect } : wanted, understood };
  } catch (thrown) {
    const error = asAppError(thrown);
    if (error.code === "INTERNAL") throw error;
    const { http } = ERRORS[error.code];
    const type = http === 404 ? "not_found" : http === 403 ? "permission" : http === 400 ? "invalid_request" : "internal";
    return { kind: "refused", refusal: { status: http, type, message: error.message, code: error.code.toLowerCase() } };
  }
}

/** Most requests need not be understood: their bytes pass through. */
function speaksAnother({ models }: Route, { dialect }: Endpoint): boolean {
  return models.some(({ provider }) => provider.protocol !== dialect);
}

/** Any of the parts that the formats know. A text that quotes one is taken for an image: then the image model may answer, which can read too. */
function holdsImage(text: string): boolean {
  return /"type"\s*:\s*"(?:image|image_url|input_image)"/.test(text);
}

/** What clients say that stays the same from turn to turn. */
function conversationOf({ value }: ReadBody): string | undefined {
  const { metadata, prompt_cache_key: cacheKey, user } = value;
  const nested = typeof metadata === "object" && metadata !== null && "user_id" in metadata ? metadata.user_id : undefined;
  return [cacheKey, nested, user].find((word): word is string => typeof word === "string" && word !== "" && word.length <= 500);
}

function busy({ why, retryAfterMs }: Extract<Admission, { kind: "refused" }>): Refused {
  const says = {
    full: "too many requests wait already",
    waited: "no place became free in time",
    "key busy": "this key has as many requests under way as it may",
    "key rate": "this key has sent as many requests this minute as it may",
  }[why];
  return { status: 429, type: "rate_limit", message: says, code: `gateway_${why.replace(" ", "_")}`, retryAfterMs };
}

function run(all: Asked): Promise<Ran<Relayed>> {
  const { route: asked, needs, generation, shared, inference } = all;
  return shared.routing.answer(asked, generation.factsOf(asked.agentId), needs, { ...tryCandidate(all), signal: inference.signal });
}

async function overOf(running: Promise<Ran<Relayed>>, { inference, shared }: Asked): Promise<Over> {
  const ran = await running;
  const openedMs = shared.host.monotonicMs();
  const openedAtMs = shared.host.nowMs();
  if (ran.kind === "exhausted") {
    const kind = ran.stoppedBy === "cancelled" || inference.request.signal.aborted ? "cancelled" : "cut";
    return { ran, end: { kind, usage: {}, droppedCount: 0 }, openedMs };
  }
  const end = await ran.value.over;
  if (end.kind === "cut" && end.failure !== undefined && end.failure.reason !== "cancelled")
    shared.routing.ledger.failed(ran.candidate, end.failure, openedAtMs);
  return { ran, end, openedMs };
}
