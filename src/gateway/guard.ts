import type { ServedRequest } from "../kernel/server-machine.ts";

/** What a request says of itself that decides whether it is looked at. Header names in lower case. */
export interface Passport {
  /** The path alone, as in the request line. */
  readonly path: string;
  readonly query: string;
  readonly headers: HeaderLookup;
  /** The key that the client sent; undefined where it sent none, or two that are not the same. */
  readonly key: string | undefined;
}

/** By names in lower case. Of several of one name, the last. */
export interface HeaderLookup {
  get(name: string): string | undefined;
  has(name: string): boolean;
}

export type Guarded = { readonly kind: "passed"; readonly passport: Passport } | { readonly kind: "refused"; readonly refusal: Refused };

/** `hint` goes to who sends requests, so it says nothing of what is configured. */
export interface Refused {
  readonly status: number;
  readonly type:
    | "authentication"
    | "permission"
    | "invalid_request"
    | "not_found"
    | "too_large"
    | "rate_limit"
    | "overloaded"
    | "upstream"
    | "timeout"
    | "internal";
  readonly message: string;
  readonly code?: string;
  readonly retryAfterMs?: number;
}

/** Any of them, and all alike. Never a parameter of the address: that would stand in logs. */
const KEY_HEADERS = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];
/** Two of one of these are two opinions on one matter. */
const SINGLE_HEADERS = new Set([...KEY_HEADERS, "host", "content-type", "content-length", "content-encoding", "transfer-encoding", "origin"]);
const HOST = /^(?:[A-Za-z0-9.-]+|\[[A-Fa-f0-9:.]+\])(?::\d{1,5})?$/;

/**
 * What a web page, a name that was bent to this machine, or a proxy that reads differently than we do could try. The path comes from the request
 * line alone: nothing is made of the Host header. `isOurs`: whether this gateway may be called by that host, in lower case and with its port.
 */
export function guard(request: ServedRequest, isOurs: (host: string) => boolean): Guarded {
  const headers = new HeaderList();
  for (let i = 0; i + 1 < request.headers.length; i += 2) {
    const name = (request.headers[i] ?? "").toLowerCase();
    if (name.startsWith(":")) return refuse(431, "invalid_request", "too many headers");
    if (headers.has(name) && SINGLE_HEADERS.has(name)) return refuse(400, "invalid_request", `two ${name} headers`);
    headers.set(name, request.headers[i + 1] ?? "");
  }
  const { target } = request;
  if (request.httpVersion !== "1.1") return refuse(400, "invalid_request", "only HTTP/1.1 is spoken here");
  if (!target.startsWith("/") || target.startsWith("//")) return refuse(400, "invalid_request", "the request line must name a path");
  const host = headers.get("host") ?? "";
  if (!HOST.test(host) || !isOurs(host.toLowerCase())) return refuse(421, "invalid_request", "this gateway does not answer by that name");
  if (headers.has("origin")) return refuse(403, "permission", "web pages may not ask this gateway");
  const site = headers.get("sec-fetch-site");
  if (site !== undefined && site !== "none" && site !== "same-origin") return refuse(403, "permission", "web pages may not ask this gateway");
  if (headers.has("upgrade")) return refuse(400, "invalid_request", "no other protocol is spoken here");
  const mark = target.search(/[?#]/);
  const path = mark === -1 ? target : target.slice(0, mark);
  return { kind: "passed", passport: { path, query: mark === -1 ? "" : target.slice(mark + 1), headers, key: keyIn(headers) } };
}

const JSON_TYPE = "application/json";

/** Whether the body, if there is one, may be read. */
export function bodyRefusal({ headers }: Pick<Passport, "headers">): Refused | undefined {
  const stated = headers.get("content-type") ?? "";
  if (stated !== JSON_TYPE && stated.split(";")[0]?.trim().toLowerCase() !== JSON_TYPE)
    return { status: 415, type: "invalid_request", message: "the body must be application/json" };
  const encoding = (headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  // Node undoes the pieces of a body alone, whatever else is named beside them.
  const transfer = (headers.get("transfer-encoding") ?? "chunked").trim().toLowerCase();
  if (encoding !== "identity" || transfer !== "chunked") return { status: 415, type: "invalid_request", message: "the body must not be compressed" };
  return undefined;
}

/** A few, so they are looked through: to put each into a Map takes longer. */
class HeaderList implements HeaderLookup {
  readonly #names: string[] = [];
  readonly #values: string[] = [];

  get(name: string): string | undefined {
    for (let i = this.#names.length - 1; i >= 0; i--) if (this.#names[i] === name) return this.#values[i];
    return undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  set(name: string, value: string): void {
    this.#names.push(name);
    this.#values.push(value);
  }
}

function keyIn(headers: HeaderLookup): string | undefined {
  let found: string | undefined;
  for (const name of KEY_HEADERS) {
    const written = headers.get(name);
    if (written === undefined) continue;
    const value = (name === "authorization" ? bearer(written) : written.trim()) ?? "";
    if (value === "" || (found !== undefined && found !== value)) return undefined;
    found = value;
  }
  return found;
}

function bearer(value: string): string | undefined {
  return /^Bearer +(\S+)$/i.exec(value.trim())?.[1];
}

function refuse(status: number, type: Refused["type"], message: string): Guarded {
  return { kind: "refused", refusal: { status, type, message } };
}
