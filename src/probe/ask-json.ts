import type { FailureReason } from "../chat/failure.ts";
import { bodyText } from "../kernel/body-text.ts";
import type { Host } from "../kernel/host.ts";
import { type HttpRequest, type HttpResponse, PROXY_FAILED } from "../kernel/http.ts";
import { failureOfThrown } from "../protocols/thrown.ts";

/** What came back. A `value` is anything that JSON can say: whoever reads it checks it. */
export type JsonAnswer =
  | { readonly kind: "json"; readonly status: number; readonly value: unknown }
  | { readonly kind: "other"; readonly status: number; readonly body: "page" | "no JSON" | "too large" }
  | { readonly kind: "none"; readonly reason: FailureReason; readonly detail?: string };

/** Asks a whole address; a `body` makes it a POST. */
export type Ask = (url: string, body?: string) => Promise<JsonAnswer>;

const LARGEST_BYTES = 8 * 1024 * 1024;

/** One request, no redirects, at most 8 MB of the answer. Never throws for what the network or the other side does. */
export async function askJson(host: Host, request: HttpRequest, deadline: AbortSignal): Promise<JsonAnswer> {
  try {
    const response = await host.http(request, deadline);
    return readAnswer(response, await bodyText(response, LARGEST_BYTES));
  } catch (thrown) {
    const { reason, detail } = failureOfThrown(thrown);
    return { kind: "none", reason, ...(detail !== undefined && { detail }) };
  }
}

function readAnswer({ status, headers }: HttpResponse, text: string | undefined): JsonAnswer {
  if (text === undefined) return { kind: "other", status, body: "too large" };
  if (/\bhtml\b/.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(text)) return { kind: "other", status, body: "page" };
  try {
    return { kind: "json", status, value: JSON.parse(text) };
  } catch {
    return { kind: "other", status, body: "no JSON" };
  }
}

/** What a good answer says; undefined for any other. */
export function valueOf(answer: JsonAnswer): unknown {
  return answer.kind === "json" && answer.status === 200 ? answer.value : undefined;
}

/** The end of a sentence that begins with who was asked: "did not answer within 5 s". Holds nothing that the other side wrote. */
export function refusalText(answer: JsonAnswer, patienceMs: number): string {
  if (answer.kind === "none") return SILENCES[answer.detail ?? answer.reason] ?? silence(answer.reason, patienceMs);
  const { status } = answer;
  if (status >= 300 && status < 400) return `sends on to another address (${status}), which was not followed`;
  if (status === 401) return "does not accept the credential (401)";
  if (status === 402) return "says that there is no credit left (402)";
  if (status === 403) return "does not let this credential list its models (403)";
  if (status === 404 || status === 405 || status === 410) return `has no list of models at that address (${status})`;
  if (status === 429) return "is over a limit at the moment (429)";
  if (status >= 500) return `is in trouble itself (${status})`;
  if (answer.kind === "other")
    return {
      page: `answered ${status} with a web page`,
      "no JSON": `answered ${status} with something other than JSON`,
      "too large": "answered with more than 8 MB",
    }[answer.body];
  return status === 200 ? "answered something other than a list of models" : `answered ${status}`;
}

const SILENCES: Readonly<Record<string, string>> = {
  refused: "refused the connection",
  dns: "could not be found: its name leads nowhere",
  unreachable: "could not be reached: there is no way to its network",
  tls: "could not be trusted: its certificate is not in order",
  reset: "closed the connection without an answer",
  cut: "broke off in the middle of its answer",
  proxy: `could not be asked: ${PROXY_FAILED}`,
  unreadable: "does not speak HTTP there",
};

function silence(reason: FailureReason, patienceMs: number): string {
  return reason === "timeout" || reason === "cancelled"
    ? `did not answer within ${patienceMs < 1000 ? `${patienceMs} ms` : `${patienceMs / 1000} s`}`
    : "could not be reached";
}

/** By status alone, for answers that are no list. */
export function reasonOf(answer: JsonAnswer): FailureReason {
  if (answer.kind === "none") return answer.reason;
  const known: Readonly<Record<number, FailureReason>> = { 401: "auth", 402: "billing", 403: "permission", 429: "rate_limit" };
  return known[answer.status] ?? (answer.kind === "other" && answer.body === "page" ? "network" : "unknown");
}
