import type { AuthProfile } from "../credentials/profile.ts";
import { protocols } from "../protocols/index.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import { createFollower } from "../routing/continue-follow.ts";
import { deadlinesFor } from "../routing/deadlines.ts";
import { relay } from "../routing/relay.ts";
import type { RelayCall, Relayed } from "../routing/relay-call.ts";
import type { RunOptions, Tried, TryFacts } from "../routing/run-types.ts";
import { credentialAtOnce, credentialFor, type ReadyCredential, renewed } from "./credential-for.ts";
import type { Asked } from "./asked.ts";
import { askWithCallIds, mayHoldCallIds } from "./call-ids.ts";
import { embedTranslated } from "./embed-translated.ts";
import { isAmbiguous } from "./maybe-billed.ts";
import type { ReadBody } from "./request-body.ts";
import { askWithReasoning, carriesReasoning } from "./signed-reasoning.ts";
import { takesBytes, tryTranslated } from "./translation.ts";
import { upstreamRequest } from "./upstream-request.ts";

/** A whole answer up to here is judged before the client sees a byte of it. */
const BUFFER_BYTES = 8 * 2 ** 20;

/** How one request asks each of its candidates. */
export function tryCandidate(asked: Asked): Pick<RunOptions<Relayed>, "tryOne"> & Required<Pick<RunOptions<Relayed>, "renew">> {
  const { generation, route } = asked;
  return {
    tryOne: isStateful(asked) ? onceOnly(asked) : (candidate, facts) => tryOne(candidate, facts, asked),
    renew: (profile: AuthProfile) => renewed(generation.refreshInputOf(route.agentId), profile),
  };
}

function tryOne(candidate: Candidate, facts: TryFacts, asked: Asked): Promise<Tried<Relayed>> {
  const { understood, vectors, inference } = asked;
  const passes = takesBytes(candidate.model.provider, inference.endpoint);
  if (vectors !== undefined && !passes) return embedTranslated(candidate, facts, asked, vectors);
  if (understood !== undefined && !passes) return tryTranslated(candidate, facts, { ...asked, understood });
  if (!carriesReasoning(inference.endpoint)) return passThrough(candidate, facts, asked, { body: asked.body });
  return askWithReasoning(candidate, facts, asked, (body, { see }) => {
    const pass = (sent: ReadBody): Promise<Tried<Relayed>> => passThrough(candidate, facts, asked, { body: sent, onSigned: see });
    return mayHoldCallIds(asked, body) ? askWithCallIds(body, { candidate, facts, asked }, pass) : pass(body);
  });
}

/** Most credentials are at hand: then nothing is waited for before the request leaves. */
function passThrough(candidate: Candidate, facts: TryFacts, asked: Asked, sent: Sent): Promise<Tried<Relayed>> {
  const { generation, route, shared } = asked;
  const atOnce = credentialAtOnce(candidate.profile);
  if (atOnce !== undefined) return passWith(atOnce, candidate, facts, asked, sent);
  const ready = credentialFor(shared.host, candidate.profile, { generation, agentId: route.agentId });
  return ready.then((found) => passWith(found, candidate, facts, asked, sent));
}

interface Sent {
  readonly body: ReadBody;
  readonly onSigned?: NonNullable<RelayCall["onSigned"]>;
}

function passWith(
  ready: ReadyCredential,
  { model }: Candidate,
  { signal, remainingMs }: TryFacts,
  { inference, generation, ends, goesOn, shared }: Asked,
  { body, onSigned }: Sent,
): Promise<Tried<Relayed>> {
  const { host, machine } = shared;
  const { endpoint, passport } = inference;
  const address = generation.addressOf(endpoint, model);
  if (address.kind === "unaddressed") return Promise.resolve({ kind: "withheld", why: address.why });
  if (ready.kind === "withheld") return Promise.resolve(ready);
  const awaits = endpoint.mayStream && body.streams ? "stream" : endpoint.awaits;
  const deadlines = deadlinesFor(model, generation.limits, awaits === "stream" ? "streamed" : "one piece");
  const request = upstreamRequest(address.addressed, body, passport.headers);
  body.letGo();
  return relay(host, {
    protocol: protocols[endpoint.dialect],
    provider: model.provider,
    request,
    credential: ready.credential,
    deadlines,
    limits: generation.limits.reading,
    signal,
    awaits,
    firstTokenMs: Math.min(deadlines.firstTokenMs, remainingMs),
    bufferBytes: BUFFER_BYTES,
    after: machine.after,
    ends,
    ...(onSigned !== undefined && { onSigned }),
    ...(goesOn && { follower: createFollower(endpoint.dialect) }),
  });
}

/** A request that leaves something behind at the vendor. */
function isStateful({ inference, body }: Asked): boolean {
  if (inference.endpoint.dialect !== "openai-responses") return false;
  const { value } = body;
  return value["store"] === true || value["background"] === true || "previous_response_id" in value || "conversation" in value;
}

/** It is not sent again once a vendor may have carried it out: only what was refused in words, or never left, may be asked of the next one. */
function onceOnly(asked: Asked): RunOptions<Relayed>["tryOne"] {
  let isMaybeDone = false;
  return async (candidate, facts) => {
    if (isMaybeDone) return { kind: "withheld", why: "was not asked: another vendor may have carried the request out already" };
    const tried = await tryOne(candidate, facts, asked);
    if (tried.kind === "refused" && isAmbiguous(tried.failure)) isMaybeDone = true;
    return tried;
  };
}
