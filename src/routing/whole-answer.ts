import type { Usage } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import type { HttpResponse } from "../kernel/http.ts";
import { createFold } from "../protocols/answer-fold.ts";
import { UNREADABLE } from "../protocols/body.ts";
import { isErrorBody } from "../protocols/error-body.ts";
import { numberAt, parseJson } from "../kernel/json-value.ts";
import type { Protocol, Reading } from "../protocols/protocol.ts";
import { readResults } from "../protocols/results.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { SignatureEvent } from "./signed-collector.ts";
import { readerOf } from "./stream-tap.ts";

/** What a client asked for that is no stream. */
export type WholeKind = "answer" | "vectors" | "token count";

export type Judged = { readonly kind: "good"; readonly usage: Usage } | { readonly kind: "failed"; readonly failure: UpstreamFailure };

/** Whether a 2xx is one: an empty body, a page, an error and what has another shape are failures, although the status says otherwise. */
export function judgeWhole(awaits: WholeKind, response: HttpResponse, by: { readonly protocol: Protocol; readonly reading: Reading }): Promise<Judged> {
  if (awaits === "vectors") return judgeVectors(response, by);
  return awaits === "answer" ? judgeAnswer(response, by) : judgeCount(response, by);
}

/** The usual case without a detour: JSON that is an answer. undefined: `decode` has to name what it is. */
export function judgeAtOnce(text: string, protocol: ProtocolId, onSigned?: (signed: SignatureEvent) => void): Usage | undefined {
  const value = parseJson(text);
  const reader = readerOf(protocol);
  if (value === undefined || reader === undefined || isErrorBody(value)) return undefined;
  let usage: Usage = {};
  const fold = createFold(() => UNREADABLE);
  for (const said of reader.whole(value)) {
    if (said.kind === "signature") onSigned?.(said);
    const event = fold.accept(said);
    if (event?.kind === "usage") usage = { ...usage, ...event.usage };
  }
  return fold.end({ shape: "whole", trouble: undefined, droppedCount: 0 }).kind === "done" ? usage : undefined;
}

async function judgeAnswer(response: HttpResponse, { protocol, reading }: { readonly protocol: Protocol; readonly reading: Reading }): Promise<Judged> {
  let usage: Usage = {};
  for await (const event of protocol.decode(response, reading)) {
    if (event.kind === "usage") usage = { ...usage, ...event.usage };
    else if (event.kind === "failed") return { kind: "failed", failure: event.failure };
  }
  return { kind: "good", usage };
}

async function judgeVectors(response: HttpResponse, { protocol, reading }: { readonly protocol: Protocol; readonly reading: Reading }): Promise<Judged> {
  const results = await readResults(response, protocol.id, reading);
  return results.kind === "failed" ? results : { kind: "good", usage: results.usage ?? {} };
}

async function judgeCount(response: HttpResponse, { protocol, reading }: { readonly protocol: Protocol; readonly reading: Reading }): Promise<Judged> {
  const utf8 = new TextDecoder();
  let body = "";
  for await (const piece of response.body) body += utf8.decode(piece, { stream: true });
  const value = parseJson(body);
  if (numberAt(value, "input_tokens") !== undefined) return { kind: "good", usage: {} };
  const { status, headers } = response;
  const isStated = isErrorBody(value) || body.trim().startsWith("<");
  return { kind: "failed", failure: isStated ? protocol.classify({ status, headers, body }, reading.providerId, reading.failures) : UNREADABLE };
}
