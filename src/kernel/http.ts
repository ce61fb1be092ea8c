/** What leaves and what comes back, as plain values: only `host/` decides what carries them. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** In place of `body`, where somebody has the bytes: then nobody has to make them. */
  readonly bodyBytes?: Uint8Array;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; several values of one name are joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded, whatever `content-encoding` says. Throws when the network fails or a deadline passes. */
  readonly body: HttpBody;
}

export interface HttpBody extends AsyncIterable<Uint8Array> {
  /** In place of reading: all of it, where it came whole together with the headers, as short answers do. */
  arrived?(): readonly Uint8Array[] | undefined;
}

/**
 * How long each part of a call may take. What ends one is a `TimeoutError` whose `phase` says which: `connect` (name, connection, TLS),
 * `first_byte` (from the last byte sent to the headers), `idle` (between two pieces of the body), `total` (the body was still coming).
 */
export interface HttpDeadlines {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly idleMs: number;
  /** Of all of it, the body included; the phase is then the one that it passed in. */
  readonly totalMs?: number;
}

export const USUAL_DEADLINES: HttpDeadlines = { connectMs: 10_000, firstByteMs: 60_000, idleMs: 60_000 };

/** Said of a `ProxyError`: what is thrown where the environment's proxy, and nobody behind it, could not be asked. */
export const PROXY_FAILED = "the proxy on the way failed (see HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY)";
