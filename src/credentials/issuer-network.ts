import type { HttpResponse } from "../kernel/http.ts";

const LARGEST_BYTES = 64 * 1024;

/** What an identity provider answered as text; undefined when it is more than 64 kB. */
export async function issuerText({ body }: Pick<HttpResponse, "body">): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > LARGEST_BYTES) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

export const TIMEOUT = "timeout";
export const CONNECT_TIMEOUT = "connect timeout";

/** What the system calls the failure of a request; a deadline that passed is one of the two above. */
export function failureCode(thrown: unknown): string | undefined {
  return codeOf(thrown, DEPTH);
}

const DEPTH = 4;

/** It may stand on a cause, or on the first of several attempts to connect. */
function codeOf(thrown: unknown, depth: number): string | undefined {
  if (depth === 0 || typeof thrown !== "object" || thrown === null) return undefined;
  if ("name" in thrown && thrown.name === "TimeoutError") return "phase" in thrown && thrown.phase === "connect" ? CONNECT_TIMEOUT : TIMEOUT;
  if ("code" in thrown && typeof thrown.code === "string" && /^[\w ]{1,60}$/.test(thrown.code)) return thrown.code;
  const inner = "cause" in thrown ? codeOf(thrown.cause, depth - 1) : undefined;
  return inner ?? ("errors" in thrown && Array.isArray(thrown.errors) ? codeOf(thrown.errors[0], depth - 1) : undefined);
}
