import { describe, expect, test } from "vitest";
import type { ListedDetails } from "../../src/catalog/listed-details.ts";
import { readDetails } from "../../src/catalog/listed-details.ts";
import type { StatedFacts } from "../../src/catalog/readings.ts";
import type { LiveTarget } from "../../src/probe/live-target.ts";
import { type Candidate, candidateOf, isChat, isWanted, mostPromising, type Offer, type ScanFilter } from "../../src/probe/scan-candidate.ts";
import { defineProvider } from "../../src/provider/provider.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const DAY = 86_400_000;

function targetOf(id = "openrouter", isLocal: "local" | "far" = "far"): LiveTarget {
  const provider = defineProvider({
    ...{ id, label: id, protocol: "openai-chat", baseUrl: "https://x.example/v1", auth: [], docs: "", quirks: {} },
    source: { url: "https://x.example", checkedOn: "2026-11-21" },
  });
  return { provider, isLocal: isLocal === "local", isGuess: false };
}

interface Given {
  readonly facts?: StatedFacts;
  readonly details?: ListedDetails;
  readonly target?: LiveTarget;
  readonly serves?: "embeddings" | "other";
  readonly known?: StatedFacts;
}

function offer(id: string, { facts = {}, details = {}, target = targetOf(), serves }: Given = {}): Offer {
  return { target, server: undefined, details, model: { id, facts, ...(serves !== undefined && { serves }) } };
}

const candidate = (id: string, given: Given = {}): Candidate => candidateOf(offer(id, given), given.known ?? {});
const priced = (prompt: string, completion: string): ListedDetails => readDetails({ pricing: { prompt, completion } });
const wanted = (one: Candidate, filter: Partial<ScanFilter> = {}): boolean => isWanted(one, { paid: "left out", ...filter }, NOW);

describe("a model is free", () => {
  test.each<[string, string, Given, boolean]>([
    ["by its name", "a/b:free", {}, true],
    ["by its name in capitals", "a/b:FREE", {}, true],
    ["by its name, whatever its price", "a/b:free", { details: priced("0.1", "0.1") }, true],
    ["by a price of nothing each way", "a/b", { details: priced("0", "0.0") }, true],
    ["not with a price in", "a/b", { details: priced("0.000001", "0") }, false],
    ["not with a price out", "a/b", { details: priced("0", "0.000001") }, false],
    ["not without a price", "a/b", {}, false],
    ["not when it is merely called free", "a/free", {}, false],
    ["by the catalogue's price", "a/b", { known: { usdPerMTok: { input: 0, output: 0 } } }, true],
    ["not by the catalogue's price", "a/b", { known: { usdPerMTok: { input: 0, output: 1 } } }, false],
    ["by its own list rather than the catalogue", "a/b", { details: priced("0.1", "0.1"), known: { usdPerMTok: { input: 0, output: 0 } } }, false],
    ["on a server of one's own", "llama3.1:8b", { target: targetOf("ollama", "local") }, true],
    [
      "not on a server of one's own that states a price",
      "gpt-4o",
      { target: targetOf("litellm", "local"), facts: { usdPerMTok: { input: 1, output: 0 } } },
      false,
    ],
  ])("%s", (_, id, given, isFree) => {
    expect(candidate(id, given).isFree).toBe(isFree);
    expect(wanted(candidate(id, given))).toBe(isFree);
    expect(wanted(candidate(id, given), { paid: "wanted" })).toBe(true);
  });
});

describe("filters", () => {
  test("a vendor is the first segment of the id, whatever its case, and nothing less", () => {
    const vendors = ["qwen/q:free", "Qwen/q:free", "qwen2/q:free", "a/qwen:free"].map((id) => wanted(candidate(id), { vendor: " QWEN " }));
    expect(vendors).toEqual([true, true, false, false]);
    expect(wanted(candidate("llama3.1:8b", { target: targetOf("ollama", "local") }), { vendor: "ollama" })).toBe(true);
  });

  test("of the size that is asked for and larger; one that does not say is too small", () => {
    const sizes = ["a/m-70b:free", "a/m-69b:free", "a/m:free"].map((id) => wanted(candidate(id), { minParams: 70 }));
    expect(sizes).toEqual([true, false, false]);
    expect(wanted(candidate("a/m:free"), { minParams: 0 })).toBe(true);
  });

  test("as young as is asked for, to the day; one that does not say may be", () => {
    const aged = (days: number): boolean => wanted(candidate("a/m:free", { details: { createdAtMs: NOW - days * DAY } }), { maxAgeDays: 30 });
    expect([aged(0), aged(30), aged(30.001), aged(400)]).toEqual([true, true, false, false]);
    expect(wanted(candidate("a/m:free"), { maxAgeDays: 0 })).toBe(true);
    expect(wanted(candidate("a/m:free", { known: { releasedOn: "2025-01-01" } }), { maxAgeDays: 30 })).toBe(false);
  });

  test("when a file was fetched says nothing of a model's age", () => {
    const own = candidate("m", { target: targetOf("ollama", "local"), details: { createdAtMs: 1 } });
    expect(own.createdAtMs).toBeUndefined();
  });

  test("what its list says of a model counts before the catalogue", () => {
    const { facts, ref, parameters } = candidate("a/m:free", { facts: { contextTokens: 8, name: "M 7B" }, known: { contextTokens: 9, tools: true } });
    expect([facts, ref, parameters]).toEqual([{ contextTokens: 8, name: "M 7B", tools: true }, { provider: "openrouter", model: "a/m:free" }, 7]);
  });
});

describe("a chat model", () => {
  test.each<[string, Offer, boolean]>([
    ["one of which nothing else is said", offer("a/m"), true],
    ["one that answers with text", offer("a/m", { facts: { output: ["image", "text"] } }), true],
    ["one that answers with images alone", offer("a/m", { facts: { output: ["image"] } }), false],
    ["one for embeddings, by its server", offer("a/m", { serves: "embeddings" }), false],
    ["one for something else, by its server", offer("a/m", { serves: "other" }), false],
    ["one for embeddings, by its name", offer("text-embedding-3"), false],
    ["one that ranks, by its name", offer("a/rerank-2"), false],
  ])("%s", (_, one, is) => {
    expect(isChat(one)).toBe(is);
  });
});

describe("where not all are to be tested", () => {
  const tools = candidate("a/tools", { facts: { tools: true, contextTokens: 1 } });
  const large = candidate("a/large", { facts: { tools: true, contextTokens: 2 } });
  const unknown = candidate("a/unknown", { facts: { contextTokens: 9 } });
  const none = candidate("a/none", { facts: { tools: false, contextTokens: 99 } });
  const all = [none, unknown, tools, large];

  test("those come first that promise tools, then those with the largest context", () => {
    expect(mostPromising(all, 3)).toEqual([large, tools, unknown]);
  });

  test("all stay in their order where there are few enough, or no limit", () => {
    expect([mostPromising(all, 4), mostPromising(all, undefined)]).toEqual([all, all]);
  });
});
