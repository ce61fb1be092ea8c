import type { HeaderLookup } from "./guard.ts";
import type { Dialect } from "./dialect.ts";
import type { WholeKind } from "../routing/whole-answer.ts";

/** A path that asks a model. */
export interface Endpoint {
  readonly dialect: Dialect;
  /** What comes back where no stream was asked for. */
  readonly awaits: WholeKind;
  /** A stream may be asked for. */
  readonly mayStream: boolean;
  /** Behind the path of the format's own call. */
  readonly pathBehind?: string;
}

export type Read = "models" | "model" | "health" | "status" | "metrics";

export type Routed =
  | { readonly kind: "endpoint"; readonly name: string; readonly endpoint: Endpoint }
  | { readonly kind: "read"; readonly name: string; readonly read: Read; readonly rest: string }
  | { readonly kind: "wrong method"; readonly name: string; readonly allowed: string }
  | { readonly kind: "nothing" };

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ["/v1/chat/completions", { dialect: "openai-chat", awaits: "answer", mayStream: true }],
  ["/v1/responses", { dialect: "openai-responses", awaits: "answer", mayStream: true }],
  ["/v1/embeddings", { dialect: "openai-chat", awaits: "vectors", mayStream: false }],
  ["/v1/messages", { dialect: "anthropic-messages", awaits: "answer", mayStream: true }],
  ["/v1/messages/count_tokens", { dialect: "anthropic-messages", awaits: "token count", mayStream: false, pathBehind: "/count_tokens" }],
]);

const READS: ReadonlyMap<string, Read> = new Map([
  ["/v1/models", "models"],
  ["/healthz", "health"],
  ["/v1/status", "status"],
  ["/metrics", "metrics"],
]);

const MODEL = "/v1/models/";

/** By the method and the path alone. `name` is one of few: it may stand in logs and metrics. */
export function routeRequest(method: string, path: string): Routed {
  const endpoint = ENDPOINTS.get(path);
  if (endpoint !== undefined) return method === "POST" ? { kind: "endpoint", name: path, endpoint } : { kind: "wrong method", name: path, allowed: "POST" };
  const read = READS.get(path) ?? (path.startsWith(MODEL) && path.length > MODEL.length ? "model" : undefined);
  if (read === undefined) return { kind: "nothing" };
  const name = read === "model" ? "/v1/models/{id}" : path;
  return method === "GET" ? { kind: "read", name, read, rest: path.slice(MODEL.length) } : { kind: "wrong method", name, allowed: "GET" };
}

/** In whose words an error is told, before it is known what was wanted. */
export function dialectOf(path: string, headers: HeaderLookup): Dialect {
  if (path.startsWith("/v1/messages") || headers.has("anthropic-version")) return "anthropic-messages";
  return path === "/v1/responses" ? "openai-responses" : "openai-chat";
}
