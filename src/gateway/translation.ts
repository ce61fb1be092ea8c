import { refText } from "../catalog/model-ref.ts";
import { protocols } from "../protocols/index.ts";
import { boundField, encodeAs } from "../protocols/translation.ts";
import { READ_LIMITS } from "../protocols/protocol.ts";
import { serverProtocols } from "../protocols/servers.ts";
import { deadlinesFor } from "../routing/deadlines.ts";
import type { Candidate } from "../routing/failover-plan.ts";
import type { TranslationSetting } from "../routing/limits.ts";
import type { Relayed } from "../routing/relay-call.ts";
import type { Tried, TryFacts } from "../routing/run-plan.ts";
import { translate } from "../routing/translate.ts";
import { credentialFor } from "./credential-for.ts";
import type { Asked, Understood } from "./asked.ts";
import { streamEnds } from "./dialect.ts";
import type { ReadBody } from "./request-body.ts";
import { tellCut } from "./tell-failure.ts";
import type { Endpoint } from "./routes.ts";

/** undefined: only candidates of the same format can answer. */
export function understand(endpoint: Endpoint, body: ReadBody, setting: TranslationSetting): Understood | undefined {
  if (setting === "off" || endpoint.awaits !== "answer") return undefined;
  const reading = serverProtocols[endpoint.dialect].readRequest(body.value);
  if (reading.kind === "wrong" || boundField(reading.chat, "") !== undefined) return undefined;
  return reading;
}

/** Asks a candidate of another format and tells its answer in the caller's. */
export async function tryTranslated(
  { model, profile }: Candidate,
  { signal, remainingMs }: TryFacts,
  { inference, body, generation, route, shared, understood }: Asked & { readonly understood: Understood },
): Promise<Tried<Relayed>> {
  const { host, machine } = shared;
  const { endpoint, requestId } = inference;
  const { provider, ref, spec } = model;
  const protocol = protocols[provider.protocol];
  const options = { account: generation.account, ...(spec?.outputTokens !== undefined && { defaultOutputTokens: spec.outputTokens }) };
  const streams = endpoint.mayStream && body.streams;
  const encoding = encodeAs(protocol, { ...understood.chat, stream: streams }, ref.model, provider, options);
  if (encoding.kind === "unaddressed") return { kind: "withheld", why: `has no address without its ${encoding.missing.join(" and ")}` };
  const losses = [...understood.losses, ...encoding.losses];
  const lost = losses.find(({ how }) => how === "lost");
  if (generation.limits.translation === "refuse" && lost !== undefined)
    return { kind: "withheld", why: `speaks ${provider.protocol}, which cannot say ${lost.field} (gateway.translation is refuse)` };
  const ready = await credentialFor(host, profile, { generation, agentId: route.agentId });
  if (ready.kind === "withheld") return ready;
  const deadlines = deadlinesFor(model, generation.limits, streams ? "streamed" : "one piece");
  return translate(host, {
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
    ends: streamEnds(endpoint.dialect, requestId, tellCut),
    losses,
  });
}
