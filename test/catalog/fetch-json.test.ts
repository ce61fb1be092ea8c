import { describe, expect, test } from "vitest";
import { fetchJson, shownUrl } from "../../src/catalog/fetch-json.ts";
import type { HttpResponse } from "../../src/kernel/http.ts";
import { fakeHost, response } from "../support/fake-host.ts";

const ADDRESS = "https://mirror.example/api.json?key=hidden";

const ask = (answer: HttpResponse | (() => never), known = {}) => {
  const host = fakeHost({ http: () => (typeof answer === "function" ? answer() : answer) });
  return { host, fetched: fetchJson(host, ADDRESS, known) };
};

function fails(code: string, name = "Error"): () => never {
  return () => {
    throw Object.assign(new Error(`secret detail of ${ADDRESS}`), { code, name });
  };
}

async function* chunks(count: number, bytes: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield new Uint8Array(bytes).fill(32);
}

async function* brokenOff(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('{"a":');
  throw Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });
}

describe("one conditional GET", () => {
  test("gives the value and how to ask for it the next time", async () => {
    const { host, fetched } = ask(response(200, '{"a":1}', { etag: '"x"', "last-modified": "Sat, 21 Nov 2026 08:00:00 GMT" }));
    expect(await fetched).toEqual({ kind: "fresh", value: { a: 1 }, validators: { etag: '"x"', lastModified: "Sat, 21 Nov 2026 08:00:00 GMT" } });
    expect(host.asked).toEqual([{ method: "GET", url: ADDRESS, headers: { accept: "application/json", "user-agent": "signalbox" } }]);
  });

  test("says what it has, and is told that nothing changed", async () => {
    const { host, fetched } = ask(response(304), { etag: '"x"', lastModified: "yesterday" });
    expect(await fetched).toEqual({ kind: "unchanged" });
    expect(host.asked[0]?.headers).toMatchObject({ "if-none-match": '"x"', "if-modified-since": "yesterday" });
  });

  test.each([
    ["a server's fault", response(500, "<html>oops</html>"), "CATALOG_FETCH_FAILED", "answered 500"],
    ["a refusal", response(403, "{}"), "CATALOG_FETCH_FAILED", "answered 403"],
    ["an answer that is there and not there", response(204), "CATALOG_FETCH_FAILED", "answered 204"],
    ["a redirect", response(302, "", { location: "https://evil.example/x" }), "CATALOG_FETCH_FAILED", "sends on to https://evil.example/x"],
    ["a redirect to nowhere", response(301), "CATALOG_FETCH_FAILED", "sends on to another address"],
    ["a web page", response(200, "<!doctype html><title>Sign in</title>"), "CATALOG_REJECTED", "a web page"],
    ["something cut off", response(200, '{"groq": {"mod'), "CATALOG_REJECTED", "cut off"],
    ["nothing", response(200, ""), "CATALOG_REJECTED", "cut off"],
    ["something too large that says so", response(200, "{}", { "content-length": "17000000" }), "CATALOG_REJECTED", "larger than 16 MB"],
    ["something too large that does not say so", { status: 200, headers: {}, body: chunks(20, 1024 * 1024) }, "CATALOG_REJECTED", "larger than 16 MB"],
    [
      "what is not text",
      {
        status: 200,
        headers: {},
        body: (async function* () {
          yield new Uint8Array([0x7b, 0xff, 0xfe]);
        })(),
      },
      "CATALOG_REJECTED",
      "not UTF-8",
    ],
    ["a connection that breaks off", { status: 200, headers: {}, body: brokenOff() }, "CATALOG_FETCH_FAILED", "UND_ERR_SOCKET"],
    ["no such host", fails("ENOTFOUND"), "CATALOG_FETCH_FAILED", "ENOTFOUND"],
    ["a dead proxy", fails("", "ProxyError"), "CATALOG_FETCH_FAILED", "could not be fetched: the proxy on the way failed (see HTTPS_PROXY"],
    ["no answer in time", fails("", "TimeoutError"), "CATALOG_FETCH_FAILED", "within a minute"],
  ])("%s is an error that names itself, and no secret", async (_, answer, code, says) => {
    const error = await ask(answer as HttpResponse).fetched.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(says) });
    expect(JSON.stringify([(error as Error).message, (error as { hint: string }).hint])).not.toMatch(/hidden|secret detail/);
  });
});

test.each(["", "models.dev", "ftp://models.dev/x", "file:///etc/passwd", "javascript:alert(1)"])("%j is no address", (url) => {
  expect(() => shownUrl(url)).toThrow(expect.objectContaining({ code: "USAGE" }));
});

test("an address is shown without its query, and with a password it is refused", () => {
  expect(shownUrl(ADDRESS)).toBe("https://mirror.example/api.json");
  expect(() => shownUrl("https://me:pass@mirror.example/")).toThrow(expect.objectContaining({ code: "USAGE", message: expect.not.stringContaining("pass@") }));
});
