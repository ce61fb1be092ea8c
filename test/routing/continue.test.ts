import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatEvent } from "../../src/chat/event.ts";
import type { UpstreamFailure } from "../../src/chat/failure.ts";
import { toModelId, toProviderId } from "../../src/kernel/ids.ts";
import { CUT } from "../../src/protocols/body.ts";
import { protocols } from "../../src/protocols/index.ts";
import type { GoodEvent, ServedDialect } from "../../src/protocols/server-protocol.ts";
import { serverProtocols } from "../../src/protocols/servers.ts";
import { continued, type GoingOn } from "../../src/routing/continue.ts";
import { streamEnds } from "../../src/gateway/dialect.ts";
import { tellCut } from "../../src/gateway/tell-failure.ts";
import { createFollower } from "../../src/routing/continue-follow.ts";
import { behind } from "../../src/routing/continue-match.ts";
import type { Candidate } from "../../src/routing/failover-plan.ts";
import { relay } from "../../src/routing/relay.ts";
import type { Relayed, RelayEnd } from "../../src/routing/relay-call.ts";
import type { Ran, Refusal } from "../../src/routing/run-types.ts";
import { bodyOf, bytesOf, cut } from "../protocols/chunks.ts";
import { providerOf } from "../protocols/conversation.ts";
import { fakeHost } from "../support/fake-host.ts";

const DIALECTS: readonly ServedDialect[] = ["openai-chat", "anthropic-messages", "openai-responses"];
const HEAD = { id: "1", model: "first", createdSeconds: 7, wantsUsage: true };
const DONE: GoodEvent = { kind: "done", stop: "end", isEmpty: false, droppedCount: 0 };

const candidateOf = (name: string): Candidate => ({
  model: { ref: { provider: toProviderId(name), model: toModelId("m") }, provider: providerOf("openai-chat"), spec: undefined, from: "asked" },
  profile: undefined,
  isTrial: false,
});

/** One who answers: its words, where they are cut into pieces, and whether it comes to its end. */
interface Answering {
  readonly text: string;
  readonly places: readonly number[];
  readonly breaksAt: number | undefined;
}

function piecesOf({ text, places }: Pick<Answering, "text" | "places">): string[] {
  const ends = [...new Set([...places.map((place) => place % (text.length + 1)), text.length])].sort((a, b) => a - b);
  return ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end)).filter((piece) => piece !== "");
}

async function* eventsOf(answering: Answering): AsyncGenerator<ChatEvent> {
  const { breaksAt } = answering;
  yield { kind: "start" };
  yield { kind: "usage", usage: { inputTokens: 1, outputTokens: 2 } };
  const pieces = piecesOf(answering);
  for (const piece of breaksAt === undefined ? pieces : pieces.slice(0, breaksAt % (pieces.length + 1))) yield { kind: "text", block: 3, text: piece };
  yield breaksAt === undefined ? DONE : { kind: "failed", failure: CUT, droppedCount: 0 };
}

function streamOf(dialect: ServedDialect, answering: Answering): Uint8Array {
  const writer = serverProtocols[dialect].createWriter(HEAD);
  const events: GoodEvent[] = [{ kind: "start" }, ...piecesOf(answering).map((text): GoodEvent => ({ kind: "text", block: 0, text })), DONE];
  return bytesOf(events.map((event) => writer.event(event)).join(""));
}

interface Played {
  readonly bytes: readonly Uint8Array[];
  readonly end: RelayEnd;
  readonly noted: readonly string[];
  /** How often somebody was asked to go on. */
  readonly askedCount: number;
}

