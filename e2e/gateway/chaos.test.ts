import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Rig, startRig } from "./rig.ts";

/** What fails before the first content, streamed or not: another candidate answers, and the client sees nothing of it. */
const BEFORE = [
  ...[
    "auth",
    "billing",
    "limited",
    "storm",
    "hostile_limit",
    "down",
    "error500",
    "error502",
    "overloaded",
    "redirect",
    "html",
    "html200",
    "error200",
    "empty200",
  ],
  ...["reset", "close", "silent", "headers_then_silent", "preamble_then_silent", "preamble_then_cut", "preamble_then_end", "preamble_then_error", "bomb"],
  ...["not_http", "missing", "blanks"],
];
/** A stream that breaks off after the first content; an answer in one piece that breaks off is asked of another one. */
const AFTER = ["content_then_cut", "content_then_end", "content_then_error", "content_then_silent"];
const WITHIN = ["word_then_cut", "word_then_end", "word_then_error", "word_then_silent"];
/** Odd, and whole all the same. */
const ODD = ["garbage_between", "no_done", "no_blank_line", "crlf", "cr", "torn", "trailing", "done_then_hang", "gzip", "http10"];

const DIALECTS = {
  chat: { path: "/v1/chat/completions", body: { messages: [{ role: "user", content: "hi" }] }, short: "chat" },
  anthropic: { path: "/v1/messages", body: { max_tokens: 50, messages: [{ role: "user", content: "hi" }] }, short: "ant" },
} as const;
type Dialect = keyof typeof DIALECTS;

/** Short, and long enough for a machine that has other things to do. */
const TIMEOUTS = { connectMs: 20_000, firstByteMs: 2500, firstTokenMs: 2700, idleMs: 2000 };
const OTHERS = ["format", "huge_event", "wrong_length", "whole_for_stream", "stream_for_whole"];
const agentOf = (behaviour: string, short: string): string => `${behaviour.replaceAll("_", "-")}-${short}`;

let rig: Rig;
/** The same, where streams go on at the next candidate: of the client's own format for `agent:<behaviour>-<format>`, else of any. */
let onward: Rig;
beforeAll(async () => {
  const cut = [...AFTER, ...WITHIN];
  const agents = cut.flatMap((behaviour) =>
    ["chat", "ant"].map((short) => ({
      id: agentOf(behaviour, short),
      model: { primary: `${agentOf(behaviour, short)}/m`, fallbacks: [`good-${short}/m`] },
    })),
  );
  [rig, onward] = await Promise.all([
    startRig({ behaviours: [...BEFORE, ...cut, ...ODD, ...OTHERS], gateway: { timeouts: TIMEOUTS } }),
    startRig({
      // Five cuts in a row put an address to rest: each is asked for no more often than that.
      behaviours: [...cut, "word_alone"],
      gateway: { streams: { onCut: "continue" }, translation: "name", timeouts: TIMEOUTS },
      config: { agents: { defaults: { model: { primary: "good-chat/m", fallbacks: ["good-ant/m"] } }, list: agents } },
    }),
  ]);
});
afterAll(() => Promise.all([rig.stop(), onward.stop()]));

const modelOf = (behaviour: string, dialect: Dialect): string => `${behaviour.replaceAll("_", "-")}-${DIALECTS[dialect].short}/m`;

function askFor(behaviour: string, dialect: Dialect, stream: boolean, headers: Readonly<Record<string, string>> = {}, content = "hi"): Promise<Answer> {
  const { path, body } = DIALECTS[dialect];
  return rig.ask(path, { model: modelOf(behaviour, dialect), ...body, messages: [{ role: "user", content }], stream }, headers);
}

