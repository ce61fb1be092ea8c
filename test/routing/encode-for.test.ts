import { describe, expect, test } from "vitest";
import type { UpstreamFailure } from "../../src/chat/failure.ts";
import { ask } from "../../src/chat/request.ts";
import type { ModelRef } from "../../src/catalog/model-ref.ts";
import type { Provider } from "../../src/provider/provider.ts";
import { askInOther, encodeFor, lossesRefusedBy } from "../../src/routing/encode-for.ts";
import type { RoutedModel } from "../../src/routing/route.ts";
import { openSignedMemory } from "../../src/routing/signed-memory.ts";
import { model, providerOf } from "../protocols/conversation.ts";

const routed = (more: Partial<Provider> = {}): RoutedModel => ({
  ref: { provider: "somebody", model } as ModelRef,
  provider: providerOf("anthropic-messages", more),
  spec: undefined,
  from: "asked",
});
const seeded = { chat: ask("Hi", { sampling: { seed: 7 } }), losses: [{ field: "logprobs", how: "lost", why: "test" } as const] };
const refusedBy = lossesRefusedBy({ translation: "refuse" });

describe("a request in the format of a model that speaks another one", () => {
  test("names what was lost before it, then what it loses itself", () => {
    const encoded = encodeFor(routed(), seeded, { account: {}, refusedBy: lossesRefusedBy({ translation: "name" }) });
    expect(encoded.kind === "encoded" && encoded.losses.map(({ field }) => field)).toEqual(["logprobs", "sampling.seed"]);
  });

  test("stays here where losses are refused; what is only changed leaves", () => {
    const why = "speaks anthropic-messages, which cannot say logprobs (gateway.translation is refuse)";
    expect(encodeFor(routed(), seeded, { account: {}, refusedBy })).toEqual({ kind: "withheld", why });
    const changed = { chat: ask("Hi"), losses: [{ field: "output", how: "changed", why: "test" } as const] };
    expect(encodeFor(routed(), changed, { account: {}, refusedBy }).kind).toBe("encoded");
  });

  test("stays here where its address is not whole", () => {
    const why = "has no address without its baseUrl";
    expect(encodeFor(routed({ baseUrl: undefined }), seeded, { account: {}, refusedBy })).toEqual({ kind: "withheld", why });
  });
});

describe("who does not accept what was written for it", () => {
  const candidate = { model: routed(), profile: undefined, isTrial: false };
  const call = { memory: openSignedMemory((text) => text), candidate, as: "drop", signal: new AbortController().signal } as const;
  const failed = (failure: Partial<UpstreamFailure>): Promise<unknown> =>
    askInOther(ask("Hi"), call, async () => ({ kind: "refused", failure: { reason: "format", rule: "test", ...failure } }));

  test("may blame the translation, where no detail says what else", async () => {
    expect(await failed({ message: "no" })).toMatchObject({ failure: { reason: "format", detail: "translated" } });
    expect(await failed({ detail: "output_floor" })).toMatchObject({ failure: { detail: "output_floor" } });
    expect(await failed({ reason: "auth" })).not.toHaveProperty("failure.detail");
  });
});
