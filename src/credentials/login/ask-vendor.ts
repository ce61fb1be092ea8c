import type { Host } from "../../kernel/host.ts";
import { type HttpDeadlines, type HttpRequest, type HttpResponse, PROXY_FAILED } from "../../kernel/http.ts";
import { objectAt, parseJson } from "../../kernel/json-value.ts";
import { CONNECT_TIMEOUT, failureCode, issuerText, PROXY, TIMEOUT } from "../issuer-network.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What an identity provider answered. Whoever reads `fields` checks them. `why` ends a sentence that begins with who was asked, and quotes nothing. */
export type VendorAnswer =
  | { readonly kind: "fields"; readonly status: number; readonly fields: Fields; readonly sentAtMs: number; readonly retryAfterSeconds: number | undefined }
  | { readonly kind: "unusable"; readonly status: number; readonly why: string; readonly retryAfterSeconds: number | undefined }
  /** `isUnsent`: no connection came about, so nothing was spent. */
  | { readonly kind: "none"; readonly why: string; readonly isUnsent: boolean };

const DEADLINES: HttpDeadlines = { connectMs: 10_000, firstByteMs: 15_000, idleMs: 10_000, totalMs: 20_000 };

/** One request; no redirect is followed, and at most 64 kB of the answer are read. Throws only the signal's reason. */
export async function askVendor(host: Host, request: HttpRequest, signal: AbortSignal, deadlines = DEADLINES): Promise<VendorAnswer> {
  const headers = { accept: "application/json", "user-agent": "signalbox", ...request.headers };
  const sentAtMs = host.nowMs();
  try {
    const response = await host.http({ ...request, headers }, signal, deadlines);
    return read(response, await issuerText(response), sentAtMs);
  } catch (thrown) {
    signal.throwIfAborted();
    return silence(thrown);
  }
}

/** RFC 6749, appendix B. */
export function formRequest(url: string, form: URLSearchParams, headers: Readonly<Record<string, string>> = {}): HttpRequest {
  return { method: "POST", url, headers: { "content-type": "application/x-www-form-urlencoded", ...headers }, body: form.toString() };
}

function read({ status, headers }: HttpResponse, text: string | undefined, sentAtMs: number): VendorAnswer {
  const retryAfterSeconds = secondsOf(headers["retry-after"]);
  const unusable = (why: string): VendorAnswer => ({ kind: "unusable", status, why, retryAfterSeconds });
  if (status >= 300 && status < 400) return unusable(`sends on to another address (${status}), which was not followed`);
  if (text === undefined) return unusable("answered with more than 64 kB");
  const fields = objectAt(parseJson(text));
  if (fields !== undefined) return { kind: "fields", status, fields, sentAtMs, retryAfterSeconds };
  return unusable(/^\s*</.test(text) ? `answered with a web page (${status})` : `answered with something other than JSON (${status})`);
}

function secondsOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text.trim()) ? Number(text) : undefined;
}

const NO_CONNECTION: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "refused the connection"],
  ["ENOTFOUND", "could not be found: its name leads nowhere"],
  ["EAI_AGAIN", "could not be found: the name service did not answer"],
  ["ENETUNREACH", "could not be reached: there is no way to its network"],
  ["EHOSTUNREACH", "could not be reached: there is no way to its network"],
  ["UND_ERR_CONNECT_TIMEOUT", "could not be reached in time"],
  [PROXY, `could not be asked: ${PROXY_FAILED}`],
  ["EPROTO", "could not be trusted: its certificate is not in order"],
]);

function silence(thrown: unknown): VendorAnswer {
  const code = failureCode(thrown) ?? "";
  if (code === TIMEOUT || code === CONNECT_TIMEOUT) return { kind: "none", why: "did not answer in time", isUnsent: code === CONNECT_TIMEOUT };
  const known = NO_CONNECTION.get(code);
  if (known !== undefined) return { kind: "none", why: known, isUnsent: true };
  if (/CERT|^ERR_TLS_|^ERR_SSL_|^HOSTNAME_MISMATCH$|^UNABLE_TO_VERIFY/.test(code))
    return { kind: "none", why: "could not be trusted: its certificate is not in order", isUnsent: true };
  return { kind: "none", why: "broke off the connection", isUnsent: false };
}