/** The text, the marks of a good end and the errors of a stream, or of an answer in one piece. */
function read({ text, headers }: Answer): { said: string; ends: number; errors: string[] } {
  if (!String(headers["content-type"]).includes("event-stream")) {
    const value = JSON.parse(text);
    return {
      said: value.choices?.[0]?.message?.content ?? value.content?.[0]?.text ?? "",
      ends: 1,
      errors: value.error === undefined ? [] : [value.error.type],
    };
  }
  const events = text.split(/\r\n\r\n|\n\n|\r\r/).flatMap((event) => event.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data: ")));
  const values = events.map((line) => (line === "data: [DONE]" ? { type: "done" } : JSON.parse(line.slice(6))));
  return {
    said: values.map((value) => value.choices?.[0]?.delta?.content ?? value.delta?.text ?? "").join(""),
    ends: values.filter(({ type }) => type === "done" || type === "message_stop").length,
    errors: values.flatMap(({ error }) => (error === undefined ? [] : [error.type])),
  };
}

const CASES = (["chat", "anthropic"] as const).flatMap((dialect) =>
  [true, false].map((stream) => ({ dialect, stream, how: stream ? "streamed" : "in one piece" })),
);

describe.concurrent.each(CASES)("$dialect, $how", ({ dialect, stream }) => {
  const good = `good-${DIALECTS[dialect].short}/m; profile=config:good-${DIALECTS[dialect].short}`;

  test.each(BEFORE)("%s before the first content is rescued by the next candidate", async (behaviour) => {
    const answer = await askFor(behaviour, dialect, stream);
    expect({ status: answer.status, by: answer.headers["x-signalbox-served-by"], ...read(answer) }).toEqual({
      status: 200,
      by: good,
      said: "Hello wörld",
      ends: 1,
      errors: [],
    });
    expect(rig.vendors.get(behaviour)?.asked.length).toBeGreaterThanOrEqual(1);
    if (behaviour === "blanks") expect(rig.vendors.get(behaviour)?.asked[0]?.blanks).toBeGreaterThan(1);
    expect(answer.tookMs).toBeLessThan(30_000);
  });

  test.each([...AFTER, ...WITHIN])("%s is never passed off as a whole answer", async (behaviour) => {
    const answer = await askFor(behaviour, dialect, stream);
    if (!stream) {
      expect({ by: answer.headers["x-signalbox-served-by"], ...read(answer) }).toEqual({ by: good, said: "Hello wörld", ends: 1, errors: [] });
      return;
    }
    const { said, ends, errors } = read(answer);
    const whole = AFTER.includes(behaviour) ? "Hello wörld" : "Hel";
    expect({ status: answer.status, said, ends, errors: errors.length }).toEqual({ status: 200, said: whole, ends: 0, errors: 1 });
  });

  test.each(ODD)("%s is a whole answer", async (behaviour) => {
    const answer = await askFor(behaviour, dialect, stream);
    expect({ by: String(answer.headers["x-signalbox-served-by"]).split("/")[0], ...read(answer) }).toEqual({
      by: modelOf(behaviour, dialect).split("/")[0],
      said: "Hello wörld",
      ends: 1,
      errors: [],
    });
    expect(answer.tookMs).toBeLessThan(30_000);
  });

  test("what the caller did wrong is told at once, and asked of nobody else", async () => {
    const mine = `mine, ${dialect} ${stream}`;
    const answer = await askFor("format", dialect, stream, {}, mine);
    const asked = [...rig.vendors.values()].flatMap((vendor) => vendor.asked.filter(({ body }) => body.includes(mine)).map(({ behaviour }) => behaviour));
    expect({ status: answer.status, retry: answer.headers["x-should-retry"], asked, errors: read(answer).errors }).toEqual({
      status: 400,
      retry: "false",
      asked: ["format"],
      errors: ["invalid_request_error"],
    });
  });

  test("a strict request ends with an error of its own dialect", async () => {
    const answer = await askFor("error502", dialect, stream, { "x-signalbox-strict": "1" });
    expect({ status: answer.status, retry: answer.headers["x-should-retry"], errors: read(answer).errors.length }).toEqual({
      status: expect.toSatisfy((s: number) => s >= 500),
      retry: "false",
      errors: 1,
    });
  });

  test(stream ? "an event of two megabytes before the content is not swallowed" : "an answer whose length is wrong is asked of another one", async () => {
    const answer = await askFor(stream ? "huge_event" : "wrong_length", dialect, stream);
    expect({ by: answer.headers["x-signalbox-served-by"], ...read(answer) }).toEqual({ by: good, said: "Hello wörld", ends: 1, errors: [] });
  });

  test("an answer of the other shape than was asked for is no answer", async () => {
    const answer = await askFor(stream ? "whole_for_stream" : "stream_for_whole", dialect, stream);
    expect({ by: answer.headers["x-signalbox-served-by"], said: read(answer).said }).toEqual({ by: good, said: "Hello wörld" });
  });
});

describe.concurrent("a stream that breaks off and is to go on", () => {
  const PATHS = (["chat", "anthropic"] as const).flatMap((dialect) => [...AFTER, ...WITHIN].map((behaviour) => ({ dialect, behaviour })));
  const lines = ({ text }: Answer): string[] => text.split("\n").filter((line) => line.startsWith(": taken"));

  test.each(PATHS)("$behaviour is rescued by a model of the same format for $dialect", async ({ dialect, behaviour }) => {
    const { path, body, short } = DIALECTS[dialect];
    const answer = await onward.ask(path, { model: `agent:${agentOf(behaviour, short)}`, ...body, stream: true });
    expect({ by: answer.headers["x-signalbox-served-by"], takenOver: lines(answer), ...read(answer) }).toEqual({
      by: expect.stringMatching(new RegExp(`^${modelOf(behaviour, dialect)}`)),
      takenOver: [`: taken over by good-${short}/m; profile=config:good-${short}`],
      said: "Hello wörld",
      ends: 1,
      errors: [],
    });
    expect(answer.tookMs).toBeLessThan(30_000);
  });

  // Two silences would put an address to rest.
  const SOON = [...AFTER, ...WITHIN].filter((behaviour) => !behaviour.endsWith("silent"));
  const FORMATS = SOON.flatMap((behaviour) => ["ant", "resp"].map((short) => ({ behaviour, short })));
  test.each(FORMATS)("$behaviour of a model of another format ($short) reads as one answer in OpenAI's own library", async ({ behaviour, short }) => {
    const openai = new OpenAI({ baseURL: `${onward.url}/v1`, apiKey: onward.key, maxRetries: 0 });
    const stream = openai.chat.completions.stream({ model: `${agentOf(behaviour, short)}/m`, messages: [{ role: "user", content: "hi" }] });
    const ids = new Set<string>();
    for await (const chunk of stream) ids.add(`${chunk.id} ${chunk.model} ${chunk.created}`);
    const { choices } = await stream.finalChatCompletion();
    expect([choices[0]?.message.content, choices[0]?.finish_reason, ids.size]).toEqual(["Hello wörld", "stop", 1]);
  });

  test.each(SOON)("%s goes on at a model of another format, and reads as one answer in Anthropic's own library", async (behaviour) => {
    const anthropic = new Anthropic({ baseURL: onward.url, apiKey: onward.key, maxRetries: 0 });
    const stream = anthropic.messages.stream({ model: `${agentOf(behaviour, "ant")}/m`, max_tokens: 50, messages: [{ role: "user", content: "hi" }] });
    const { content, stop_reason: stop } = await stream.finalMessage();
    expect([content.map((block) => block.type === "text" && block.text), stop]).toEqual([["Hello wörld"], "end_turn"]);
  });

  test.each([
    { why: "several answers", more: { n: 2 } },
    { why: "an answer of a set shape", more: { response_format: { type: "json_object" } } },
  ])("an answer that must not be gone on with ends in an honest error: $why", async ({ more }) => {
    const answer = await onward.ask("/v1/chat/completions", { model: "word-alone-chat/m", ...DIALECTS.chat.body, stream: true, ...more });
    expect({ takenOver: lines(answer), ...read(answer) }).toEqual({ takenOver: [], said: "Hel", ends: 0, errors: ["api_error"] });
  });

  test("a strict request goes on nowhere else", async () => {
    const answer = await onward.ask("/v1/chat/completions", { model: "word-alone-chat/m", ...DIALECTS.chat.body, stream: true }, { "x-signalbox-strict": "1" });
    expect({ takenOver: lines(answer), ...read(answer) }).toEqual({ takenOver: [], said: "Hel", ends: 0, errors: ["api_error"] });
  });
});

test("the log names who broke off and who ended it, and what may have been billed", () => {
  const lines = onward
    .log()
    .split("\n")
    .flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
  const { outcome, servedBy, attempts, maybeBilled } = lines.find(({ asked }) => asked === "agent:word-then-cut-chat");
  expect({ outcome, servedBy, attempts, maybeBilled }).toEqual({
    outcome: "answered",
    servedBy: "good-chat/m",
    attempts: [expect.stringMatching(/^word-then-cut-chat\/m: /)],
    maybeBilled: true,
  });
});

test("no secret, no prompt and no answer stands in the log", () => {
  expect(rig.log()).toContain('"kind":"request"');
  for (const { log } of [rig, onward]) expect(log()).not.toMatch(/canary|sbx-|wörld|"hi"/);
});
