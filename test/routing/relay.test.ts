import { describe, expect, test } from "vitest";
import { AnswerCut } from "../../src/kernel/answer-cut.ts";
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

const CALL: RelayCall = {
  protocol: protocols["openai-chat"],
  provider,
  request: { method: "POST", url: "https://lab.example/v1/chat/completions", headers: {}, body: "{}" },
  credential: undefined,
  awaits: "answer",
  firstTokenMs: 1000,
  bufferBytes: 10_000,
  after: () => () => undefined,
  ends: { error: () => utf8.of("!"), last: utf8.of("") },
};

/** What a client has of it, and how it ended; or why somebody else is to be asked. */
async function told(answer: Answer, more: Partial<RelayCall> = {}): Promise<unknown> {
  const host = fakeHost({ http: () => responseOf(answer) });
  const tried = await relay(host, { ...CALL, ...more });
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

  test("with more behind its end is handed over without that", async () => {
    expect(await told({ pieces: [CHAT, "\ngarbage"], came })).toEqual({ text: CHAT, end: { kind: "answered", usage: { inputTokens: 3 }, droppedCount: 0 } });
  });

  test("that refuses is read for what it says", async () => {
    expect(await told({ pieces: [LIMITED], status: 429, came })).toEqual({ reason: "rate_limit", status: 429 });
  });

  test("as a stream is passed on where one was asked for, and is no answer where none was", async () => {
    const answer = { pieces: [STREAM.slice(0, 9), STREAM.slice(9)], type: "text/event-stream", came };
    expect(await told(answer, { awaits: "stream" })).toMatchObject({ text: STREAM, end: { kind: "answered" } });
    expect(await told(answer)).toEqual({ reason: "unknown", status: 200 });
    expect(await told({ pieces: [CHAT], came }, { awaits: "stream" })).toEqual({ reason: "unknown", status: 200 });
    expect(await told({ pieces: [STREAM], came })).toEqual({ reason: "unknown", status: 200 });
  });
});

test("an answer that broke off before anybody read it is a failure of the network", async () => {
  expect(await told({ pieces: [CHAT], came: "and broke off" })).toEqual({ reason: "network", status: 200 });
});

test("a long answer that breaks off behind its beginning is told by its name from a fault of this program", async () => {
  const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield utf8.of(CHAT.slice(0, 20));
    yield utf8.of(CHAT.slice(20, 40));
    throw reset;
  }
  const host = fakeHost({ http: () => ({ status: 200, headers: { "content-type": "application/json" }, body: broken() }) });
  const tried = await relay(host, { ...CALL, bufferBytes: 30 });
  if (tried.kind !== "opened" || tried.value.body instanceof Uint8Array) return expect.unreachable();
  const pieces: string[] = [];
  let thrown: unknown;
  try {
    for await (const piece of tried.value.body) pieces.push(utf8.text(piece));
  } catch (caught) {
    thrown = caught;
  }
  expect(pieces.join("")).toBe(CHAT.slice(0, 40));
  expect([thrown instanceof AnswerCut, (thrown as Error).cause]).toEqual([true, reset]);
  expect(await tried.value.over).toMatchObject({ kind: "cut", failure: { reason: "network", detail: "reset" } });
});

/** Pieces come when they are asked for; the clock passes behind so many of them, unless somebody has stopped it. */
function timed(pieces: readonly string[], passesBehind: number) {
  const clock = { isStopped: false, handed: 0, pass: (): void => undefined };
  const after = (_ms: number, act: () => void) => {
    clock.pass = act;
    return () => {
      clock.isStopped = true;
      clock.pass = () => undefined;
    };
  };
  const host = fakeHost({
    http: (_request, signal) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: (async function* () {
        for (const piece of pieces) {
          signal.throwIfAborted();
          clock.handed++;
          yield utf8.of(piece);
          if (clock.handed === passesBehind) clock.pass();
        }
        signal.throwIfAborted();
      })(),
    }),
  });
  return { clock, after, host };
}

describe("an answer in one piece, when the time for its beginning is over", () => {
  const call = {
    protocol: protocols["openai-chat"],
    provider,
    request: { method: "POST", url: "https://lab.example/v1/chat/completions", headers: {}, body: "{}" },
    credential: undefined,
    awaits: "answer",
    firstTokenMs: 1000,
    bufferBytes: 10_000,
    ends: { error: () => utf8.of("!"), last: utf8.of("") },
  } as const;

  test("is left where its vendor wrote nothing but blanks", async () => {
    const { clock, after, host } = timed([" ", "\n", "\r\n\t", CHAT], 3);
    const tried = await relay(host, { ...call, after });
    expect([tried, clock.handed]).toMatchObject([{ kind: "refused", failure: { reason: "timeout" } }, 3]);
  });

  test("is waited for where it has begun", async () => {
    const { clock, after, host } = timed([" ", CHAT.slice(0, 1), CHAT.slice(1)], 2);
    const tried = await relay(host, { ...call, after });
    expect([tried.kind, clock.isStopped, clock.handed]).toEqual(["opened", true, 3]);
  });
});