/** The first one's stream as a vendor sends it, in these chunks; the others in their order. undefined: the first one never began. */
async function play(
  dialect: ServedDialect,
  chunks: readonly Uint8Array[],
  others: readonly Answering[],
  read: "where it is parsed" | "by its bytes",
): Promise<Played | undefined> {
  const provider = providerOf(dialect);
  const host = fakeHost({ http: () => ({ status: 200, headers: { "content-type": "text/event-stream" }, body: bodyOf(chunks) }) });
  const ends = streamEnds(dialect, "req_1", tellCut);
  const request = { method: "POST", url: "https://api.example.com", headers: {} } as const;
  const after = () => () => undefined;
  const silent = { ...ends, error: () => new Uint8Array(0) };
  const call = {
    protocol: protocols[dialect],
    provider,
    request,
    credential: undefined,
    awaits: "stream",
    firstTokenMs: 9,
    bufferBytes: 9,
    after,
    ends: silent,
    ...(read === "where it is parsed" && { follower: createFollower(dialect) }),
  } as const;
  const tried = await relay(host, call);
  if (tried.kind !== "opened") return undefined;
  const noted: string[] = [];
  let askedCount = 0;
  const left = [...others];
  const value = continued({
    dialect,
    ran: { kind: "opened", value: tried.value, candidate: candidateOf("first"), attempts: 1, refusals: [], passedOver: [] },
    host,
    ledger: { brokeOff: (candidate, failure) => void noted.push(`${candidate.model.ref.provider}: ${failure.reason}`) },
    after,
    goOn: async (begun, before): Promise<Ran<GoingOn>> => {
      askedCount++;
      const refusals: Refusal[] = [...before];
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const candidate = candidateOf(`other${others.length - left.length}`);
        const matched = await behind(begun.text, eventsOf(next));
        const opened = { value: { events: [] as never, close: () => undefined, lost: [] }, candidate, attempts: refusals.length + 1, refusals, passedOver: [] };
        if (matched.kind === "goes on") return { kind: "opened", ...opened, value: { ...opened.value, events: matched.events } };
        refusals.push({ candidate, failure: { reason: "unknown", rule: "test" }, startedMs: 0, tookMs: 0 });
      }
      return { kind: "exhausted", refusals, passedOver: [], attempts: refusals.length, stoppedBy: "nobody" };
    },
    writerOf: (begun) => serverProtocols[dialect].createWriter({ ...HEAD, model: begun.model }, begun),
    tell: {
      stillAsking: bytesOf(": still asking\n\n"),
      takenOver: (by) => bytesOf(`: taken over by ${by.model.ref.provider}\n\n`),
      error: ends.error,
    },
  });
  const bytes: Uint8Array[] = [];
  for await (const piece of value.body as AsyncIterable<Uint8Array>) bytes.push(piece);
  return { bytes, end: await value.over, noted, askedCount };
}

/** As a client of that format reads it. */
async function read(dialect: ServedDialect, bytes: readonly Uint8Array[]): Promise<{ text: string; end: "answer" | UpstreamFailure["reason"] }> {
  const response = { status: 200, headers: { "content-type": "text/event-stream" }, body: bodyOf(bytes) };
  let text = "";
  let end: "answer" | UpstreamFailure["reason"] = "unknown";
  for await (const event of protocols[dialect].decode(response, { providerId: "x" })) {
    if (event.kind === "text") text += event.text;
    else if (event.kind === "done") end = "answer";
    else if (event.kind === "failed") end = event.failure.reason;
  }
  return { text, end };
}

const textOf = (bytes: readonly Uint8Array[]): string => bytes.map((piece) => new TextDecoder().decode(piece)).join("");
const valuesOf = (bytes: readonly Uint8Array[]): Record<string, unknown>[] =>
  textOf(bytes)
    .split("\n")
    .flatMap((line) => (line.startsWith("data: {") ? [JSON.parse(line.slice(6)) as Record<string, unknown>] : []));

