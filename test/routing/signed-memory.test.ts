import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { toModelId, toProfileId, toProviderId } from "../../src/kernel/ids.ts";
import type { ProtocolId } from "../../src/provider/protocol-id.ts";
import type { Candidate } from "../../src/routing/failover-plan.ts";
import { openSignedMemory } from "../../src/routing/signed-memory.ts";
import { providerOf } from "../protocols/conversation.ts";

function candidate(provider: string, model: string, account: string, protocol: ProtocolId = "anthropic-messages"): Candidate {
  const profile = { id: toProfileId(`${provider}:${account}`) } as Candidate["profile"];
  const ref = { provider: toProviderId(provider), model: toModelId(model) };
  return { model: { ref, provider: providerOf(protocol), spec: undefined, from: "asked" }, profile, isTrial: false };
}

const digest = (text: string): string => `digest of ${text}`.padEnd(40, ".");

describe("what a signature is bound to", () => {
  test.each([
    ["the same model and account", candidate("a", "m", "1"), false],
    ["another account of the vendor", candidate("a", "m", "2"), false],
    ["another model of the vendor, which leaves out by itself what it cannot read", candidate("a", "n", "1"), false],
    ["another vendor", candidate("b", "m", "1"), true],
  ])("at Anthropic: %s", (_, to, isForeign) => {
    const memory = openSignedMemory(digest);
    memory.learn(["s"], candidate("a", "m", "1"));
    expect(memory.isForeign("s", to)).toBe(isForeign);
  });

  test.each([
    ["the same model and account", ["a", "m", "1"], false],
    ["another account", ["a", "m", "2"], true],
    ["another model", ["a", "n", "1"], true],
    ["another vendor", ["b", "m", "1"], true],
  ] as const)("at OpenAI: %s", (_, [provider, model, account], isForeign) => {
    const memory = openSignedMemory(digest);
    memory.learn(["s"], candidate("a", "m", "1", "openai-responses"));
    expect(memory.isForeign("s", candidate(provider, model, account, "openai-responses"))).toBe(isForeign);
  });
});

describe("what is remembered", () => {
  test("what nobody has seen being made is nobody's; what one refused is foreign to that one alone", () => {
    const memory = openSignedMemory(digest);
    const [one, other] = [candidate("a", "m", "1"), candidate("b", "m", "1")];
    expect([memory.isEmpty, memory.isForeign("s", one)]).toEqual([true, false]);
    memory.refused(["s"], one);
    expect([memory.isEmpty, memory.isForeign("s", one), memory.isForeign("s", other)]).toEqual([false, true, false]);
  });

  test("no more than ten thousand, the longest unused goes first", () => {
    const memory = openSignedMemory((text) => text.padEnd(40, "."));
    const [one, other] = [candidate("a", "m", "1"), candidate("b", "m", "1")];
    memory.learn(["first", "second"], one);
    expect(memory.isForeign("first", other)).toBe(true);
    memory.learn(
      Array.from({ length: 9_999 }, (_, i) => `s${i}`),
      one,
    );
    expect([memory.isForeign("first", other), memory.isForeign("second", other)]).toEqual([true, false]);
  });

  test("what a route wants, by its model", () => {
    const memory = openSignedMemory(digest);
    memory.note("stand-ins", candidate("a", "m", "1"));
    const of = (provider: string, model: string, account: string) => memory.wants("stand-ins", candidate(provider, model, account));
    expect([of("a", "m", "2"), of("a", "n", "1"), of("b", "m", "1"), memory.wants("budgets", candidate("a", "m", "1"))]).toEqual([true, false, false, false]);
  });
});

test("long signatures are told apart by their length and their ends", () => {
  const digested: string[] = [];
  const memory = openSignedMemory((text) => {
    digested.push(text);
    return createHash("sha256").update(text).digest("hex");
  });
  const long = (end: string) => `${"a".repeat(5000)}${end}`;
  const [one, other] = [candidate("a", "m", "1"), candidate("b", "m", "1")];
  memory.learn([long("1")], one);
  expect([long("1"), long("2"), `a${long("1")}`].map((signature) => memory.isForeign(signature, other))).toEqual([true, false, false]);
  expect(Math.max(...digested.map(({ length }) => length))).toBeLessThan(600);
});
