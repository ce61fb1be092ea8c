import { authorize } from "../credentials/authorize.ts";
import type { Credential } from "../credentials/profile.ts";
import { bodyText } from "../kernel/body-text.ts";
import { CLOCKS_DIFFER_MS } from "../kernel/duration.ts";
import type { Host } from "../kernel/host.ts";
import type { HttpResponse } from "../kernel/http.ts";
import { timeUp } from "../kernel/stop-signal.ts";
import { classifyBy } from "../protocols/classify.ts";
import { isErrorBody } from "../protocols/error-body.ts";
import { rulesFor } from "../protocols/failure-rules.ts";
import { parseJson } from "../kernel/json-value.ts";
import { failureOfThrown } from "../protocols/thrown.ts";
import type { Answered } from "./answered.ts";
import { askProgramUsage } from "./ask-program-usage.ts";
import { rateLimits } from "./rate-limit-headers.ts";
import { readUsage } from "./read-usage.ts";
import { isEmpty, NO_FACTS, type UsageWindow } from "./usage-facts.ts";
import { inWords } from "./usage-failure.ts";
import type { UsageWay } from "./usage-targets.ts";

const LARGEST_BYTES = 1024 * 1024;

/** One request, or one question to a plugin's program; no second one. Never throws for what they do. */
export async function askUsage(host: Host, way: UsageWay, credential: Credential, timeoutMs: number): Promise<Answered> {
  const { provider, reader, request, program } = way;
  if (program !== undefined) return askProgramUsage(host, program, provider.id, credential, timeoutMs);
  const quirks = reader?.authHeader === undefined ? provider.quirks : { ...provider.quirks, authHeader: reader.authHeader };
  const authorized = authorize(request, credential, { protocol: provider.protocol, quirks });
  if (authorized.kind === "withheld") return { outcome: "withheld", why: authorized.why };
  const deadlines = { connectMs: timeoutMs, firstByteMs: timeoutMs, idleMs: timeoutMs, totalMs: timeoutMs };
  try {
    const response = await host.http(authorized.request, timeUp(timeoutMs), deadlines);
    const text = isToldInHeaders(way, response) ? await unread(response) : await bodyText(response, LARGEST_BYTES);
    return judge(way, response, text, { nowMs: host.nowMs(), timeoutMs });
  } catch (thrown) {
    return { outcome: "failed", failure: inWords(failureOfThrown(thrown), timeoutMs) };
  }
}

/** Of a list of models the headers are enough: the body is not waited for. */
async function unread({ body }: HttpResponse): Promise<string> {
  for await (const _ of body) break;
  return "";
}

/** Moments are told by the vendor's clock, and a window that seems to be over is not shown: where the clocks differ, ours decides when it is. */
function byOurClock(windows: readonly UsageWindow[], date: string | undefined, nowMs: number): readonly UsageWindow[] {
  const behindMs = date === undefined ? Number.NaN : nowMs - Date.parse(date);
  if (Number.isNaN(behindMs) || Math.abs(behindMs) <= CLOCKS_DIFFER_MS) return windows;
  return windows.map((window) => (window.resetsAt === null ? window : { ...window, resetsAt: window.resetsAt + behindMs }));
}

interface Moment {
  readonly nowMs: number;
  readonly timeoutMs: number;
}

function isToldInHeaders({ reader }: UsageWay, { status, headers }: HttpResponse): boolean {
  return reader === undefined && status === 200 && !/\bhtml\b/.test(headers["content-type"] ?? "");
}

function judge(way: UsageWay, response: HttpResponse, text: string | undefined, moment: Moment): Answered {
  const { provider, reader } = way;
  const { status, headers } = response;
  const { nowMs, timeoutMs } = moment;
  if (text === undefined) return { outcome: "failed", failure: inWords({ reason: "format", detail: "answer_too_large", status }, timeoutMs) };
  const limits = rateLimits(headers, nowMs);
  const answer = parseJson(text);
  const facts = status !== 200 || answer === undefined || reader === undefined ? undefined : readUsage(reader, answer, limits, nowMs);
  if (facts !== undefined) return { outcome: "told", facts: { ...facts, windows: byOurClock(facts.windows, headers["date"], nowMs) } };
  if (isToldInHeaders(way, response)) {
    const told = { ...NO_FACTS, limits };
    return isEmpty(told) ? { outcome: "silent" } : { outcome: "told", facts: told };
  }
  if (status === 200 && answer !== undefined && !isErrorBody(answer)) return { outcome: "failed", failure: inWords({ reason: "unknown", status }, timeoutMs) };
  const failure = classifyBy(rulesFor(provider.protocol, provider.id, provider.failures), { status, headers, body: text, receivedAtMs: nowMs });
  const { retryAfterMs } = failure;
  return { outcome: "failed", failure: inWords({ ...failure, status }, timeoutMs), ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
