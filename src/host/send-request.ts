import { EnvHttpProxyAgent, request as undiciRequest } from "undici";
import type { HttpRequest, HttpResponse } from "../kernel/http.ts";

let agent: EnvHttpProxyAgent | undefined;

/** Sends one request. Redirects are handed back, not followed: a credential never travels to a host that was not asked for. */
export async function sendRequest(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  agent ??= new EnvHttpProxyAgent({ connect: { timeout: 10_000 }, headersTimeout: 60_000, bodyTimeout: 60_000 });
  const answer = await undiciRequest(request.url, {
    method: request.method,
    headers: request.headers,
    body: request.body ?? null,
    dispatcher: agent,
    signal,
  });
  return { status: answer.statusCode, headers: flatten(answer.headers), body: answer.body };
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}
