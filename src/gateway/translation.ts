import { refText } from "../catalog/model-ref.ts";
import { whenThere } from "../kernel/soon.ts";
import { keepDigits } from "../protocols/exact-json.ts";
import { readVectorsAsked, type VectorsAsked } from "../protocols/embeddings.ts";
import { protocols } from "../protocols/index.ts";
import { serverProtocols } from "../protocols/servers.ts";
import { boundField } from "../protocols/translation.ts";
import type { Provider } from "../provider/provider.ts";
import { deadlinesFor } from "../routing/deadlines.ts";
import { askInOther, encodeFor, lossesRefusedBy } from "../routing/encode-for.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { Route } from "../routing/route.ts";
import type { TranslationSetting } from "../routing/limits.ts";
import type { Relayed } from "../routing/relay-call.ts";
import type { Tried, TryFacts } from "../routing/run-types.ts";
import type { Fitted } from "../routing/signed-chat.ts";
import { createSignedCollector } from "../routing/signed-collector.ts";
import { translate } from "../routing/translate.ts";
import type { Asked, Understood } from "./asked.ts";
import { countTranslated } from "./count-translated.ts";
import { credentialFor } from "./credential-for.ts";
import type { Refused } from "./guard.ts";
import type { ReadBody } from "./request-body.ts";
import type { Endpoint } from "./routes.ts";
import { signedCall } from "./signed-reasoning.ts";

/** undefined: only candidates of the same format can answer. */
export function understand(endpoint: Endpoint, body: ReadBody, setting: TranslationSetting): Understood | undefined {
  if (setting === "off" || endpoint.awaits === "vectors") return undefined;
  const reading = serverProtocols[endpoint.dialect].readRequest(keepDigits(body.text, body.value));
  if (reading.kind === "wrong" || boundField(reading.chat, "") !== undefined) return undefined;
  return reading;
}

/** What keeps a request from every candidate, none of which takes it as it stands; undefined where it is in order, or one does. */
export function faultFor({ models }: Route, endpoint: Endpoint, body: ReadBody): Refused | undefined {
  if (endpoint.awaits === "vectors" || models.some(({ provider }) => takesBytes(provider, endpoint))) return undefined;
  const reading = serverProtocols[endpoint.dialect].readRequest(body.value);
  if (reading.kind === "wrong") return { status: 400, type: "invalid_request", message: `${reading.field} ${reading.why}` };
  const bound = boundField(reading.chat, "");
  if (bound === undefined) return undefined;
  return { status: 400, type: "invalid_request", message: `${bound} means something to this format alone, and no model that could answer speaks it` };
}

/** undefined: something else than vectors is asked for. */
export function understandVectors({ awaits }: Endpoint, body: ReadBody, setting: TranslationSetting): VectorsAsked | undefined {
  if (awaits !== "vectors") return undefined;
  const asked = readVectorsAsked(body.value);
  return setting === "off" ? { ...asked, request: undefined } : asked;
}

/** Whether the provider takes the client's own bytes. OpenAI has one call for vectors, whichever way a model is asked to chat. */
export function takesBytes({ protocol }: Provider, { dialect, awaits }: Endpoint): boolean {
  return protocol === dialect || (awaits === "vectors" && protocol === "openai-responses");
}

/** Asks a candidate of another format and tells its answer in the caller's. */
export async function tryTranslated(candidate: Candidate, facts: TryFacts, asked: Asked & { readonly understood: Understood }): Promise<Tried<Relayed>> {
  const { awaits } = asked.inference.endpoint;
  return askInOther(asked.understood.chat, signedCall(candidate, facts, asked), (fitted) =>
    awaits === "token count" ? countTranslated(candidate, facts, asked, fitted) : answerTranslated(candidate, facts, asked, fitted),
  );
}

async function answerTranslated(
  candidate: Candidate,
  { signal, remainingMs }: TryFacts,
  { inference, body, generation, route, shared, understood, ends }: Asked & { readonly understood: Understood },
  fitted: Fitted,
): Promise<Tried<Relayed>> {
  const { model, profile } = candidate;
  const { host, machine } = shared;
  const { endpoint, requestId } = inference;
  const { provider, ref } = model;
  const streams = endpoint.mayStream && body.streams;
  const asked = { chat: { ...fitted.chat, stream: streams }, losses: [...understood.losses, ...fitted.losses] };
  const encoded = encodeFor(model, asked, { account: generation.account, refusedBy: lossesRefusedBy(generation.limits) });
  if (encoded.kind === "withheld") return encoded;
  const ready = await credentialFor(host, profile, { generation, agentId: route.agentId });
  if (ready.kind === "withheld") return ready;
  const deadlines = deadlinesFor(model, generation.limits, streams ? "streamed" : "one piece");
  const signed = createSignedCollector();
  const tried = await translate(host, {
    protocol: protocols[provider.protocol],
    provider,
    request: encoded.request,
    credential: ready.credential,
    deadlines,
    limits: generation.limits.reading,
    signal,
    server: serverProtocols[endpoint.dialect],
    head: { id: requestId, model: refText(ref), createdSeconds: Math.floor(host.nowMs() / 1000), wantsUsage: understood.wantsUsage },
    awaits: streams ? "stream" : "answer",
    firstTokenMs: Math.min(deadlines.firstTokenMs, remainingMs),
    after: machine.after,
    ends,
    losses: encoded.losses,
    onSigned: signed.see,
  });
  if (tried.kind === "opened") void whenThere(tried.value.over, () => shared.routing.signed.learn(signed.all, candidate));
  return tried;
}