const words = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 });
const places = fc.array(fc.nat(200), { maxLength: 6 });
const breaks = fc.option(fc.nat(50), { nil: undefined });
const otherOf = (text: string): fc.Arbitrary<Answering> =>
  fc.record({
    text: fc.oneof(
      fc.constant(text),
      words.map((more) => text + more),
      fc.tuple(fc.nat(), words).map(([length, more]) => text.slice(0, length % (text.length + 1)) + more),
      words,
    ),
    places,
    breaksAt: breaks,
  });
const story = words.chain((text) => {
  const first = fc.record({ text: fc.constant(text), places, breaksAt: fc.constant(undefined) });
  return fc.record({
    dialect: fc.constantFrom(...DIALECTS),
    first,
    others: fc.array(otherOf(text), { maxLength: 4 }),
    keep: fc.integer({ min: 0, max: 1000 }).map((part) => part / 1000),
    chunks: fc.array(fc.nat(), { maxLength: 20 }),
    read: fc.constantFrom("where it is parsed", "by its bytes"),
  });
});

describe("a stream that breaks off anywhere", () => {
  test("is one candidate's whole answer or ends in an error, and never a mixture", async () => {
    let [whole, honest] = [0, 0];
    const property = fc.asyncProperty(story, async ({ dialect, first, others, keep, chunks, read: by }) => {
      const all = streamOf(dialect, first);
      const kept = all.subarray(0, Math.round(keep * all.length));
      const at = [...new Set(chunks.map((place) => place % (kept.length + 1)))].sort((a, b) => a - b);
      const played = await play(dialect, cut(kept, at), others, by);
      if (played === undefined) return;
      const { text, end } = await read(dialect, played.bytes);
      const spoke = [first, ...others];
      if (end === "answer") {
        whole++;
        expect(played.end.kind).toBe("answered");
        expect(spoke.filter(({ breaksAt }) => breaksAt === undefined).map((one) => one.text)).toContain(text);
      } else {
        honest++;
        expect(played.end.kind).toBe("cut");
        expect(spoke.some((one) => one.text.startsWith(text))).toBe(true);
        // Whoever would have said the same, to its end, would have been heard.
        if (played.askedCount === played.noted.length) expect(others.some((other) => other.breaksAt === undefined && other.text.startsWith(text))).toBe(false);
      }
      wellFormed(dialect, played.bytes, end === "answer");
    });
    await fc.assert(property, { numRuns: 1000 });
    expect(Math.min(whole, honest)).toBeGreaterThan(10);
  });
});

/** One beginning, one end, names and numbers that stay. */
function wellFormed(dialect: ServedDialect, bytes: readonly Uint8Array[], isWhole: boolean): void {
  const values = valuesOf(bytes).filter(({ type, error }) => type !== "error" && error === undefined);
  const types = values.map(({ type }) => type);
  const count = (type: string): number => types.filter((one) => one === type).length;
  if (dialect === "openai-chat") {
    expect(new Set(values.map(({ id, model, created }) => `${id} ${model} ${created}`)).size).toBe(1);
    const finishes = values.flatMap(({ choices }) => (choices as { finish_reason: string | null }[]).filter((choice) => choice.finish_reason !== null));
    expect([finishes.length, textOf(bytes).split("data: [DONE]").length - 1]).toEqual(isWhole ? [1, 1] : [0, 0]);
  } else if (dialect === "anthropic-messages") {
    expect([count("message_start"), count("message_delta"), count("message_stop")]).toEqual(isWhole ? [1, 1, 1] : [1, 0, 0]);
    const starts = values.filter(({ type }) => type === "content_block_start").map(({ index }) => index);
    expect(starts).toEqual(starts.map((_, i) => i));
    if (isWhole) expect(count("content_block_stop")).toBe(starts.length);
  } else {
    expect(values.map(({ sequence_number: number }) => number)).toEqual(values.map((_, i) => i));
    expect([count("response.created"), count("response.output_item.added"), count("response.completed")]).toEqual([1, 1, isWhole ? 1 : 0]);
    const ids = new Set(values.flatMap(({ item_id: id }) => id ?? []));
    expect(ids.size).toBe(1);
    const last = values.at(-1) as { response?: { id: string; output: { id: string; content: { text: string }[] }[] } };
    if (isWhole) expect([last.response?.id, last.response?.output.map(({ id }) => id)]).toEqual(["resp_1", [...ids]]);
  }
}

