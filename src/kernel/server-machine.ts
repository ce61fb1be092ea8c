import type { StopSignal } from "./stop-signal.ts";

/** What serving asks of the machine. */
export interface ServerMachine {
  /** Answers until it is stopped. Throws GATEWAY_PORT_TAKEN, GATEWAY_LISTEN_FAILED. */
  serve(options: ServeOptions, answer: Answerer): Promise<Serving>;
  /** So many random bytes as base64url. */
  randomToken(bytes: number): string;
  /** Lower-case hexadecimal SHA-256 of the UTF-8 bytes; for a secret on every request. */
  digest(text: string): string;
  /** Takes as long whether the two are the same or not. */
  isSameDigest(one: string, other: string): boolean;
  /** Resolves at the first SIGTERM or SIGINT, and when the process met an error that nobody caught. A second signal ends the process at once. */
  stopAsked(): Promise<StopCause>;
  /** Calls back after so many milliseconds, unless the function that it gives is called first. Holds no process. */
  after(ms: number, act: () => void): () => void;
  /** A line on stderr. Lines are gathered for some milliseconds: `flushLog` sends them off. */
  log(line: string): void;
  flushLog(): void;
  /** What the process holds of the machine's memory. */
  memoryBytes(): number;
  readonly pid: number;
}

/** `fault`: an error of ours that nobody caught; no more requests are to be taken. */
export type StopCause = { readonly kind: "signal" } | { readonly kind: "fault"; readonly error: unknown };

export interface ServeOptions {
  /** Literal addresses, the first of which names the `url`. One that this machine does not have is left out, but for the first. */
  readonly hosts: readonly string[];
  /** 0: any that is free. */
  readonly port: number;
  readonly limits: ServeLimits;
}

export interface ServeLimits {
  readonly connections: number;
  readonly headerBytes: number;
  readonly headers: number;
  readonly headersMs: number;
  readonly requestMs: number;
  readonly keepAliveMs: number;
  readonly requestsPerConnection: number;
}

/** A request as it came. */
export interface ServedRequest {
  readonly method: string;
  /** Path and query, as in the request line. */
  readonly target: string;
  readonly httpVersion: string;
  /** A name, its value, the next name, in order; names as they were written. */
  readonly headers: readonly string[];
  /** Once. */
  readBody(maxBytes: number): Promise<BodyRead>;
  /** Fires when the client has gone before the answer's end. */
  readonly signal: StopSignal;
}

export type BodyRead =
  /** `bytes`: the same, where each byte is one character of the text. */
  | { readonly kind: "text"; readonly text: string; readonly bytes?: Uint8Array }
  | { readonly kind: "too_large" }
  /** No UTF-8. */
  | { readonly kind: "not_text" }
  | { readonly kind: "gone" };

export interface ServedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** An iterable that throws ends the connection, so that nobody takes the part for the whole. It is read only as fast as the client reads. */
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Called once, whatever became of it. */
  readonly whenOver?: (how: "sent" | "gone") => void;
}

export type Answerer = (request: ServedRequest) => Promise<ServedResponse>;

export interface Serving {
  /** "http://127.0.0.1:4100": no path, no slash at its end. */
  readonly url: string;
  readonly port: number;
  /** The addresses that it listens at. */
  readonly hosts: readonly string[];
  /** Takes no new connections; resolves when all answers were given ("done"), or after `graceMs` ("late"). */
  drain(graceMs: number): Promise<"done" | "late">;
  /** Ends every connection. */
  close(): Promise<void>;
}
