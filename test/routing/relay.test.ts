import { describe, expect, test } from "vitest";
import { receiveBody } from "../../src/host/received-body.ts";
import { startPhases } from "../../src/host/phases.ts";
import { type HttpResponse, USUAL_DEADLINES } from "../../src/kernel/http.ts";
import { Stop } from "../../src/kernel/stop-signal.ts";
import { protocols } from "../../src/protocols/index.ts";
import { defineProvider } from "../../src/provider/provider.ts";
import { relay } from "../../src/routing/relay.ts";
import type { RelayCall } from "../../src/routing/relay-call.ts";
import { fakeHost } from "../support/fake-host.ts";

const provider = defineProvider({
  id: "lab",
  label: "Lab",
  protocol: "openai-chat",
  baseUrl: "https://lab.example/v1",
  auth: [],
  docs: "",
  quirks: {},
  source: { url: "", checkedOn: "" },
});
const utf8 = { of: (text: string) => new TextEncoder().encode(text), text: (bytes: Uint8Array) => new TextDecoder().decode(bytes) };
const CHAT = JSON.stringify({
  id: "c",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3 },
});
const STREAM = `data: ${JSON.stringify({ id: "c", choices: [{ index: 0, delta: { content: "Hi." }, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`;
const LIMITED = JSON.stringify({ error: { message: "Too much at once.", type: "rate_limit_error", code: "rate_limit_exceeded" } });

interface Answer {
  readonly pieces: readonly string[];
  readonly status?: number;
  readonly type?: string;
  /** All of it is there with the headers, or all but its end; or it breaks off behind what came. */
  readonly came: "whole" | "in parts" | "and broke off";
}

function responseOf({ pieces, status = 200, type = "application/json", came }: Answer): HttpResponse {
  const body = receiveBody(startPhases(USUAL_DEADLINES, new Stop()));
  for (const piece of pieces) body.push(utf8.of(piece));
  const end = (): void => body.end();
  if (came === "whole") end();
  else if (came === "in parts") setImmediate(end);
  else body.fail(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
  return { status, headers: { "content-type": type }, body: body.bytes };
}

/** What a client has of it, and how it ended; or why somebody else is to be asked. */
async function told(answer: Answer, more: Partial<RelayCall> = {}): Promise<unknown> {
  const host = fakeHost({ http: () => responseOf(answer) });
  const tried = await relay(host, {
    protocol: protocols["openai-chat"],
    provider,
    request: { method: "POST", url: "https://lab.example/v1/chat/completions", headers: {}, body: "{}" },
    credential: undefined,
    awaits: "answer",
    firstTokenMs: 1000,
    bufferBytes: 10_000,
    after: () => () => undefined,
    ends: { error: () => utf8.of("!"), last: utf8.of("") },
    ...more,
  });
  if (tried.kind === "refused") return { reason: tried.failure.reason, status: tried.failure.status };
  if (tried.kind !== "opened") return tried;
  const { body, over } = tried.value;
  let text = "";
  if (body instanceof Uint8Array) text = utf8.text(body);
  else for await (const piece of body) text += utf8.text(piece);
  return { text, end: await over };
}

/** Nobody can tell whether it came at once or piece by piece. */
describe.each(["whole", "in parts"] as const)("an answer that came %s", (came) => {
  test.each([[[CHAT]], [[CHAT.slice(0, 20), CHAT.slice(20)]]])("is judged and handed over: %#", async (pieces) => {
    expect(await told({ pieces, came })).toEqual({ text: CHAT, end: { kind: "answered", usage: { inputTokens: 3 }, droppedCount: 0 } });
  });

  test("that is longer than what is held back is passed on, to its end", async () => {
    expect(await told({ pieces: [CHAT.slice(0, 20), CHAT.slice(20)], came }, { bufferBytes: 30 })).toMatchObject({ text: CHAT, end: { kind: "answered" } });
  });

  test("that is none is a refusal: an error with a good status, nothing at all, a page", async () => {
    expect(await told({ pieces: [LIMITED], came })).toEqual({ reason: "rate_limit", status: 200 });
    expect(await told({ pieces: [], came })).toEqual({ reason: "unknown", status: 200 });
    expect(await told({ pieces: ["<html>"], type: "text/html", came })).toEqual({ reason: "network", status: 200 });
  });

  test("that refuses is read for what it says", async () => {
    expect(await told({ pieces: [LIMITED], status: 429, came })).toEqual({ reason: "rate_limit", status: 429 });
  });

  test("as a stream is passed on where one was asked for, and is no answer where none was", async () => {
    const answer = { pieces: [STREAM.slice(0, 9), STREAM.slice(9)], type: "text/event-stream", came };
    expect(await told(answer, { awaits: "stream" })).toMatchObject({ text: STREAM, end: { kind: "answered" } });
    expect(await told(answer)).toEqual({ reason: "unknown", status: 200 });
    expect(await told({ pieces: [CHAT], came }, { awaits: "stream" })).toEqual({ reason: "unknown", status: 200 });
  });
});

test("an answer that broke off before anybody read it is a failure of the network", async () => {
  expect(await told({ pieces: [CHAT], came: "and broke off" })).toEqual({ reason: "network", status: 200 });
});