describe("between two who speak", () => {
  const chunk = bytesOf('data: {"id":"a","model":"m","created":1,"choices":[{"index":0,"delta":{"content":"One"}}]}\n\n');
  const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  function open(failure: UpstreamFailure, goOn: Promise<Ran<GoingOn>>, more: { readonly isLeft?: () => void } = {}): { value: Relayed; noted: string[] } {
    const noted: string[] = [];
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        yield chunk;
      } finally {
        more.isLeft?.();
      }
    }
    const ends = streamEnds("openai-chat", "req_1", tellCut);
    const first: Relayed = {
      response: { status: 200, headers: {} },
      body: body(),
      over: Promise.resolve({ kind: "cut", failure, usage: {}, droppedCount: 0 }),
    };
    const value = continued({
      dialect: "openai-chat",
      ran: { kind: "opened", value: first, candidate: candidateOf("first"), attempts: 1, refusals: [], passedOver: [] },
      host: fakeHost(),
      ledger: { brokeOff: (_, { reason }) => void noted.push(reason) },
      after: (_, act) => {
        setImmediate(act);
        return () => undefined;
      },
      goOn: () => goOn,
      writerOf: (begun) => serverProtocols["openai-chat"].createWriter(HEAD, begun),
      tell: { stillAsking: bytesOf(": still asking\n\n"), takenOver: () => bytesOf(": taken over\n\n"), error: ends.error },
    });
    return { value, noted };
  }

  const going = (more: Partial<GoingOn> = {}): Ran<GoingOn> => ({
    kind: "opened",
    value: { events: eventsOf({ text: " two", places: [], breaksAt: undefined }), close: () => undefined, lost: [], ...more },
    candidate: candidateOf("second"),
    attempts: 2,
    refusals: [],
    passedOver: [],
  });

  test("the client gets signs of life", async () => {
    const { value } = open(
      CUT,
      later()
        .then(later)
        .then(later)
        .then(() => going()),
    );
    const bytes: Uint8Array[] = [];
    for await (const piece of value.body as AsyncIterable<Uint8Array>) bytes.push(piece);
    const told = textOf(bytes).split("\n\n");
    expect([told[1], told.indexOf(": taken over") > 1, await read("openai-chat", bytes)]).toEqual([": still asking", true, { text: "One two", end: "answer" }]);
  });

  test.each([
    ["the gateway ends it", { reason: "cancelled", rule: "test" }, []],
    ["it is larger than what is passed on", { reason: "format", detail: "answer_too_large", rule: "test" }, ["format"]],
  ] as const)("nobody is asked where %s", async (_, failure, told) => {
    const { value, noted } = open(failure, Promise.resolve(going()));
    const bytes: Uint8Array[] = [];
    for await (const piece of value.body as AsyncIterable<Uint8Array>) bytes.push(piece);
    expect([(await value.over).kind, textOf(bytes).includes('"error"'), textOf(bytes).includes("taken over"), noted]).toEqual(["cut", true, false, told]);
  });

  test("a client that leaves takes whoever speaks with it", async () => {
    const left: string[] = [];
    const { value } = open(CUT, Promise.resolve(going({ close: () => void left.push("second") })), { isLeft: () => void left.push("first") });
    for await (const piece of value.body as AsyncIterable<Uint8Array>) if (textOf([piece]).includes("taken over")) break;
    expect([left, (await value.over).kind]).toEqual([["first", "second"], "cancelled"]);
    const early = open(CUT, Promise.resolve(going()), { isLeft: () => void left.push("early") });
    for await (const _ of early.value.body as AsyncIterable<Uint8Array>) break;
    expect([left.at(-1), await early.value.over]).toEqual(["early", { kind: "cancelled", usage: {}, droppedCount: 0 }]);
  });

  test("a client that never reads is gone", async () => {
    const { value } = open(CUT, Promise.resolve(going()));
    await (value.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]().return?.();
    expect((await value.over).kind).toBe("cancelled");
  });
});

