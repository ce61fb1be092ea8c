import type { Credential } from "../credentials/profile.ts";
import type { Host } from "../kernel/host.ts";
import { redactStrictly } from "../kernel/redact.ts";
import { type Heard, hearAnswer } from "./hear-answer.ts";
import type { PlannedModel, PlannedTest } from "./plan-scan.ts";
import type { ScanTestRow } from "./scan-row.ts";
import { scanTests } from "./scan-test.ts";
import { verdictOf } from "./verdict.ts";

/** One request, and what its answer shows. */
export type Trial =
  | {
      readonly kind: "passed";
      readonly firstMs: number;
      readonly endMs: number;
      readonly tokensPerSecond: number | undefined;
      readonly answer?: string;
      readonly note?: string;
    }
  | {
      readonly kind: "failed";
      readonly error: string;
      readonly reason: string | undefined;
      readonly httpStatus?: number;
      readonly hint?: string;
      readonly answer?: string;
    };

/** Of an answer of a few words, which in a stream may follow two thousand events of reasoning. */
const LIMITS = { wholeBytes: 1 << 18, eventBytes: 1 << 18, streamBytes: 1 << 20 };

/** Asks once. Never throws for what the network or the vendor does. */
export async function tryOnce(
  host: Host,
  { provider, protocol }: PlannedModel,
  { name, request }: Extract<PlannedTest, { kind: "asked" }>,
  { credential, timeoutMs }: { readonly credential: Credential | undefined; readonly timeoutMs: number },
): Promise<Trial> {
  const deadlines = { connectMs: timeoutMs, firstByteMs: timeoutMs, idleMs: timeoutMs, totalMs: timeoutMs };
  const hearing = await hearAnswer(host, { protocol, provider, request, credential, deadlines, limits: LIMITS });
  if (hearing.kind === "withheld") return { kind: "failed", error: `was not asked: the credential ${hearing.why}`, reason: "withheld" };
  if (hearing.kind === "failed") {
    const { error = "failed", reason, httpStatus, hint } = verdictOf(hearing.failure, host.nowMs());
    return { kind: "failed", error, reason: reason ?? undefined, ...(httpStatus !== null && { httpStatus }), ...(hint !== null && { hint }) };
  }
  const { heard } = hearing;
  const judgement = scanTests[name].judge(heard);
  const answer = judgement.answer === undefined ? {} : { answer: redactStrictly(judgement.answer) };
  if (judgement.kind === "failed") return { kind: "failed", error: judgement.error, reason: "answer", httpStatus: heard.status, ...answer };
  const note = judgement.note === undefined ? {} : { note: redactStrictly(judgement.note) };
  return { kind: "passed", firstMs: heard.firstMs, endMs: heard.endMs, tokensPerSecond: speedOf(heard), ...answer, ...note };
}

/** Characters for each token, where the vendor does not count: English text has about four. */
const CHARACTERS_PER_TOKEN = 4;

/** Of the whole time that somebody waits. */
function speedOf({ outputTokens, text, endMs }: Heard): number | undefined {
  const tokens = outputTokens ?? Math.ceil(text.length / CHARACTERS_PER_TOKEN);
  return tokens > 0 && endMs > 0 ? tokens / (endMs / 1000) : undefined;
}

/** What several trials show together; `wished`: as many were to be made. */
export function summed(trials: readonly Trial[], wished: number): ScanTestRow {
  const passed = trials.filter((trial) => trial.kind === "passed");
  const failed = trials.filter((trial) => trial.kind === "failed");
  const ok = passed.length * 2 > wished;
  const latency = medianOf(passed.map(({ endMs }) => endMs));
  const counts = { ok, latencyMs: latency === null ? null : Math.round(latency), passed: passed.length, trials: trials.length };
  const [good, bad] = [passed.at(-1), failed.at(-1)];
  if (ok) {
    const flaky = bad === undefined ? [] : [`passed ${passed.length} of ${trials.length} times: ${bad.error}`];
    const notes = [...flaky, ...passed.flatMap(({ note }) => note ?? []).slice(0, 1)];
    return { ...counts, ...(good?.answer !== undefined && { answer: good.answer }), ...(notes.length > 0 && { note: notes.join("; ") }) };
  }
  if (bad === undefined) return counts;
  const { error, reason, httpStatus, hint, answer } = bad;
  const often = passed.length === 0 ? "" : ` (${passed.length} of ${trials.length} times it passed)`;
  return {
    ...counts,
    error: `${error}${often}`,
    ...(reason !== undefined && { reason }),
    ...(httpStatus !== undefined && { httpStatus }),
    ...(hint !== undefined && { hint }),
    ...(answer !== undefined && { answer }),
  };
}

/** null of nothing. */
export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 1 ? half : half - 1], sorted[half]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
