import { refText } from "../catalog/model-ref.ts";
import { readVectorsAsked, type VectorsAsked } from "../protocols/embeddings.ts";
import { protocols } from "../protocols/index.ts";
import { type EncodeOptions, READ_LIMITS } from "../protocols/protocol.ts";
import { serverProtocols } from "../protocols/servers.ts";
import { boundField, encodeAs } from "../protocols/translation.ts";
import type { Provider } from "../provider/provider.ts";
import { deadlinesFor } from "../routing/deadlines.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { TranslationSetting } from "../routing/limits.ts";
import type { Relayed } from "../routing/relay-call.ts";
import type { RoutedModel } from "../routing/route.ts";
import type { Tried, TryFacts } from "../routing/run-plan.ts";
import { withoutRefused } from "../routing/settings-repair.ts";
import { askWithChat } from "../routing/signed-call.ts";
import type { Fitted } from "../routing/signed-chat.ts";
import { createSignedCollector } from "../routing/signed-collector.ts";
import { translate } from "../routing/translate.ts";
import type { Asked, Understood } from "./asked.ts";
import { countTranslated } from "./count-translated.ts";
import { credentialFor } from "./credential-for.ts";
import type { ReadBody } from "./request-body.ts";
import type { Endpoint } from "./routes.ts";
import { signedCall } from "./signed-reasoning.ts";

/** undefined: only candidates of the same format can answer. */
export function understand(endpoint: Endpoint, body: ReadBody, setting: TranslationSetting): Understood | undefined {
  if (setting === "off" || endpoint.awaits === "vectors") return undefined;
  const reading = serverProtocols[endpoint.dialect].readRequest(body.value);
  if (reading.kind === "wrong" || boundField(reading.chat, "") !== undefined) return undefined;
  return reading;
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
  const tried = await askWithChat(asked.understood.chat, {
    ...signedCall(candidate, facts, asked),
    ask: withoutRefused((fitted) =>
      awaits === "token count" ? countTranslated(candidate, facts, asked, fitted) : answerTranslated(candidate, facts, asked, fitted),
    ),
  });
  const isOurs = tried.kind === "refused" && tried.failure.reason === "format" && tried.failure.detail === undefined;
  return isOurs ? { kind: "refused", failure: { ...tried.failure, detail: "translated" } } : tried;
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
  const protocol = protocols[provider.protocol];
  const streams = endpoint.mayStream && body.streams;
  const encoding = encodeAs(protocol, { ...fitted.chat, stream: streams }, ref.model, provider, encodeOptions(model, generation));
  if (encoding.kind === "unaddressed") return { kind: "withheld", why: `has no address without its ${encoding.missing.join(" and ")}` };
  const losses = [...understood.losses, ...fitted.losses, ...encoding.losses];
  const lost = losses.find(({ how }) => how === "lost");
  if (generation.limits.translation === "refuse" && lost !== undefined)
    return { kind: "withheld", why: `speaks ${provider.protocol}, which cannot say ${lost.field} (gateway.translation is refuse)` };
  const ready = await credentialFor(host, profile, { generation, agentId: route.agentId });
  if (ready.kind === "withheld") return ready;
  const deadlines = deadlinesFor(model, generation.limits, streams ? "streamed" : "one piece");
  const signed = createSignedCollector();
  const tried = await translate(host, {
    protocol,
    provider,
    request: encoding.request,
    credential: ready.credential,
    deadlines,
    limits: { ...READ_LIMITS, streamBytes: generation.limits.gateway.streamBytes },
    signal,
    server: serverProtocols[endpoint.dialect],
    head: { id: requestId, model: refText(ref), createdSeconds: Math.floor(host.nowMs() / 1000), wantsUsage: understood.wantsUsage },
    awaits: streams ? "stream" : "answer",
    firstTokenMs: Math.min(deadlines.firstTokenMs, remainingMs),
    after: machine.after,
    ends,
    losses,
    onSigned: signed.see,
  });
  if (tried.kind === "opened") void tried.value.over.then(() => shared.routing.signed.learn(signed.all, candidate));
  return tried;
}

function encodeOptions({ spec }: RoutedModel, { account }: Asked["generation"]): EncodeOptions {
  return { account, ...(spec?.outputTokens !== undefined && { defaultOutputTokens: spec.outputTokens }) };
}
