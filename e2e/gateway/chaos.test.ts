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
  ...["not_http", "missing"],
];
/** A stream that breaks off after the first content; an answer in one piece that breaks off is asked of another one. */
const AFTER = ["content_then_cut", "content_then_end", "content_then_error", "content_then_silent"];
/** Odd, and whole all the same. */
const ODD = ["garbage_between", "no_done", "no_blank_line", "crlf", "cr", "torn", "trailing", "done_then_hang", "gzip", "http10"];

const DIALECTS = {
  chat: { path: "/v1/chat/completions", body: { messages: [{ role: "user", content: "hi" }] }, short: "chat" },
  anthropic: { path: "/v1/messages", body: { max_tokens: 50, messages: [{ role: "user", content: "hi" }] }, short: "ant" },
} as const;
type Dialect = keyof typeof DIALECTS;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ behaviours: [...BEFORE, ...AFTER, ...ODD, "format", "huge_event", "wrong_length", "whole_for_stream", "stream_for_whole"] });
});
afterAll(() => rig.stop());

const modelOf = (behaviour: string, dialect: Dialect): string => `${behaviour.replaceAll("_", "-")}-${DIALECTS[dialect].short}/m`;

function askFor(behaviour: string, dialect: Dialect, stream: boolean, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const { path, body } = DIALECTS[dialect];
  return rig.ask(path, { model: modelOf(behaviour, dialect), ...body, stream }, headers);
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

describe.each(CASES)("$dialect, $how", ({ dialect, stream }) => {
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
    // The bomb itself has to be packed first.
    expect(answer.tookMs).toBeLessThan(behaviour === "bomb" ? 30_000 : 4000);
  });

  test.each(AFTER)("%s is never passed off as a whole answer", async (behaviour) => {
    const answer = await askFor(behaviour, dialect, stream);
    if (!stream) {
      expect({ by: answer.headers["x-signalbox-served-by"], ...read(answer) }).toEqual({ by: good, said: "Hello wörld", ends: 1, errors: [] });
      return;
    }
    const { said, ends, errors } = read(answer);
    expect({ status: answer.status, said, ends, errors: errors.length }).toEqual({ status: 200, said: "Hello wörld", ends: 0, errors: 1 });
  });

  test.each(ODD)("%s is a whole answer", async (behaviour) => {
    const answer = await askFor(behaviour, dialect, stream);
    expect({ by: String(answer.headers["x-signalbox-served-by"]).split("/")[0], ...read(answer) }).toEqual({
      by: modelOf(behaviour, dialect).split("/")[0],
      said: "Hello wörld",
      ends: 1,
      errors: [],
    });
    expect(answer.tookMs).toBeLessThan(2000);
  });

  test("what the caller did wrong is told at once, and asked of nobody else", async () => {
    const asked = rig.vendors.get("good")?.asked.length;
    const answer = await askFor("format", dialect, stream);
    expect({
      status: answer.status,
      retry: answer.headers["x-should-retry"],
      asked: rig.vendors.get("good")?.asked.length,
      errors: read(answer).errors,
    }).toEqual({
      status: 400,
      retry: "false",
      asked,
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

test("no secret, no prompt and no answer stands in the log", () => {
  expect(rig.log()).toContain('"kind":"request"');
  expect(rig.log()).not.toMatch(/canary|sbx-|wörld|"hi"/);
});
