import { describe, expect, test } from "vitest";
import type { ChatEvent } from "../../src/chat/event.ts";
import type { HttpResponse } from "../../src/kernel/http.ts";
import { anthropicMessages } from "../../src/protocols/anthropic-messages/client.ts";
import { openaiChat } from "../../src/protocols/openai-chat/client.ts";
import type { ReadLimits } from "../../src/protocols/protocol.ts";
import { all, answer, bytesOf } from "./chunks.ts";

const chat = (response: HttpResponse, limits?: ReadLimits) =>
  all(openaiChat.decode(response, { providerId: "groq", ...(limits === undefined ? {} : { limits }) }));
const messages = (response: HttpResponse) => all(anthropicMessages.decode(response, { providerId: "anthropic" }));
const delta = (content: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: finish }] })}\n\n`;
const failure = (events: readonly ChatEvent[]): unknown => {
  const last = events.at(-1);
  return last?.kind === "failed" ? { reason: last.failure.reason, detail: last.failure.detail } : last;
};
const kinds = (events: readonly ChatEvent[]): string[] => events.map(({ kind }) => kind);
const WHOLE = { choices: [{ message: { content: "Hi" }, finish_reason: "stop" }] };

describe("the end of a stream", () => {
  test("is an answer when a reason to stop was given, with [DONE] or without", async () => {
    for (const end of ["data: [DONE]\n\n", ""]) {
      expect((await chat(answer(delta("Hi") + delta("", "stop") + end))).at(-1)).toEqual({ kind: "done", stop: "end", isEmpty: false, droppedCount: 0 });
    }
  });

  test("is a cut when none was given, with [DONE] or without", async () => {
    for (const end of ["data: [DONE]\n\n", ""]) expect(failure(await chat(answer(delta("Hi") + end)))).toEqual({ reason: "network", detail: "cut" });
  });

  test("is what the network says when it broke before a reason, and an answer when it broke after", async () => {
    const broken = Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });
    expect(failure(await chat(answer(delta("Hi"), { broken })))).toEqual({ reason: "network", detail: "reset" });
    expect((await chat(answer(delta("Hi", "stop"), { broken }))).at(-1)).toMatchObject({ kind: "done", stop: "end" });
  });

  test("without a message_stop is an answer all the same", async () => {
    const body = [
      '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}',
      '{"type":"message_delta","delta":{"stop_reason":"end_turn"}}',
    ];
    expect((await messages(answer(body.map((data) => `data: ${data}\n\n`).join("")))).at(-1)).toMatchObject({ kind: "done", stop: "end" });
  });

  test("comes at the mark of the end: what follows is not looked at", async () => {
    const events = await chat(answer(`${delta("Hi", "stop")}data: [DONE]\n\n${delta("more")}<html>garbage`));
    expect(events.filter(({ kind }) => kind === "text")).toEqual([{ kind: "text", block: 0, text: "Hi" }]);
    expect(events.at(-1)).toEqual({ kind: "done", stop: "end", isEmpty: false, droppedCount: 0 });
  });

  test("lets the body go", async () => {
    let isReleased = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        yield bytesOf(`${delta("Hi", "stop")}data: [DONE]\n\n`);
        for (;;) yield bytesOf(": still here\n\n");
      } finally {
        isReleased = true;
      }
    }
    await chat({ status: 200, headers: { "content-type": "text/event-stream" }, body: endless() });
    expect(isReleased).toBe(true);
  });
});

describe("what cannot be read", () => {
  test("is dropped and counted, and the stream goes on", async () => {
    const events = await chat(answer(`${delta("H")}data: {"choices":[{"del\n\ndata: \n\n${delta("i", "stop")}`));
    expect(events.at(-1)).toEqual({ kind: "done", stop: "end", isEmpty: false, droppedCount: 1 });
  });

  test("from the first event to the last is no answer", async () => {
    expect(failure(await chat(answer("data: one\n\ndata: two\n\n")))).toEqual({ reason: "unknown", detail: "unreadable" });
  });

  test("is an empty answer when there is nothing", async () => {
    expect(failure(await chat(answer("")))).toEqual({ reason: "unknown", detail: "empty" });
    expect(failure(await chat(answer("", { type: "application/json" })))).toEqual({ reason: "unknown", detail: "empty" });
    expect(failure(await chat(answer(": only comments\n\n: here\n\n")))).toEqual({ reason: "unknown", detail: "empty" });
  });

  test("is told apart from an answer that says nothing", async () => {
    expect((await chat(answer(delta("", "stop")))).at(-1)).toEqual({ kind: "done", stop: "end", isEmpty: true, droppedCount: 0 });
  });

  test("is a page, under any type", async () => {
    for (const type of ["text/html", "text/event-stream", "application/json", ""]) {
      expect(failure(await chat(answer("<!DOCTYPE html><html>Sign in</html>", { type })))).toEqual({ reason: "network", detail: "html" });
    }
  });

  test("is JSON of another shape", async () => {
    for (const json of ["{}", "[]", '{"data":[]}', '"text"', "7", "null"]) {
      expect(failure(await chat(answer(json, { type: "application/json" })))).toEqual({ reason: "unknown", detail: "unreadable" });
    }
  });
});

