import { refText } from "../catalog/model-ref.ts";
import { ERRORS, expected } from "../kernel/errors.ts";
import type { BodyRead, ServedResponse } from "../kernel/server-machine.ts";
import type { Soon } from "../kernel/soon.ts";
import type { Relayed } from "../routing/relay-call.ts";
import type { Route } from "../routing/route.ts";
import type { Ran } from "../routing/run-types.ts";
import type { Admission } from "./admission.ts";
import { bodyRefusal, type Refused } from "./guard.ts";
import { mayAsk } from "./gateway-key.ts";
import type { Generation } from "./generation.ts";
import { type Asked, type Inference, isStreamed } from "./asked.ts";
import { continuing, isToGoOn } from "./continuing.ts";
import { streamEnds } from "./dialect.ts";
import { answerHeld, answerRan } from "./give-back.ts";
import { type Over, overOf } from "./over.ts";
import { type BodyParsed, parseBody, type ReadBody } from "./request-body.ts";
import type { Endpoint } from "./routes.ts";
import { tellCut } from "./tell-failure.ts";
import { faultFor, understand, understandVectors } from "./translation.ts";
import { tryCandidate } from "./try-candidate.ts";
import type { Shared } from "./work.ts";

export type Inferred =
  | { readonly kind: "refused"; readonly refusal: Refused; readonly asked?: string }
  | { readonly kind: "gone"; readonly asked?: string }
  | { readonly kind: "answer"; readonly response: ServedResponse; readonly asked: string; readonly streamed: boolean; readonly over: Soon<Over> };

const NOTHING = new Uint8Array(0);

/** Streams are held back this long at most, so that a status can still be chosen. */
const HOLD_MS = 10_000;

export async function infer(inference: Inference, shared: Shared): Promise<Inferred> {
  const { request, passport, owner, endpoint } = inference;
  const current = shared.current.get();
  const generation = current instanceof Promise ? await current : current;
  const refusal = bodyRefusal(passport);
  if (refusal !== undefined) return { kind: "refused", refusal };
  const parsed = await request.readBody(generation.limits.gateway.bodyBytes).then(parsedBody);
  if (parsed.kind !== "body") return parsed;
  const { body } = parsed;
  const asked = body.model;
  const routed = route(inference, body, generation);
  if (routed.kind === "refused") return { ...routed, asked };
  const named = routed.route.models[0];
  if (!mayAsk(owner, asked, ...(named === undefined ? [] : [refText(named.ref)])))
    return { kind: "refused", asked, refusal: { status: 403, type: "permission", message: "this key may not ask for that model", code: "model_not_allowed" } };
  const entered = shared.admissions.enter(owner, inference.signal);
  const admission = entered instanceof Promise ? await entered : entered;
  if (admission.kind === "gone") return { kind: "gone", asked };
  if (admission.kind === "refused") return { kind: "refused", asked, refusal: busy(admission) };
  try {
    const goesOn = isToGoOn(inference, body, generation);
    const ends = streamEnds(endpoint.dialect, inference.requestId, tellCut);
    const { needs, understood, vectors } = routed;
    const all: Asked = {
      inference,
      body,
      generation,
      route: routed.route,
      needs,
      understood,
      vectors,
      ends: goesOn ? { ...ends, error: () => NOTHING } : ends,
      goesOn,
      shared,
    };
    const running = run(all);
    const streamed = isStreamed(all);
    const ran = streamed ? running : await running;
    const response = ran instanceof Promise ? await answerHeld(ran, all, HOLD_MS) : answerRan(ran, all);
    return { kind: "answer", response, asked, streamed, over: overOf(ran, all, admission.leave) };
  } catch (thrown) {
    admission.leave();
    throw thrown;
  }
}

/** By itself: what waits holds all that it has named, and the text is long. */
function parsedBody(read: BodyRead): BodyParsed | { readonly kind: "gone" } {
  if (read.kind === "gone") return { kind: "gone" };
  if (read.kind === "text") return parseBody(read.text, read.bytes);
  return { kind: "refused", refusal: unreadable(read) };
}

function unreadable({ kind }: Exclude<BodyRead, { kind: "text" | "gone" }>): Refused {
  if (kind === "too_large") return { status: 413, type: "too_large", message: "the body is larger than this gateway takes (gateway.limits.bodyBytes)" };
  return { status: 400, type: "invalid_request", message: "the body is not UTF-8" };
}

type Routed = Pick<Asked, "route" | "needs" | "understood" | "vectors"> & { readonly kind: "routed" };

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
    const isMixed = speaksAnother(found, endpoint);
    const understood = isMixed ? understand(endpoint, body, generation.limits.translation) : undefined;
    const vectors = isMixed ? understandVectors(endpoint, body, generation.limits.translation) : undefined;
    const fault = isMixed && understood === undefined && generation.limits.translation !== "off" ? faultFor(found, endpoint, body) : undefined;
    if (fault !== undefined) return { kind: "refused", refusal: fault };
    const needs = understood === undefined && vectors === undefined ? { protocol: endpoint.dialect, ...wanted } : wanted;
    return { kind: "routed", route: found, needs, understood, vectors };
  } catch (thrown) {
    const error = expected(thrown);
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
  return text.includes("image") && /"type"\s*:\s*"(?:image|image_url|input_image)"/.test(text);
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
  const { tryOne, renew } = tryCandidate(all);
  const call = { tryOne, renew, signal: inference.signal, opens: isStreamed(all) ? ("streams" as const) : ("whole answers" as const) };
  const running = shared.routing.answer(asked, generation.factsOf(asked.agentId), needs, call);
  return all.goesOn ? running.then((ran) => continuing(ran, all)) : running;
}
