import { describe, expect, test } from "vitest";
import type { Asked } from "../../src/gateway/asked.ts";
import { answerHeld } from "../../src/gateway/give-back.ts";
import { toModelId, toProviderId } from "../../src/kernel/ids.ts";
import { Secret } from "../../src/kernel/secret.ts";
import type { Relayed } from "../../src/routing/relay-call.ts";
import type { Ran } from "../../src/routing/run-types.ts";
import { providerOf } from "../protocols/conversation.ts";

/** Everything is late at once. */
const ASKED = {
  inference: { requestId: "req_1", endpoint: { dialect: "openai-chat" } },
  body: { streams: true },
  shared: {
    machine: {
      after: (_: number, act: () => void) => {
        queueMicrotask(act);
        return () => undefined;
      },
    },
  },
} as unknown as Asked;

const machineOf = (after: (ms: number, act: () => void) => () => void): Asked => ({ ...ASKED, shared: { machine: { after } } }) as unknown as Asked;

/** Nothing is ever late. */
const patient = (): Asked => machineOf(() => () => undefined);

/** Nobody opens while the headers wait; from then on nothing is late. */
function lateOnce(): Asked {
  let isFirst = true;
  return machineOf((_, act) => {
    if (isFirst) queueMicrotask(act);
    isFirst = false;
    return () => undefined;
  });
}

const utf8 = new TextDecoder();

/** Somebody who opens only when told, and whether his stream was left. */
function opening(more: Partial<Relayed> = {}): { running: Promise<Ran<Relayed>>; open: () => void; isLeft: () => boolean } {
  let open: () => void = () => undefined;
  let isLeft = false;
  const pieces: AsyncIterator<Uint8Array> = {
    next: async () => ({ done: false, value: new Uint8Array(1) }),
    return: async () => {
      isLeft = true;
      return { done: true, value: undefined };
    },
  };
  const value: Relayed = {
    response: { status: 200, headers: {} },
    body: { [Symbol.asyncIterator]: () => pieces },
    over: new Promise(() => undefined),
    ...more,
  };
  const model = { ref: { provider: toProviderId("p"), model: toModelId("m") }, provider: providerOf("openai-chat"), spec: undefined, from: "asked" } as const;
  const ran: Ran<Relayed> = { kind: "opened", value, candidate: { model, profile: undefined, isTrial: false }, attempts: 1, refusals: [], passedOver: [] };
  const running = new Promise<Ran<Relayed>>((resolve) => {
    open = () => resolve(ran);
  });
  return { running, open, isLeft: () => isLeft };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("an answer that opens for a client that has gone is left", () => {
  test.each([
    ["without a look at the stream", 0],
    ["at a sign of life", 1],
  ])("%s", async (_, reads) => {
    const { running, open, isLeft } = opening();
    const { body } = await answerHeld(running, ASKED, 1);
    const pieces = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    for (let i = 0; i < reads; i++) await pieces.next();
    await pieces.return?.();
    open();
    await turn();
    expect(isLeft()).toBe(true);
  });

  test("where it has read who answers, and nothing of the answer", async () => {
    const { running, open, isLeft } = opening();
    const { body } = await answerHeld(running, lateOnce(), 1);
    const pieces = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    await pieces.next();
    open();
    await running;
    const { value } = await pieces.next();
    await pieces.return?.();
    await turn();
    expect([utf8.decode(value).includes("x-signalbox-served-by"), isLeft()]).toEqual([true, true]);
  });
});

describe("what the headers of a fast answer say", () => {
  const more = { lost: ["sampling.seed", "logprobs"], estimated: "usage" };
  const headers = {
    "x-signalbox-served-by": "p/m",
    "x-signalbox-attempts": "1",
    "x-signalbox-lost": "sampling.seed, logprobs",
    "x-signalbox-estimated": "usage",
  };

  test("stands in comments before an answer that opens late", async () => {
    const { running, open } = opening({ ...more, body: new TextEncoder().encode("data: hello\n\n") });
    const { headers: early, body } = await answerHeld(running, lateOnce(), 1);
    open();
    await running;
    let said = "";
    for await (const piece of body as AsyncIterable<Uint8Array>) said += utf8.decode(piece);
    const comments = Object.entries(headers).map(([name, text]) => `: ${name}: ${text}\n`);
    expect([early["x-signalbox-served-by"], said]).toEqual([undefined, `: still asking\n\n${comments.join("")}\ndata: hello\n\n`]);
  });

  test("holds no key that the vendor echoes in the name that it gave the request", async () => {
    const key = "a-key-of-no-published-shape-7f3a";
    const kept = new Secret(key);
    const { running, open } = opening({ ...more, response: { status: 200, headers: { "x-request-id": `req for ${key}` } } });
    open();
    expect(await answerHeld(running, patient(), 1)).toMatchObject({
      headers: { ...headers, "x-signalbox-upstream-request-id": `req for ${kept}` },
    });
  });
});
