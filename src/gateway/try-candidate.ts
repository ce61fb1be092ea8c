import type { AuthProfile } from "../credentials/profile.ts";
import { protocols } from "../protocols/index.ts";
import { READ_LIMITS } from "../protocols/protocol.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import { deadlinesFor } from "../routing/deadlines.ts";
import { relay } from "../routing/relay.ts";
import type { Relayed } from "../routing/relay-call.ts";
import type { RunOptions, Tried, TryFacts } from "../routing/run-plan.ts";
import { credentialFor, renewed } from "./credential-for.ts";
import { streamEnds } from "./dialect.ts";
import type { Asked } from "./asked.ts";
import { tellCut } from "./tell-failure.ts";
import { tryTranslated } from "./translation.ts";
import { upstreamRequest } from "./upstream-request.ts";

/** A whole answer up to here is judged before the client sees a byte of it. */
const BUFFER_BYTES = 8 * 2 ** 20;

/** How one request asks each of its candidates. */
export function tryCandidate(asked: Asked): Pick<RunOptions<Relayed>, "tryOne"> & Required<Pick<RunOptions<Relayed>, "renew">> {
  const { generation, route } = asked;
  const guard = onceOnly(asked);
  return {
    tryOne: async (candidate, facts) => {
      const said = guard.withheld();
      if (said !== undefined) return { kind: "withheld", why: said };
      const tried = await tryOne(candidate, facts, asked);
      guard.saw(tried);
      return tried;
    },
    renew: (profile: AuthProfile) => renewed(generation.refreshInputOf(route.agentId), profile),
  };
}

async function tryOne(candidate: Candidate, facts: TryFacts, asked: Asked): Promise<Tried<Relayed>> {
  const { understood, inference } = asked;
  if (understood === undefined || candidate.model.provider.protocol === inference.endpoint.dialect) return passThrough(candidate, facts, asked);
  return tryTranslated(candidate, facts, { ...asked, understood });
}

async function passThrough(
  candidate: Candidate,
  { signal, remainingMs }: TryFacts,
  { inference, body, generation, route, shared }: Asked,
): Promise<Tried<Relayed>> {
  const { host, machine } = shared;
  const { endpoint, passport } = inference;
  const { model } = candidate;
  const address = generation.addressOf(endpoint, model);
  if (address.kind === "unaddressed") return { kind: "withheld", why: address.why };
  const ready = await credentialFor(host, candidate.profile, { generation, agentId: route.agentId });
  if (ready.kind === "withheld") return ready;
  const awaits = endpoint.mayStream && body.streams ? "stream" : endpoint.awaits;
  const deadlines = deadlinesFor(model, generation.limits, awaits === "stream" ? "streamed" : "one piece");
  return relay(host, {
    protocol: protocols[endpoint.dialect],
    provider: model.provider,
    request: upstreamRequest(address.addressed, body, passport.headers),
    credential: ready.credential,
    deadlines,
    limits: { ...READ_LIMITS, streamBytes: generation.limits.gateway.streamBytes },
    signal,
    awaits,
    firstTokenMs: Math.min(deadlines.firstTokenMs, remainingMs),
    bufferBytes: BUFFER_BYTES,
    after: machine.after,
    ends: streamEnds(endpoint.dialect, inference.requestId, tellCut),
  });
}

/**
 * A request that leaves something behind at the vendor is not sent again once a vendor may have carried it out: only what was refused in words, or
 * never left, may be asked of the next one.
 */
function onceOnly({ inference, body }: Asked): { withheld(): string | undefined; saw(tried: Tried<unknown>): void } {
  const { value } = body;
  const leaves = value["store"] === true || value["background"] === true || "previous_response_id" in value || "conversation" in value;
  const isStateful = inference.endpoint.dialect === "openai-responses" && leaves;
  let maybeDone = false;
  return {
    withheld: () => (maybeDone ? "was not asked: another vendor may have carried the request out already" : undefined),
    saw: (tried) => {
      if (isStateful && tried.kind === "refused" && isAmbiguous(tried.failure)) maybeDone = true;
    },
  };
}

/** The vendor may have counted it although we have no answer. */
export function isAmbiguous({ reason, detail, status }: UpstreamFailure): boolean {
  if (reason === "timeout") return detail !== "connect";
  if (reason === "network") return detail === "reset" || detail === "cut";
  return reason === "unknown" && (status === undefined || status >= 500 || status === 200);
}
