import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Rig, startRig } from "./rig.ts";

/**
 * The faults of `chaos.test.ts` where formats are mixed: the vendor that fails speaks the client's format or another one, and the one that takes
 * over always speaks another one than the client.
 */

/** What fails before the first content, streamed or not. */
const BEFORE = [
  ...["auth", "billing", "limited", "storm", "hostile_limit", "down", "error500", "error502", "overloaded", "redirect", "html", "html200", "error200"],
  ...["empty200", "reset", "close", "silent", "headers_then_silent", "preamble_then_silent", "preamble_then_cut", "preamble_then_end"],
  ...["preamble_then_error", "not_http", "missing", "blanks"],
];
/** A stream that breaks off after the first content: after all of it, and after a word. */
const AFTER = ["content_then_cut", "content_then_end", "content_then_error", "content_then_silent"];
const WITHIN = ["word_then_cut", "word_then_end", "word_then_error", "word_then_silent"];
/** Odd, and whole all the same. */
const ODD = ["garbage_between", "no_done", "no_blank_line", "crlf", "cr", "torn", "trailing", "done_then_hang", "gzip", "http10"];

const CLIENTS = {
  chat: { path: "/v1/chat/completions", body: { messages: [{ role: "user", content: "hi" }] } },
  ant: { path: "/v1/messages", body: { max_tokens: 50, messages: [{ role: "user", content: "hi" }] } },
} as const;

/** `failing`: what the vendor speaks that fails. `other`: what the next one speaks. */
const CASES = (
  [
    { client: "chat", failing: "chat", other: "ant" },
    { client: "chat", failing: "resp", other: "ant" },
    { client: "ant", failing: "ant", other: "resp" },
    { client: "ant", failing: "chat", other: "resp" },
  ] as const
).flatMap((one) => [true, false].map((stream) => ({ ...one, stream, how: stream ? "streamed" : "in one piece" })));

interface Read {
  readonly said: string;
  /** Marks of a good end. */
  readonly ends: number;
  readonly errors: number;
}

function read({ text, headers }: Answer): Read {
  if (!String(headers["content-type"]).includes("event-stream")) {
    const value = JSON.parse(text);
    return { said: value.choices?.[0]?.message?.content ?? value.content?.[0]?.text ?? "", ends: 1, errors: value.error === undefined ? 0 : 1 };
  }
  const data = text.split(/\r\n|\n|\r/).filter((line) => line.startsWith("data: "));
  const values = data.map((line) => (line === "data: [DONE]" ? { type: "done" } : JSON.parse(line.slice(6))));
  return {
    said: values.map((value) => value.choices?.[0]?.delta?.content ?? value.delta?.text ?? "").join(""),
    ends: values.filter(({ type }) => type === "done" || type === "message_stop").length,
    errors: values.filter(({ error }) => error !== undefined).length,
  };
}

describe.each(CASES)("a client of $client, $how, a vendor of $failing that fails, and one of $other", ({ client, failing, other, stream }) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({
      behaviours: [...BEFORE, "bomb", "huge_event", "wrong_length", ...AFTER, ...WITHIN, ...ODD],
      // Short, and long enough for a machine that has other things to do.
      gateway: { translation: "name", timeouts: { connectMs: 20_000, firstByteMs: 2000, firstTokenMs: 2200, idleMs: 1500 } },
      config: { agents: { defaults: { model: { primary: `good-${other}/m` } } } },
    });
  });
  afterAll(() => rig.stop());

  // The last event of Responses is its end: without it an answer is not whole.
  const after = [...AFTER, ...WITHIN, ...(failing === "resp" && stream ? ["no_done"] : [])];
  const odd = ODD.filter((behaviour) => !after.includes(behaviour));
  const providerOf = (behaviour: string): string => `${behaviour.replaceAll("_", "-")}-${failing}`;

  /** All at once: most of the time is waiting for who says nothing. */
  async function askAll(behaviours: readonly string[]): Promise<Record<string, object>> {
    const { path, body } = CLIENTS[client];
    const found = behaviours.map(async (behaviour) => {
      const answer = await rig.ask(path, { model: `${providerOf(behaviour)}/m`, ...body, stream });
      const by = String(answer.headers["x-signalbox-served-by"]).split("/")[0] ?? "";
      const isSlow = answer.tookMs > 30_000;
      const seen = (rig.vendors.get(behaviour)?.asked.length ?? 0) > 0;
      return [behaviour, { status: answer.status, by, asked: seen, ...read(answer), ...(isSlow && { tookMs: answer.tookMs }) }] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  }
  const all = (behaviours: readonly string[], of: (behaviour: string) => object): Record<string, object> =>
    Object.fromEntries(behaviours.map((behaviour) => [behaviour, of(behaviour)]));
  const rescued = { status: 200, by: `good-${other}`, asked: true, said: "Hello wörld", ends: 1, errors: 0 };

  test("what fails before the first content is rescued by the other one", async () => {
    const before = [...BEFORE, "bomb", stream ? "huge_event" : "wrong_length"];
    expect(await askAll(before)).toEqual(all(before, () => rescued));
  });

  test("what breaks off afterwards is never passed off as a whole answer", async () => {
    const brokenOff = (behaviour: string) => {
      const said = WITHIN.includes(behaviour) ? "Hel" : "Hello wörld";
      return { status: 200, by: providerOf(behaviour), asked: true, said, ends: 0, errors: 1 };
    };
    expect(await askAll(after)).toEqual(all(after, (behaviour) => (stream ? brokenOff(behaviour) : rescued)));
  });

  test("what is odd is a whole answer", async () => {
    expect(await askAll(odd)).toEqual(all(odd, (behaviour) => ({ ...rescued, by: providerOf(behaviour) })));
  });

  test("no secret, no prompt and no answer stands in the log", () => {
    expect(rig.log()).toContain('"kind":"request"');
    expect(rig.log()).not.toMatch(/canary|sbx-|wörld|"hi"/);
  });
});
