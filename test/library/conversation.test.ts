import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StreamEvent } from "../../src/library/conversation.ts";
import type { Signalbox } from "../../src/library/signalbox.ts";
import { UpstreamExhausted } from "../../src/library/upstream-exhausted.ts";
import { memoryState } from "../../src/state/memory-state.ts";
import type { UsageEvent } from "../../src/state/state-store.ts";
import { KEY, type Rig, startRig } from "./rig.ts";

const SAID = "Hello wörld";
const tools = [
  { name: "weather", description: "Weather of a city.", parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } },
];

let rig: Rig;
beforeAll(async () => {
  rig = await startRig([
    "good",
    "down",
    "auth",
    "format",
    "preamble_then_cut",
    "content_then_cut",
    "wrong_length",
    "preamble_then_silent",
    "silent",
    "tools",
    "content_then_silent",
  ]);
});
afterAll(() => rig.stop());

async function eventsOf(stream: AsyncIterable<StreamEvent>): Promise<StreamEvent[]> {
  const all: StreamEvent[] = [];
  for await (const event of stream) all.push(event);
  return all;
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

function textIn(events: readonly StreamEvent[]): string {
  return events.map((event) => (event.kind === "text" ? event.text : "")).join("");
}

describe("chat", () => {
  test("the first who answers, with usage, cost and the message for the next turn", async () => {
    const box = await rig.open({ config: rig.config(["good-chat/m"]) });
    const answer = await box.chat({ prompt: "hi", system: "Be short." });
    expect(answer).toEqual({
      text: SAID,
      content: [{ kind: "text", text: SAID }],
      toolCalls: [],
      stop: "end",
      usage: expect.objectContaining({ inputTokens: expect.any(Number), outputTokens: expect.any(Number) }),
      costUsd: expect.any(Number),
      servedBy: { model: "good-chat/m", profile: "config:good-chat" },
      attempts: [],
      passedOver: [],
      lost: [],
      message: { role: "assistant", content: [{ kind: "text", text: SAID }] },
    });
    expect(JSON.parse(rig.vendors.get("good")?.asked.at(-1)?.body ?? "")).toMatchObject({
      model: "m",
      messages: [
        { role: "system", content: "Be short." },
        { role: "user", content: "hi" },
      ],
    });
  });

  test.each(["good-chat/m", "good-ant/m", "good-resp/m"])("fails over into the format of %s", async (last) => {
    const box = await rig.open({ config: rig.config(["down-chat/m", "auth-ant/m", last]) });
    const answer = await box.chat({ prompt: "hi" });
    expect([answer.text, answer.servedBy.model]).toEqual([SAID, last]);
    expect(answer.attempts.map(({ model, reason, status }) => [model, reason, status])).toEqual([
      ["down-chat/m", "overloaded", 503],
      ["auth-ant/m", "auth", 401],
    ]);
  });

  test.each([
    ["google-generative-ai", "/models/m:generateContent", { candidates: [{ content: { role: "model", parts: [{ text: SAID }] }, finishReason: "STOP" }] }],
    ["bedrock-converse-stream", "/model/m/converse", { output: { message: { role: "assistant", content: [{ text: SAID }] } }, stopReason: "end_turn" }],
  ])("fails over into %s, which no client speaks", async (api, path, answer) => {
    const asked: string[] = [];
    const config = rig.config(["down-chat/m", "lab/m"]);
    const lab = { baseUrl: "https://lab.example", api, apiKey: KEY, models: [{ id: "m", name: "m" }] };
    const providers = { ...(config as { models: { providers: object } }).models.providers, lab };
    const http = async ({ url }: { readonly url: string }) => {
      asked.push(url);
      const isLab = url.startsWith("https://lab.example");
      return { status: isLab ? 200 : 503, headers: { "content-type": "application/json" }, body: bytes(JSON.stringify(isLab ? answer : {})) };
    };
    const box = await rig.open({ config: { ...config, models: { providers } }, host: { http } });
    const { text, servedBy } = await box.chat({ prompt: "hi" });
    expect([text, servedBy.model, asked[1]]).toEqual([SAID, "lab/m", `https://lab.example${path}`]);
  });

  test.each(["content-then-cut", "wrong-length"])("an answer in one piece that ends early is told so, and asked of the next one (%s)", async (behaviour) => {
    const box = await rig.open({ config: rig.config([`${behaviour}-chat/m`, "good-ant/m"]) });
    const { text, servedBy, attempts } = await box.chat({ prompt: "hi" });
    expect([text, servedBy.model, attempts]).toMatchObject([
      SAID,
      "good-ant/m",
      [{ reason: "network", detail: "cut", message: "the answer broke off before its end" }],
    ]);
  });

  test("tools go there, calls come back, and their results go on in another format", async () => {
    const box = await rig.open({ config: rig.config(["down-chat/m", "tools-ant/m"]) });
    const first = await box.chat({ prompt: "Weather in Oslo?", tools });
    expect(first.toolCalls).toEqual([{ id: "toolu_1", name: "weather", arguments: expect.any(String), input: { city: "Oslo" } }]);
    const then = await rig.open({ config: rig.config(["good-chat/m"]) });
    const call = first.toolCalls[0]?.id ?? "";
    const messages = [
      { role: "user", content: "Weather in Oslo?" },
      first.message,
      { role: "tool", callId: call, name: "weather", content: "Rain, 4 °C" },
    ] as const;
    expect((await then.chat({ messages, tools })).text).toBe(SAID);
    expect(JSON.parse(rig.vendors.get("good")?.asked.at(-1)?.body ?? "").messages).toMatchObject([
      { role: "user" },
      { role: "assistant", tool_calls: [{ id: call, function: { name: "weather" } }] },
      { role: "tool", tool_call_id: call },
    ]);
  });

  test("when nobody answers, the error lists who said what, without a secret", async () => {
    const box = await rig.open({ config: rig.config(["auth-chat/m", "auth-ant/m"]) });
    const error = await box.chat({ prompt: "hi" }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UpstreamExhausted);
    if (!(error instanceof UpstreamExhausted)) return;
    expect([error.code, error.attempts.map(({ model, reason }) => [model, reason])]).toEqual([
      "UPSTREAM_EXHAUSTED",
      [
        ["auth-chat/m", "auth"],
        ["auth-ant/m", "auth"],
      ],
    ]);
    expect(error.message).toContain("auth-chat/m (config:auth-chat): the vendor did not accept the account");
    expect(error.hint).not.toContain("{cli}");
    expect(`${error.stack} ${JSON.stringify(error)} ${error.message}`).not.toContain(KEY);
  });

  test("a strict request stays with its model", async () => {
    const box = await rig.open({ config: rig.config(["good-chat/m"]) });
    await expect(box.chat({ model: "auth-chat/m", strict: true, prompt: "hi" })).rejects.toMatchObject({ code: "UPSTREAM_EXHAUSTED" });
    expect((await box.chat({ model: "auth-chat/m", prompt: "hi" })).servedBy.model).toBe("good-chat/m");
  });

  test("what cannot be said in a format is named, or refused when asked so", async () => {
    const box = await rig.open({ config: rig.config(["good-ant/m"]) });
    const request = { prompt: "hi", sampling: { seed: 7 } };
    expect((await box.chat(request)).lost.map(({ field }) => field)).toEqual(["sampling.seed"]);
    const refused = { code: "UPSTREAM_EXHAUSTED", message: expect.stringContaining("sampling.seed") };
    await expect(box.chat({ ...request, losses: "refused" })).rejects.toMatchObject(refused);
    const strict = await rig.open({ config: { ...rig.config(["good-ant/m"]), gateway: { translation: "refuse" } } });
    await expect(strict.chat(request)).rejects.toMatchObject(refused);
    expect((await strict.chat({ ...request, losses: "named" })).text).toBe(SAID);
  });

  test("a request that cannot be asked names its field", async () => {
    const box = await rig.open({ config: rig.config(["good-ant/m"]) });
    await expect(box.chat({})).rejects.toMatchObject({ code: "REQUEST_INVALID", message: expect.stringContaining("messages") });
    await expect(box.chat({ messages: [{ role: "robot", content: "x" } as never] })).rejects.toMatchObject({
      message: expect.stringContaining("messages[0].role"),
    });
    await expect(box.chat({ model: "nowhere/m", prompt: "hi" })).rejects.toMatchObject({ code: "PROVIDER_UNKNOWN" });
  });
});

describe("stream", () => {
  test("a failover before the first content is not seen, but told", async () => {
    const box = await rig.open({ config: rig.config(["preamble-then-cut-chat/m", "preamble-then-silent-resp/m", "good-ant/m"]) });
    const events = await eventsOf(box.stream({ prompt: "hi" }));
    expect(events[0]).toEqual({
      kind: "opened",
      servedBy: { model: "good-ant/m", profile: "config:good-ant" },
      attempts: [
        expect.objectContaining({ model: "preamble-then-cut-chat/m", reason: "network" }),
        expect.objectContaining({ model: "preamble-then-silent-resp/m", reason: "timeout" }),
      ],
      passedOver: [],
      lost: [],
    });
    expect([textIn(events), events.at(-1)?.kind]).toEqual([SAID, "done"]);
  });

  test("a failure after the first content is the last event", async () => {
    const box = await rig.open({ config: rig.config(["content-then-cut-chat/m", "good-ant/m"]) });
    const events = await eventsOf(box.stream({ prompt: "hi" }));
    expect(events.at(-1)).toMatchObject({ kind: "failed", failure: { reason: "network" } });
    expect(events.filter(({ kind }) => kind === "opened" || kind === "done")).toHaveLength(1);
  });

  test("when nobody answers, the first read throws", async () => {
    const box = await rig.open({ config: rig.config(["auth-chat/m"]) });
    await expect(eventsOf(box.stream({ prompt: "hi" }))).rejects.toBeInstanceOf(UpstreamExhausted);
  });

  test.each(["opened", "text"])("who stops reading at %s ends the request at the vendor", async (kind) => {
    const box = await rig.open({ config: rig.config(["content-then-silent-chat/m"], { gateway: {} }) });
    for await (const event of box.stream({ prompt: "hi" })) {
      expect(rig.vendors.get("content_then_silent")?.busy.size).toBe(1);
      if (event.kind === kind) break;
    }
    await expect.poll(() => rig.vendors.get("content_then_silent")?.busy.size).toBe(0);
  });

  test("a vendor that repeats the key when it breaks off gives it to nobody", async () => {
    const pieces = [
      { choices: [{ delta: { content: "One " } }] },
      { error: { message: `the key ${KEY}-down-chat is spent`, type: "server_error", code: KEY } },
    ];
    const text = pieces.map((piece) => `data: ${JSON.stringify(piece)}\n\n`).join("");
    const http = async () => ({ status: 200, headers: { "content-type": "text/event-stream", "x-request-id": `${KEY}-down-chat` }, body: bytes(text) });
    const box = await rig.open({ config: rig.config(["down-chat/m"]), host: { http } });
    const end = (await eventsOf(box.stream({ prompt: "hi" }))).at(-1);
    expect(end).toMatchObject({ kind: "failed", failure: { message: "the key [secret] is spent" } });
    expect(JSON.stringify(end)).not.toContain(KEY);
  });
});

describe("ending", () => {
  test("a signal ends a call with its own reason, before and after the first content", async () => {
    const box = await rig.open({ config: rig.config(["silent-chat/m"], { gateway: {} }) });
    const reason = new Error("enough");
    const controller = new AbortController();
    const asking = box.chat({ prompt: "hi" }, { signal: controller.signal });
    await expect.poll(() => rig.vendors.get("silent")?.busy.size).toBe(1);
    controller.abort(reason);
    await expect(asking).rejects.toBe(reason);
    await expect.poll(() => rig.vendors.get("silent")?.busy.size).toBe(0);
    await expect(box.chat({ prompt: "hi" }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const slow = await rig.open({ config: rig.config(["content-then-silent-chat/m"], { gateway: {} }) });
    const late = new AbortController();
    const reading = (async () => {
      for await (const event of slow.stream({ prompt: "hi" }, { signal: late.signal })) if (event.kind === "text") late.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
  });

  test("closing ends what runs, and every later call", async () => {
    const box = await rig.open({ config: rig.config(["silent-chat/m"], { gateway: {} }) });
    const asking = box.chat({ prompt: "hi" }).catch((thrown: unknown) => thrown);
    await expect.poll(() => rig.vendors.get("silent")?.busy.size).toBe(1);
    await box.close();
    expect(await asking).toMatchObject({ code: "LIBRARY_CLOSED" });
    await expect(box.status()).rejects.toMatchObject({ code: "LIBRARY_CLOSED" });
  });

  test("the end of the block that it was opened in with `await using` closes it, also where it is closed already", async () => {
    const box: AsyncDisposable & Signalbox = await rig.open({ config: rig.config(["good-chat/m"]) });
    await box[Symbol.asyncDispose]();
    await expect(box.status()).rejects.toMatchObject({ code: "LIBRARY_CLOSED" });
    await box[Symbol.asyncDispose]();
  });

  test("every request is one event of usage, and holds no word of it", async () => {
    const kept: UsageEvent[] = [];
    const state = { ...memoryState({ nowMs: Date.now }), append: async (event: UsageEvent) => void kept.push(event) };
    const box: Signalbox = await rig.open({ config: rig.config(["down-chat/m", "good-ant/m"]), state });
    await box.chat({ prompt: "a word that nobody notes" });
    await eventsOf(box.stream({ model: "good-chat/m", prompt: "a word that nobody notes" }));
    await box.chat({ model: "auth-chat/m", strict: true, prompt: "x" }).catch(() => undefined);
    expect(kept.map(({ client, asked, servedBy, outcome, streamed }) => [client, asked, servedBy, outcome, streamed])).toEqual([
      ["library", "default", "good-ant/m", "answered", false],
      ["library", "good-chat/m", "good-chat/m", "answered", true],
      ["library", "auth-chat/m", undefined, "failed", false],
    ]);
    expect(JSON.stringify(kept)).not.toContain("word");
  });
});
