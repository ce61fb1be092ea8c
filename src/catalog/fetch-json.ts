import { AppError } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { type HttpResponse, PROXY_FAILED } from "../kernel/http.ts";

const MAX_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/** How a server recognises what it sent before. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export type Fetched = { readonly kind: "unchanged" } | { readonly kind: "fresh"; readonly value: unknown; readonly validators: Validators };

/** One conditional GET, without redirects, at most 16 MB and one minute. Throws CATALOG_FETCH_FAILED and CATALOG_REJECTED. */
export async function fetchJson(host: Host, url: string, known: Validators): Promise<Fetched> {
  const shown = shownUrl(url);
  const response = await answer(host, url, shown, known);
  if (response.status === 304) return { kind: "unchanged" };
  if (response.status >= 300 && response.status < 400) throw redirected(shown, response.headers["location"]);
  if (response.status !== 200) throw failed(shown, `the server answered ${response.status}`);
  const text = await bodyText(response, shown);
  const { etag, "last-modified": lastModified } = response.headers;
  const validators = { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
  return { kind: "fresh", value: parseAnswer(text, shown), validators };
}

/** JSON of a file or an answer. Throws CATALOG_REJECTED. */
export function parseAnswer(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw rejected(from, text.trimStart().startsWith("<") ? "it is a web page" : "it is not JSON, or was cut off", cause);
  }
}

/** `from`: a web address, or else the whole path of a file. */
export function rejected(from: string, reason: string, cause?: unknown): AppError {
  const isAddress = /^https?:\/\//.test(from);
  const check = isAddress ? "Check the address." : "Check the file: it has to be a whole answer of models.dev/api.json or openrouter.ai/api/v1/models.";
  return new AppError("CATALOG_REJECTED", `${isAddress ? `what ${from} offers` : from} is not taken in: ${reason}`, {
    hint: `The catalogue that you have stays. ${check}`,
    cause,
  });
}

/** A web address without what may be a secret in it. Throws USAGE for anything else. */
export function shownUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || (parsed.protocol !== "https:" && parsed.protocol !== "http:")) {
    throw new AppError("USAGE", `"${url}" is not a web address`, { hint: "Write it with https://, or give a file with --file." });
  }
  if (parsed.username !== "" || parsed.password !== "")
    throw new AppError("USAGE", "the address of a catalogue must not hold a password", {
      hint: "Use an address that needs none, or fetch it yourself and give the file with --file.",
    });
  return `${parsed.origin}${parsed.pathname}`;
}

async function answer(host: Host, url: string, shown: string, { etag, lastModified }: Validators): Promise<HttpResponse> {
  const conditions = { ...(etag !== undefined && { "if-none-match": etag }), ...(lastModified !== undefined && { "if-modified-since": lastModified }) };
  try {
    return await host.http(
      { method: "GET", url, headers: { accept: "application/json", "user-agent": "signalbox", ...conditions } },
      AbortSignal.timeout(TIMEOUT_MS),
    );
  } catch (cause) {
    throw failed(shown, networkReason(cause), cause);
  }
}

async function bodyText({ headers, body }: HttpResponse, shown: string): Promise<string> {
  if (Number(headers["content-length"]) > MAX_BYTES) throw rejected(shown, "it is larger than 16 MB");
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BYTES) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw failed(shown, networkReason(cause), cause);
  }
  if (bytes > MAX_BYTES) throw rejected(shown, "it is larger than 16 MB");
  return decoded(chunks, shown);
}

function decoded(chunks: readonly Uint8Array[], shown: string): string {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
  } catch (cause) {
    throw rejected(shown, "it is not UTF-8 text", cause);
  }
}

function failed(shown: string, reason: string, cause?: unknown): AppError {
  return new AppError("CATALOG_FETCH_FAILED", `${shown} could not be fetched: ${reason}`, {
    hint: "The catalogue that you have stays. Try again later, or take in a file with `{cli} models refresh --file <path>`.",
    cause,
  });
}

function redirected(shown: string, location: string | undefined): AppError {
  const target = location === undefined || !URL.canParse(location, shown) ? "another address" : new URL(location, shown).href.slice(0, 300);
  return new AppError("CATALOG_FETCH_FAILED", `${shown} sends on to ${target}`, {
    hint: "Redirects are not followed. If you trust that address, give it with --url.",
  });
}

/** The system's own word for what went wrong; messages of the network may hold more than we want to show. */
function networkReason(cause: unknown): string {
  const { code, name } = cause as { code?: unknown; name?: unknown };
  if (name === "TimeoutError") return "no answer within a minute";
  if (name === "ProxyError") return PROXY_FAILED;
  return typeof code === "string" ? code : "the connection failed";
}
