import { describe, expect, test } from "vitest";
import { deadlinePassed, failureOfThrown } from "../../src/protocols/thrown.ts";

const coded = (code: string, more: object = {}): Error => Object.assign(new Error("it broke"), { code, ...more });
const classOf = (thrown: unknown): string => {
  const { reason, detail } = failureOfThrown(thrown);
  return detail === undefined ? reason : `${reason} ${detail}`;
};

/** What Node 20 and undici 7 throw for each fault on loopback, and what it is called. */
const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "network refused",
  ENOTFOUND: "network dns",
  EAI_AGAIN: "network dns",
  ECONNRESET: "network reset",
  EPIPE: "network reset",
  UND_ERR_SOCKET: "network reset",
  ENETUNREACH: "network unreachable",
  EHOSTUNREACH: "network unreachable",
  EPROTO: "network tls",
  DEPTH_ZERO_SELF_SIGNED_CERT: "network tls",
  CERT_HAS_EXPIRED: "network tls",
  ERR_TLS_CERT_ALTNAME_INVALID: "network tls",
  ERR_SSL_WRONG_VERSION_NUMBER: "network tls",
  ETIMEDOUT: "timeout connect",
  UND_ERR_CONNECT_TIMEOUT: "timeout connect",
  UND_ERR_HEADERS_TIMEOUT: "timeout first_byte",
  UND_ERR_BODY_TIMEOUT: "timeout idle",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "network cut",
  UND_ERR_HEADERS_OVERFLOW: "format answer_too_large",
  HPE_HEADER_OVERFLOW: "format answer_too_large",
  HPE_INVALID_CONSTANT: "unknown unreadable",
  Z_DATA_ERROR: "unknown unreadable",
};

test.each(Object.entries(CODES))("%s is called %s", (code, expected) => {
  expect(classOf(coded(code))).toBe(expected);
});

describe("a code", () => {
  test("is found on the cause", () => {
    expect(failureOfThrown(new TypeError("fetch failed", { cause: coded("ECONNREFUSED") }))).toEqual({
      reason: "network",
      detail: "refused",
      code: "ECONNREFUSED",
      rule: "thrown/ECONNREFUSED",
    });
  });

  test("is found on the first of several attempts to connect", () => {
    expect(classOf(new AggregateError([coded("ECONNREFUSED"), coded("ENETUNREACH")]))).toBe("network refused");
  });

  test("of a proxy says nothing about the vendor's address", () => {
    expect(failureOfThrown(Object.assign(new Error("no", { cause: coded("ECONNREFUSED") }), { name: "ProxyError" }))).toEqual({
      reason: "network",
      detail: "proxy",
      code: "ECONNREFUSED",
      rule: "thrown/ECONNREFUSED",
    });
  });

  test("is not needed to know what is no HTTP", () => {
    expect(classOf(Object.assign(new Error("Response does not match the HTTP/1.1 protocol"), { name: "HTTPParserError", code: undefined }))).toBe(
      "unknown unreadable",
    );
  });

  test("that nobody knows stays visible", () => {
    expect(failureOfThrown(coded("EWHATEVER"))).toEqual({ reason: "unknown", code: "EWHATEVER", rule: "thrown/EWHATEVER" });
    expect(failureOfThrown(coded("toString"))).toMatchObject({ reason: "unknown", code: "toString" });
  });
});

describe("the end of a call by its caller", () => {
  test("is a timeout when a deadline passed, by its phase", () => {
    expect(classOf(deadlinePassed("idle"))).toBe("timeout idle");
    expect(classOf(deadlinePassed("first_byte"))).toBe("timeout first_byte");
    expect(classOf(new DOMException("the operation timed out", "TimeoutError"))).toBe("timeout total");
  });

  test("is no failure of anybody when the caller has gone", () => {
    expect(classOf(new DOMException("aborted", "AbortError"))).toBe("cancelled");
    expect(classOf(Object.assign(new Error("aborted"), { name: "AbortError", code: "UND_ERR_ABORTED" }))).toBe("cancelled");
  });
});

test("what is no error at all is unknown, and a circle of causes ends", () => {
  const circle: { cause?: unknown } = {};
  circle.cause = circle;
  for (const thrown of [undefined, null, "text", 7, circle]) expect(failureOfThrown(thrown)).toEqual({ reason: "unknown", rule: "thrown/none" });
});
