import { FAILURE_DETAILS, type FailureDetail, type FailureReason, type UpstreamFailure } from "../chat/failure.ts";
import { at, listAt, textAt } from "../kernel/json-value.ts";

type Named = readonly [FailureReason, FailureDetail?];

/** Error codes of Node, of libuv and of undici, and what they say about the way to a vendor. */
const BY_CODE: Readonly<Record<string, Named>> = {
  ECONNREFUSED: ["network", "refused"],
  ENOTFOUND: ["network", "dns"],
  EAI_AGAIN: ["network", "dns"],
  EAI_FAIL: ["network", "dns"],
  EAI_NODATA: ["network", "dns"],
  EAI_NONAME: ["network", "dns"],
  ECONNRESET: ["network", "reset"],
  ECONNABORTED: ["network", "reset"],
  EPIPE: ["network", "reset"],
  UND_ERR_SOCKET: ["network", "reset"],
  UND_ERR_CLOSED: ["network", "reset"],
  UND_ERR_DESTROYED: ["network", "reset"],
  ERR_STREAM_PREMATURE_CLOSE: ["network", "cut"],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ["network", "cut"],
  EHOSTUNREACH: ["network", "unreachable"],
  EHOSTDOWN: ["network", "unreachable"],
  ENETUNREACH: ["network", "unreachable"],
  ENETDOWN: ["network", "unreachable"],
  EADDRNOTAVAIL: ["network", "unreachable"],
  UND_ERR_PRX_TLS: ["network", "proxy"],
  EPROTO: ["network", "tls"],
  DEPTH_ZERO_SELF_SIGNED_CERT: ["network", "tls"],
  SELF_SIGNED_CERT_IN_CHAIN: ["network", "tls"],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["network", "tls"],
  UNABLE_TO_GET_ISSUER_CERT: ["network", "tls"],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["network", "tls"],
  HOSTNAME_MISMATCH: ["network", "tls"],
  ETIMEDOUT: ["timeout", "connect"],
  UND_ERR_CONNECT_TIMEOUT: ["timeout", "connect"],
  UND_ERR_HEADERS_TIMEOUT: ["timeout", "first_byte"],
  UND_ERR_BODY_TIMEOUT: ["timeout", "idle"],
  UND_ERR_HEADERS_OVERFLOW: ["format", "answer_too_large"],
  HPE_HEADER_OVERFLOW: ["format", "answer_too_large"],
  UND_ERR_RES_EXCEEDED_MAX_SIZE: ["format", "answer_too_large"],
  Z_DATA_ERROR: ["unknown", "unreadable"],
  Z_BUF_ERROR: ["network", "cut"],
  ABORT_ERR: ["cancelled"],
};

/** What came was no HTTP: another kind of server. */
const NO_HTTP: Named = ["unknown", "unreadable"];

const BY_PREFIX: readonly (readonly [string, Named])[] = [
  ["CERT_", ["network", "tls"]],
  ["ERR_TLS_", ["network", "tls"]],
  ["ERR_SSL_", ["network", "tls"]],
  ["HPE_", NO_HTTP],
];

/** A code may stand on a cause, or on the first of several attempts to connect. Deeper than this it is not looked for. */
const DEPTH = 4;

/**
 * Names what the network threw. A reason with which the caller ended the call keeps its meaning: `TimeoutError` (also with a `phase`, see
 * `deadlinePassed`) is a timeout, `AbortError` is `cancelled`.
 */
export function failureOfThrown(thrown: unknown): UpstreamFailure {
  const { code, named } = nameOf(thrown, DEPTH) ?? { code: undefined, named: ["unknown"] as const };
  const [reason, detail] = named;
  return {
    reason,
    ...(detail === undefined ? {} : { detail }),
    ...(code === undefined ? {} : { code }),
    rule: `thrown/${code ?? "none"}`,
  };
}

/** To abort a call with, so that `failureOfThrown` knows which deadline passed. */
export function deadlinePassed(phase: (typeof FAILURE_DETAILS.timeout)[number]): Error {
  return Object.assign(new Error(`the deadline for ${phase} has passed`), { name: "TimeoutError", phase });
}

function nameOf(thrown: unknown, depth: number): { code: string | undefined; named: Named } | undefined {
  if (depth === 0 || typeof thrown !== "object" || thrown === null) return undefined;
  const name = "name" in thrown ? thrown.name : undefined;
  if (name === "TimeoutError") return { code: undefined, named: ["timeout", phaseOf(thrown)] };
  if (name === "ProxyError") return { code: textAt(thrown, "code") ?? nameOf(at(thrown, "cause"), depth - 1)?.code, named: ["network", "proxy"] };
  if (name === "HTTPParserError" && textAt(thrown, "code") === undefined) return { code: undefined, named: NO_HTTP };
  if (name === "AbortError") return { code: undefined, named: ["cancelled"] };
  const code = textAt(thrown, "code");
  const named = code === undefined ? undefined : namedCode(code);
  if (named !== undefined) return { code, named };
  return (
    nameOf(at(thrown, "cause"), depth - 1) ?? nameOf(listAt(thrown, "errors")[0], depth - 1) ?? (code === undefined ? undefined : { code, named: ["unknown"] })
  );
}

function namedCode(code: string): Named | undefined {
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code];
  return BY_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1];
}

function phaseOf(thrown: object): FailureDetail {
  const stated = at(thrown, "phase");
  return FAILURE_DETAILS.timeout.find((phase) => phase === stated) ?? "total";
}
