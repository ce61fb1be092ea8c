import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChatEvent } from "../../src/chat/event.ts";
import { ask } from "../../src/chat/request.ts";
import { nodeHost } from "../../src/host/node.ts";
import type { HttpDeadlines, HttpRequest } from "../../src/kernel/http.ts";
import { toModelId } from "../../src/kernel/ids.ts";
import { Secret } from "../../src/kernel/secret.ts";
import { protocols } from "../../src/protocols/index.ts";
import { defineProvider, type Provider } from "../../src/provider/provider.ts";
import { attempt, type AttemptResult, type Call } from "../../src/routing/attempt.ts";
import { startVendor, type Vendor } from "../support/vendor-server.mjs";

let vendor: Vendor;
beforeAll(async () => {
  vendor = await startVendor();
});
afterAll(() => vendor.close());

/** What is not about time has enough of it: the machine may be busy. */
const PATIENT: HttpDeadlines = { connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000, totalMs: 20_000 };
const SOON: Readonly<Record<string, Partial<HttpDeadlines>>> = { hang: { firstByteMs: 400 }, stall: { idleMs: 400 }, drip: { idleMs: 400 } };
const LIMITS = { wholeBytes: 1 << 20, eventBytes: 1 << 16, streamBytes: 1 << 20 };

const at = (baseUrl: string): Provider =>
  defineProvider({ id: "lab", label: "Lab", protocol: "openai-chat", baseUrl, auth: [], docs: "", quirks: {}, source: { url: "", checkedOn: "" } });

const host = nodeHost("/nowhere", {
  lookup: (name, _options, done) => {
    done(Object.assign(new Error("not found"), { code: name.startsWith("again") ? "EAI_AGAIN" : "ENOTFOUND" }), "", 4);
  },
});

function callTo(baseUrl: string, more: Partial<Call> = {}): Promise<AttemptResult> {
  const protocol = protocols["openai-chat"];
  const provider = at(baseUrl);
  const encoding = protocol.encode(ask("Hi", { maxOutputTokens: 8 }), toModelId("m"), provider);
  const request = (encoding as { request: HttpRequest }).request;
  return attempt(host, { protocol, provider, request, credential: undefined, deadlines: PATIENT, limits: LIMITS, ...more });
}

/** A word for what came of it. */
async function wordOf(result: AttemptResult): Promise<string> {
  if (result.kind === "withheld") return `withheld: ${result.why}`;
  if (result.kind === "refused") return [result.failure.status, result.failure.reason, result.failure.detail].filter((part) => part !== undefined).join(" ");
  const events: ChatEvent[] = [];
  for await (const event of result.events) events.push(event);
  const end = events.at(-1);
  const text = events.flatMap((event) => (event.kind === "text" ? event.text : [])).join("");
  if (end?.kind === "failed") return `opened "${text}", then ${end.failure.reason}`;
  return `opened "${text}"${end?.kind === "done" && end.isEmpty ? " empty" : ""}`;
}

describe("one call is opened or refused, and never throws", () => {
  test.each([
    ["ok", 'opened "OK"'],
    ["gzip", 'opened "OK"'],
    ["sse", 'opened "OK"'],
    ["sse_crlf", 'opened "OK"'],
    ["sse_split", 'opened "né"'],
    ["sse_error_late", 'opened "O", then overloaded'],
    ["sse_cut", 'opened "O", then network'],
    ["http_1_0", 'opened "OK"'],
    ["early_hints", 'opened "OK"'],
    ["continue_100", "network reset"],
    ["double_headers", 'opened "OK"'],
    ["garbage_after", 'opened "OK"'],
    ["blank", 'opened "" empty'],
    ["auth", "401 auth"],
    ["billing", "429 billing balance"],
    ["rate_limit", "429 rate_limit"],
    ["bad_request", "400 format"],
    ["model_gone", "404 model_not_found"],
    ["not_found", "404 model_not_found address"],
    ["server_error", "500 unknown server"],
    ["bad_gateway", "502 network html"],
    ["overloaded", "503 overloaded"],
    ["html", "200 network html"],
    ["redirect", "307 network redirect"],
    ["reset", "network reset"],
    ["hang", "timeout first_byte"],
    ["stall", "200 timeout idle"],
    ["drip", "200 timeout idle"],
    ["gzip_bomb", "200 format answer_too_large"],
    ["endless_header", "format answer_too_large"],
    ["endless_line", "200 format answer_too_large"],
    ["endless_body", "200 format answer_too_large"],
    ["sse_error", "200 overloaded"],
  ])("%s: %s", async (behaviour, expected) => {
    expect(await wordOf(await callTo(`${vendor.url}/${behaviour}/v1`, { deadlines: { ...PATIENT, ...SOON[behaviour] } }))).toBe(expected);
  });

  test("what lies on the way is told apart: nobody listens, no such name, no TLS", async () => {
    const words = await Promise.all(
      [vendor.goneUrl, "http://nowhere.example/v1", "http://again.example/v1", vendor.tlsUrl].map(async (url) => wordOf(await callTo(url))),
    );
    expect(words).toEqual(["network refused", "network dns", "network dns", "network tls"]);
  });

  test("a caller that goes away ends the call", async () => {
    expect(await wordOf(await callTo(`${vendor.url}/hang/v1`, { signal: AbortSignal.abort() }))).toBe("cancelled");
  });

  test("a redirect is not followed, and a secret travels to the address that was asked for alone", async () => {
    const credential = { kind: "api_key", key: new Secret("lab-attempt-canary-1") } as const;
    await callTo(`${vendor.url}/redirect/v1`, { credential });
    expect(vendor.asked.filter(({ headers }) => headers.authorization === "Bearer lab-attempt-canary-1").map(({ path }) => path)).toEqual([
      "/redirect/v1/chat/completions",
    ]);
  });

  test("a credential that may not be sent is withheld, and nobody is asked", async () => {
    const before = vendor.asked.length;
    const credential = { kind: "token", token: new Secret("sk-ant-oat01-canary-canary") } as const;
    expect(await wordOf(await callTo(`${vendor.url}/ok/v1`, { credential }))).toBe("withheld: is allowed in the vendor's own program only");
    expect(vendor.asked.length).toBe(before);
  });
});
