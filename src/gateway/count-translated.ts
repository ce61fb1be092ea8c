import { estimateTokens } from "../chat/estimate-tokens.ts";
import { protocols } from "../protocols/index.ts";
import { READ_LIMITS } from "../protocols/protocol.ts";
import { readCount } from "../protocols/results.ts";
import { send } from "../routing/attempt.ts";
import { deadlinesFor } from "../routing/deadlines.ts";
import { forbiddenLoss, lossesRefusedBy } from "../routing/encode-for.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { Relayed } from "../routing/relay-call.ts";
import { wholeEnd } from "../routing/relay-end.ts";
import type { Tried, TryFacts } from "../routing/run-types.ts";
import type { Fitted } from "../routing/signed-chat.ts";
import { lostFields } from "../routing/translate.ts";
import { untilBegun } from "../routing/until-first-token.ts";
import type { Asked, Understood } from "./asked.ts";
import { credentialFor } from "./credential-for.ts";

/**
 * How many tokens a request has at a model of another format: the vendor's own count where it gives one, else an estimate that says so. Whoever counts
 * before it asks is better off with that than with an error, and no failed count puts an account to rest.
 */
export async function countTranslated(
  candidate: Candidate,
  facts: TryFacts,
  asked: Asked & { readonly understood: Understood },
  { chat, losses }: Fitted,
): Promise<Tried<Relayed>> {
  const counted = await vendorsCount(candidate, facts, asked, { chat, losses: [...asked.understood.losses, ...losses] });
  if (counted !== undefined) return counted;
  if (facts.signal.aborted) return { kind: "refused", failure: { reason: "cancelled", rule: "caller/gone" } };
  if (asked.generation.limits.translation === "refuse")
    return { kind: "withheld", why: `speaks ${candidate.model.provider.protocol}, and nobody counted (gateway.translation is refuse)` };
  return { ...answered(estimateTokens(chat), { estimated: "input_tokens" }), isUnasked: true };
}

/** undefined: no count of the vendor is to be had now. */
async function vendorsCount(
  { model, profile }: Candidate,
  { signal, remainingMs }: TryFacts,
  { generation, route, shared }: Asked,
  { chat, losses }: Fitted,
): Promise<Tried<Relayed> | undefined> {
  const { host } = shared;
  const { provider, ref } = model;
  const protocol = protocols[provider.protocol];
  const encoding = protocol.encodeCount?.(chat, ref.model, provider, { account: generation.account });
  if (encoding?.kind !== "request") return undefined;
  const all = [...losses, ...encoding.losses];
  const forbidden = forbiddenLoss(provider, all, lossesRefusedBy(generation.limits));
  if (forbidden !== undefined) return forbidden;
  const ready = await credentialFor(host, profile, { generation, agentId: route.agentId });
  if (ready.kind === "withheld") return undefined;
  const deadlines = deadlinesFor(model, generation.limits, "one piece");
  const call = { protocol, provider, request: encoding.request, credential: ready.credential, deadlines, limits: READ_LIMITS };
  const clock = { signal, firstTokenMs: Math.min(deadlines.firstTokenMs, remainingMs), after: shared.machine.after };
  return untilBegun(clock, async (until, onHeaders): Promise<Tried<Relayed> | undefined> => {
    const sent = await send(host, { ...call, signal: until, onHeaders });
    if (sent.kind !== "answered") return undefined;
    const count = await readCount(sent.response, protocol.id, sent.reading);
    return count.kind === "answered" ? answered(count.tokens, { lost: lostFields(all) }) : undefined;
  });
}

function answered(tokens: number, more: Pick<Relayed, "lost" | "estimated">): Extract<Tried<Relayed>, { kind: "opened" }> {
  const body = new TextEncoder().encode(JSON.stringify({ input_tokens: tokens }));
  const response = { status: 200, headers: { "content-type": "application/json" } };
  return { kind: "opened", value: { response, body, over: wholeEnd({}), ...more } };
}
