import { refText } from "../catalog/model-ref.ts";
import { estimateTextTokens } from "../chat/estimate-tokens.ts";
import { UNREADABLE } from "../protocols/body.ts";
import { type VectorsAsked, writeVectors } from "../protocols/embeddings.ts";
import { protocols } from "../protocols/index.ts";
import { type Encoding, READ_LIMITS } from "../protocols/protocol.ts";
import { readVectors, type VectorsAnswer } from "../protocols/results.ts";
import { send } from "../routing/attempt.ts";
import { deadlinesFor } from "../routing/deadlines.ts";
import { forbiddenLoss, lossesRefusedBy } from "../routing/encode-for.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { Relayed } from "../routing/relay-call.ts";
import { wholeEnd } from "../routing/relay-end.ts";
import type { Tried, TryFacts } from "../routing/run-types.ts";
import { lostFields } from "../routing/translate.ts";
import { untilBegun } from "../routing/until-first-token.ts";
import type { Asked } from "./asked.ts";
import { credentialFor } from "./credential-for.ts";

/** Vectors of a model whose vendor has another call for them, told as OpenAI tells them. */
export async function embedTranslated(
  { model, profile }: Candidate,
  { signal, remainingMs }: TryFacts,
  { generation, route, shared }: Asked,
  { request, encoding, losses }: VectorsAsked,
): Promise<Tried<Relayed>> {
  const { host } = shared;
  const { provider, ref } = model;
  const protocol = protocols[provider.protocol];
  if (request === undefined)
    return { kind: "withheld", why: `speaks ${provider.protocol}, and the input is not translated: it holds tokens, or gateway.translation is off` };
  const forbidden = forbiddenLoss(provider, losses, lossesRefusedBy(generation.limits));
  if (forbidden !== undefined) return forbidden;
  const encoded: Encoding | undefined = protocol.encodeEmbedding?.(request, ref.model, provider, { account: generation.account });
  if (encoded === undefined) return { kind: "withheld", why: `speaks ${provider.protocol}, which has no call for vectors` };
  if (encoded.kind === "unaddressed") return { kind: "withheld", why: `has no address without its ${encoded.missing.join(" and ")}` };
  const ready = await credentialFor(host, profile, { generation, agentId: route.agentId });
  if (ready.kind === "withheld") return ready;
  const deadlines = deadlinesFor(model, generation.limits, "one piece");
  const call = { protocol, provider, request: encoded.request, credential: ready.credential, deadlines, limits: READ_LIMITS };
  const clock = { signal, firstTokenMs: Math.min(deadlines.firstTokenMs, remainingMs), after: shared.machine.after };
  return untilBegun(clock, async (until, onHeaders): Promise<Tried<Relayed>> => {
    const sent = await send(host, { ...call, signal: until, onHeaders });
    if (sent.kind !== "answered") return sent;
    const answer = await readVectors(sent.response, protocol.id, sent.reading);
    if (answer.kind === "failed") return { kind: "refused", failure: { status: sent.response.status, ...answer.failure } };
    if (answer.vectors.length !== request.texts.length) return { kind: "refused", failure: { status: sent.response.status, ...UNREADABLE } };
    return told(answer, { encoding, model: refText(ref), texts: request.texts, losses });
  });
}

interface Telling {
  readonly encoding: VectorsAsked["encoding"];
  readonly model: string;
  readonly texts: readonly string[];
  readonly losses: VectorsAsked["losses"];
}

function told(answer: Extract<VectorsAnswer, { kind: "answered" }>, { encoding, model, texts, losses }: Telling): Tried<Relayed> {
  const counted = answer.usage?.inputTokens;
  const document = writeVectors(answer.vectors, encoding, model, counted ?? estimateTextTokens(texts));
  return {
    kind: "opened",
    value: {
      response: { status: 200, headers: { "content-type": "application/json" } },
      body: new TextEncoder().encode(JSON.stringify(document)),
      over: wholeEnd(answer.usage ?? {}),
      lost: lostFields(losses),
      ...(counted === undefined && { estimated: "usage" }),
    },
  };
}