describe("an error", () => {
  const error = { error: { message: "Overloaded", type: "overloaded_error" } };

  test("before the first piece is a failure without one", async () => {
    expect(kinds(await chat(answer(`data: ${JSON.stringify(error)}\n\n`)))).toEqual(["failed"]);
    const started = '{"type":"message_start","message":{"id":"msg_1","model":"claude"}}';
    const events = await messages(answer(`event: message_start\ndata: ${started}\n\nevent: error\ndata: ${JSON.stringify({ type: "error", ...error })}\n\n`));
    expect([kinds(events), failure(events)]).toEqual([["start", "failed"], { reason: "overloaded", detail: undefined }]);
  });

  test("after it follows what was said", async () => {
    const events = await chat(answer(`${delta("Hi")}data: ${JSON.stringify(error)}\n\n${delta("more", "stop")}`));
    expect([kinds(events), failure(events)]).toEqual([["start", "text", "failed"], { reason: "overloaded", detail: undefined }]);
  });

  test("in the choice of a chunk is one", async () => {
    const chunk = { choices: [{ delta: { content: "" }, finish_reason: "error", error: { code: 502, message: "Provider returned error" } }] };
    expect(failure(await chat(answer(`data: ${JSON.stringify(chunk)}\n\n`)))).toEqual({ reason: "overloaded", detail: undefined });
  });

  test("under a 200, as JSON, is one whatever was asked for and whatever it calls itself", async () => {
    const body = JSON.stringify({ error: { message: "You exceeded your current quota", code: "insufficient_quota" } });
    for (const type of ["application/json", "text/event-stream", "text/plain", ""]) {
      expect(failure(await chat(answer(body, { type })))).toEqual({ reason: "billing", detail: "balance" });
    }
  });

  test("with another status is named by status, headers and body", async () => {
    const response = { ...answer("slow down", { status: 429, type: "text/plain" }), headers: { "retry-after": "30", "x-request-id": "req_1" } };
    expect(await chat(response)).toEqual([
      {
        kind: "failed",
        failure: { reason: "rate_limit", status: 429, message: "slow down", retryAfterMs: 30_000, requestId: "req_1", rule: "http/429" },
        droppedCount: 0,
      },
    ]);
  });

  test("keeps its status when its body breaks off", async () => {
    const broken = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    expect(failure(await chat(answer("{", { status: 401, type: "application/json", broken })))).toEqual({ reason: "auth", detail: undefined });
  });

  test("is an answer that was filtered before its first word; after it, the answer ends", async () => {
    expect(failure(await chat(answer(delta("", "content_filter"))))).toEqual({ reason: "content_filter", detail: "answer" });
    expect((await chat(answer(delta("Hi", "content_filter")))).at(-1)).toMatchObject({ kind: "done", stop: "content_filter" });
    const refused = { content: [], stop_reason: "refusal" };
    expect(failure(await messages(answer(JSON.stringify(refused), { type: "application/json" })))).toEqual({ reason: "content_filter", detail: "answer" });
  });
});

describe("another shape than was asked for", () => {
  test("is read all the same: a whole answer for a stream, and a stream under another type", async () => {
    expect(kinds(await chat(answer(JSON.stringify(WHOLE), { type: "application/json; charset=utf-8" })))).toEqual(["start", "text", "done"]);
    for (const type of ["text/plain", "application/json", ""]) {
      expect(kinds(await chat(answer(`: hello\n\n${delta("Hi", "stop")}data: [DONE]\n\n`, { type })))).toEqual(["start", "text", "done"]);
    }
  });

  test("is an answer with something behind it", async () => {
    expect(kinds(await chat(answer(`${JSON.stringify(WHOLE)}\n\u0000garbage "}{"`, { type: "application/json" })))).toEqual(["start", "text", "done"]);
  });

  test("is an answer without a reason to stop", async () => {
    const body = JSON.stringify({ choices: [{ message: { content: "Hi" } }] });
    expect((await chat(answer(body, { type: "application/json" }))).at(-1)).toMatchObject({ kind: "done", stop: "unstated" });
  });

  test("is no answer when it breaks off", async () => {
    expect(failure(await chat(answer(JSON.stringify(WHOLE).slice(0, -3), { type: "application/json" })))).toEqual({ reason: "network", detail: "cut" });
  });
});

describe("what is too large", () => {
  const limits: ReadLimits = { wholeBytes: 1000, eventBytes: 500, streamBytes: 5000 };
  const big = "x".repeat(800);
  const tooLarge = { reason: "format", detail: "answer_too_large" };

  test("is one event, one stream, or a whole answer", async () => {
    expect(failure(await chat(answer(delta(big)), limits))).toEqual(tooLarge);
    expect(failure(await chat(answer(delta("x".repeat(100)).repeat(60)), limits))).toEqual(tooLarge);
    expect(failure(await chat(answer(JSON.stringify({ ...WHOLE, big: big + big }), { type: "application/json" }), limits))).toEqual(tooLarge);
  });

  test("is never held: an endless body ends at the limit", async () => {
    let chunks = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        chunks++;
        yield bytesOf(big);
      }
    }
    for (const type of ["text/event-stream", "application/json"]) {
      expect(failure(await chat({ status: 200, headers: { "content-type": type }, body: endless() }, limits))).toEqual(tooLarge);
    }
    expect(failure(await chat({ status: 500, headers: {}, body: endless() }))).toEqual({ reason: "unknown", detail: "server" });
    expect(chunks).toBeLessThan(200);
  });
});

test("a deadline that passes while the answer comes is a timeout by its phase", async () => {
  const broken = Object.assign(new Error("late"), { name: "TimeoutError", phase: "idle" });
  expect(failure(await chat(answer(delta("Hi"), { broken })))).toEqual({ reason: "timeout", detail: "idle" });
});
