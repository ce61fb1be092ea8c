import { describe, expect, test } from "vitest";
import type { Asked } from "../../src/gateway/asked.ts";
import { answerHeld } from "../../src/gateway/give-back.ts";
import { toModelId, toProviderId } from "../../src/kernel/ids.ts";
import type { Relayed } from "../../src/routing/relay-call.ts";
import type { Ran } from "../../src/routing/run-plan.ts";
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

/** Somebody who opens only when told, and whether his stream was left. */
function opening(): { running: Promise<Ran<Relayed>>; open: () => void; isLeft: () => boolean } {
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
});
