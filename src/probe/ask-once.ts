import type { FailureReason } from "../chat/failure.ts";
import { bodyText } from "../kernel/body-text.ts";
import type { Host } from "../kernel/host.ts";
import { type HttpRequest, type HttpResponse, PROXY_FAILED } from "../kernel/http.ts";
import { parseJson } from "../kernel/json-value.ts";

/** What came back, with nothing of its text but a code that the vendor gives its errors. */
export type Answer =
  | { readonly kind: "answer"; readonly status: number; readonly code?: string; readonly body: "list" | "json" | "page" | "other" }
  | { readonly kind: "none"; readonly why: string; readonly reason: FailureReason };

const MAX_BYTES = 1024 * 1024;

/** One request; at most 1 MB of its answer is read. Never throws for what the network or the other side does. */
export async function askOnce(host: Host, request: HttpRequest, deadline: AbortSignal): Promise<Answer> {
  try {
    const response = await host.http(request, deadline);
    return readAnswer(response, await bodyText(response, MAX_BYTES));
  } catch (cause) {
    return unanswered(cause);
  }
}

function readAnswer({ status, headers }: HttpResponse, text: string | undefined): Answer {
  const isPage = /\bhtml\b/.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)/i.test(text ?? "");
  if (isPage) return { kind: "answer", status, body: "page" };
  const value = parseJson(text ?? "");
  if (value === undefined) return { kind: "answer", status, body: "other" };
  const code = errorCode(value);
  return { kind: "answer", status, body: code === undefined && isList(value) ? "list" : "json", ...(code !== undefined && { code }) };
}

function isList(value: unknown): boolean {
  const { data, models } = fieldsOf(value);
  return Array.isArray(value) || Array.isArray(data) || Array.isArray(models);
}

/** `error.code`, `error.details[].reason`, `error.status` or `error.type`: the first that is a word. "error" for one without. */
function errorCode(value: unknown): string | undefined {
  const [first] = Array.isArray(value) ? value : [value];
  const { error } = fieldsOf(first);
  if (error === undefined || error === null) return undefined;
  const { code, details, status, type } = fieldsOf(error);
  const reasons = Array.isArray(details) ? details.map((detail) => fieldsOf(detail)["reason"]) : [];
  return [code, ...reasons, status, type, error].find((word): word is string => typeof word === "string" && /^[a-z][a-z0-9_.-]{2,63}$/i.test(word)) ?? "error";
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** The system's own word for it; what a network library says may hold more than we want to show. */
function unanswered(cause: unknown): Answer {
  const { code, name } = cause as { code?: unknown; name?: unknown };
  const word = typeof code === "string" ? code : "";
  if (name === "TimeoutError" || name === "AbortError" || word.endsWith("TIMEOUT") || word === "ETIMEDOUT") {
    return { kind: "none", why: "did not answer within 10 s", reason: "timeout" };
  }
  if (name === "ProxyError") return { kind: "none", why: `could not be asked: ${PROXY_FAILED}`, reason: "network" };
  if (word === "ENOTFOUND" || word === "EAI_AGAIN") return { kind: "none", why: `could not be found: its name leads nowhere (${word})`, reason: "network" };
  if (/CERT|SIGNATURE|TLS|SSL/.test(word)) return { kind: "none", why: `could not be trusted: its certificate is not in order (${word})`, reason: "network" };
  return { kind: "none", why: `could not be reached${word === "" ? "" : ` (${word})`}`, reason: "network" };
}
