import { bodyText } from "../kernel/body-text.ts";
import type { HttpResponse } from "../kernel/http.ts";

const LARGEST_BYTES = 64 * 1024;

/** What an identity provider answered as text; undefined when it is more than 64 kB. */
export function issuerText(response: Pick<HttpResponse, "body">): Promise<string | undefined> {
  return bodyText(response, LARGEST_BYTES);
}

export const TIMEOUT = "timeout";
export const CONNECT_TIMEOUT = "connect timeout";
export const PROXY = "proxy";

/** What the system calls the failure of a request; a deadline that passed, or a proxy that failed, is one of those above. */
export function failureCode(thrown: unknown): string | undefined {
  return codeOf(thrown, DEPTH);
}

const DEPTH = 4;

/** It may stand on a cause, or on the first of several attempts to connect. */
function codeOf(thrown: unknown, depth: number): string | undefined {
  if (depth === 0 || typeof thrown !== "object" || thrown === null) return undefined;
  if ("name" in thrown && thrown.name === "TimeoutError") return "phase" in thrown && thrown.phase === "connect" ? CONNECT_TIMEOUT : TIMEOUT;
  if ("name" in thrown && thrown.name === "ProxyError") return PROXY;
  if ("code" in thrown && typeof thrown.code === "string" && /^[\w ]{1,60}$/.test(thrown.code)) return thrown.code;
  const inner = "cause" in thrown ? codeOf(thrown.cause, depth - 1) : undefined;
  return inner ?? ("errors" in thrown && Array.isArray(thrown.errors) ? codeOf(thrown.errors[0], depth - 1) : undefined);
}
