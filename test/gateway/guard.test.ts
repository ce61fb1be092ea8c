import { describe, expect, test } from "vitest";
import { bodyRefusal, guard } from "../../src/gateway/guard.ts";
import { hostRule } from "../../src/gateway/host-names.ts";
import type { ServedRequest } from "../../src/kernel/server-machine.ts";

const isOurs = hostRule({ addresses: ["127.0.0.1", "::1"], port: 4100, names: [] });

function request(headers: readonly (readonly [string, string])[], more: Partial<ServedRequest> = {}): ServedRequest {
  const signal = new AbortController().signal;
  return { method: "GET", target: "/v1/models", httpVersion: "1.1", headers: headers.flat(), readBody: async () => ({ kind: "gone" }), signal, ...more };
}

const HOST = ["Host", "127.0.0.1:4100"] as const;

function statusOf(headers: readonly (readonly [string, string])[], more: Partial<ServedRequest> = {}): number {
  const guarded = guard(request(headers, more), isOurs);
  return guarded.kind === "passed" ? 200 : guarded.refusal.status;
}

test.each([
  ["an own name", [HOST], {}, 200],
  ["the path of the request line is what counts", [["Host", "x/healthz?"]], {}, 421],
  ["a name that leads here is not ours", [["Host", "bent.example:4100"]], {}, 421],
  ["another port", [["Host", "127.0.0.1:4101"]], {}, 421],
  ["two hosts", [HOST, HOST], {}, 400],
  ["no host", [], {}, 421],
  ["an old version", [HOST], { httpVersion: "1.0" }, 400],
  ["an absolute address", [HOST], { target: "http://127.0.0.1:4100/v1/models" }, 400],
  ["two slashes", [HOST], { target: "//evil.example/" }, 400],
  ["any origin", [HOST, ["Origin", "http://127.0.0.1:4100"]], {}, 403],
  ["a page of the same site", [HOST, ["Sec-Fetch-Site", "same-site"]], {}, 403],
  ["a typed address", [HOST, ["Sec-Fetch-Site", "none"]], {}, 200],
  ["an upgrade", [HOST, ["Upgrade", "websocket"]], {}, 400],
  ["two keys of one header", [HOST, ["X-Api-Key", "a"], ["x-api-key", "a"]], {}, 400],
] as const)("%s", (_, headers, more, status) => {
  expect(statusOf(headers, more)).toBe(status);
});

describe("the key", () => {
  const keyOf = (...headers: (readonly [string, string])[]): string | undefined => {
    const guarded = guard(request([HOST, ...headers]), isOurs);
    return guarded.kind === "passed" ? guarded.passport.key : "refused";
  };

  test("is one and the same in every header that has one", () => {
    expect(keyOf(["Authorization", "Bearer k"])).toBe("k");
    expect(keyOf(["x-goog-api-key", "k"], ["api-key", "k"])).toBe("k");
    expect(keyOf(["Authorization", "Bearer k"], ["x-api-key", "other"])).toBe(undefined);
    expect(keyOf(["Authorization", "Basic k"])).toBe(undefined);
    expect(keyOf(["Authorization", "Bearer a b"])).toBe(undefined);
    expect(keyOf()).toBe(undefined);
  });

  test("is not looked for in the address", () => {
    const guarded = guard(request([HOST], { target: "/v1/models?key=k" }), isOurs);
    expect(guarded).toMatchObject({ passport: { path: "/v1/models", query: "key=k", key: undefined } });
  });
});

test("a body is JSON and nothing else", () => {
  const of = (type: string, more: Readonly<Record<string, string>> = {}) =>
    bodyRefusal({ headers: new Map([["content-type", type], ...Object.entries(more)]) })?.status;
  expect([
    of("application/json"),
    of("Application/JSON; charset=utf-8"),
    of("text/plain"),
    of("application/json", { "content-encoding": "gzip" }),
    of("application/json", { "content-encoding": "identity" }),
    of("application/json", { "transfer-encoding": "Chunked" }),
    of("application/json", { "transfer-encoding": "gzip, chunked" }),
  ]).toEqual([undefined, undefined, 415, 415, undefined, undefined, 415]);
});

test("where every address is listened at, an address in digits is ours and a name is not", () => {
  const open = hostRule({ addresses: ["0.0.0.0"], port: 4100, names: ["box.lan"] });
  expect(["192.168.1.5:4100", "[fd00::1]:4100", "box.lan:4100", "localhost:4100", "evil.example:4100", "192.168.1.5:80"].map(open)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(["192.168.1.5:4100", "[::1]:4100"].map(isOurs)).toEqual([false, true]);
});