describe("a client that leaves pays for what was counted until then", () => {
  const chat = (event: GoodEvent): Uint8Array => bytesOf(serverProtocols["openai-chat"].createWriter(HEAD).event(event));
  const said = (text: string): Uint8Array => chat({ kind: "text", block: 0, text });

  /** Says this, and breaks off or is left. */
  function speaking(pieces: readonly Uint8Array[], usage: RelayEnd["usage"]): Relayed {
    let finish: (end: RelayEnd) => void = () => undefined;
    const over = new Promise<RelayEnd>((resolve) => {
      finish = resolve;
    });
    async function* body(): AsyncGenerator<Uint8Array> {
      let end: RelayEnd = { kind: "cancelled", usage, droppedCount: 0 };
      try {
        yield* pieces;
        end = { ...end, kind: "cut", failure: CUT };
      } finally {
        finish(end);
      }
    }
    return { response: { status: 200, headers: {} }, body: body(), over };
  }

  /** The client takes so many pieces. */
  async function leftAfter(count: number, goOn: () => Promise<Ran<GoingOn>>, patience: "none" | "endless" = "none"): Promise<RelayEnd> {
    const value = continued({
      dialect: "openai-chat",
      ran: {
        kind: "opened",
        value: speaking([said("One"), said(" two")], { inputTokens: 5 }),
        candidate: candidateOf("first"),
        attempts: 1,
        refusals: [],
        passedOver: [],
      },
      host: fakeHost({}),
      ledger: { brokeOff: () => undefined },
      after: (_, act) => {
        if (patience === "none") queueMicrotask(act);
        return () => undefined;
      },
      goOn,
      writerOf: (begun) => serverProtocols["openai-chat"].createWriter(HEAD, begun),
      tell: { stillAsking: bytesOf(":\n\n"), takenOver: () => bytesOf(": taken over\n\n"), error: () => bytesOf(": error\n\n") },
    });
    let taken = 0;
    for await (const _ of value.body as AsyncIterable<Uint8Array>) if (++taken === count) break;
    return value.over;
  }

  async function* goesOn(): AsyncGenerator<ChatEvent> {
    yield { kind: "usage", usage: { inputTokens: 9 } };
    yield { kind: "text", block: 0, text: " three" };
    yield DONE;
  }
  const other = candidateOf("other");
  const opened = async (): Promise<Ran<GoingOn>> => ({
    kind: "opened",
    value: { events: goesOn(), close: () => undefined, lost: [] },
    candidate: other,
    attempts: 2,
    refusals: [],
    passedOver: [],
  });

  test("while the first one speaks", async () => {
    expect(await leftAfter(1, opened)).toEqual({ kind: "cancelled", usage: { inputTokens: 5 }, droppedCount: 0 });
  });

  test("while somebody is asked to go on", async () => {
    expect(await leftAfter(3, () => new Promise(() => undefined))).toEqual({ kind: "cancelled", usage: { inputTokens: 5 }, droppedCount: 0 });
  });

  test("while the next one speaks", async () => {
    const end = await leftAfter(4, opened, "endless");
    expect({
      ...end,
      takenOver: { ...end.takenOver, candidate: undefined, refusals: undefined, before: end.takenOver?.before.map(({ usage }) => usage) },
    }).toEqual({
      kind: "cancelled",
      usage: { inputTokens: 9 },
      droppedCount: 0,
      takenOver: { candidate: undefined, attempts: 2, refusals: undefined, before: [{ inputTokens: 5 }] },
    });
  });
});
