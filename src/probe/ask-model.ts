import type { ChatEvent, Usage } from "../chat/event.ts";
import type { Credential } from "../credentials/profile.ts";
import type { Host } from "../kernel/host.ts";
import { readResults } from "../protocols/results.ts";
import { attempt, type Call, send } from "../routing/attempt.ts";
import type { Prepared } from "./prepare.ts";
import type { ProbeRow } from "./summary.ts";
import { healthy, type Verdict, verdictOf } from "./verdict.ts";

/** Of an answer of a few words. */
const LIMITS = { wholeBytes: 1 << 20, eventBytes: 1 << 18, streamBytes: 1 << 20 };

/** One request, no second one. Changes nothing anywhere. */
export async function askModel(host: Host, prepared: Prepared, credential: Credential | undefined, timeoutMs: number): Promise<ProbeRow> {
  const { protocol, provider, request, row } = prepared;
  // A silence within the answer ends with the whole: it has no clock of its own that could pass in the same moment.
  const deadlines = { connectMs: timeoutMs, firstByteMs: timeoutMs, idleMs: Number.POSITIVE_INFINITY, totalMs: timeoutMs };
  const call: Call = { protocol, provider, request, credential, deadlines, limits: LIMITS };
  const startedMs = host.monotonicMs();
  const found = prepared.asks === "chat" || prepared.asks === "reasoning" ? await askChat(host, call) : await askResults(host, call);
  if (found.kind === "withheld") return { ...row, reason: "withheld", error: `the credential ${found.why}` };
  const { note, ...verdict } = found.verdict;
  return { ...row, asked: true, ...verdict, note: note ?? row.note, latencyMs: Math.round(host.monotonicMs() - startedMs) };
}

type Found = { readonly kind: "asked"; readonly verdict: Verdict & { readonly note?: string } } | { readonly kind: "withheld"; readonly why: string };

async function askChat(host: Host, call: Call): Promise<Found> {
  const result = await attempt(host, call);
  if (result.kind === "withheld") return result;
  if (result.kind === "refused") return { kind: "asked", verdict: verdictOf(result.failure, host.nowMs()) };
  return { kind: "asked", verdict: await judge(result.events, result.response.status, host.nowMs()) };
}

async function askResults(host: Host, call: Call): Promise<Found> {
  const sent = await send(host, call);
  if (sent.kind === "withheld") return sent;
  if (sent.kind === "refused") return { kind: "asked", verdict: verdictOf(sent.failure, host.nowMs()) };
  const answer = await readResults(sent.response, call.provider.protocol, sent.reading);
  return { kind: "asked", verdict: answer.kind === "answered" ? healthy(sent.response.status) : verdictOf(answer.failure, host.nowMs()) };
}

/** Only something said is an answer; a model that was cut off while it reasoned has said something too. */
async function judge(events: AsyncIterable<ChatEvent>, status: number, nowMs: number): Promise<Verdict & { note?: string }> {
  let usage: Usage = {};
  for await (const event of events) {
    if (event.kind === "usage") usage = { ...usage, ...event.usage };
    if (event.kind === "failed") return verdictOf({ status, ...event.failure }, nowMs);
    if (event.kind !== "done" || !event.isEmpty) continue;
    const spent = Math.max(usage.outputTokens ?? 0, usage.reasoningTokens ?? 0);
    if (event.stop === "length" && spent > 0) return { ...healthy(status), note: `it was cut off after ${spent} tokens, before it said anything` };
    return verdictOf({ reason: "unknown", detail: "empty", status, rule: "probe/empty" }, nowMs);
  }
  return healthy(status);
}
