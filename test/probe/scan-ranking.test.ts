import { describe, expect, test } from "vitest";
import { type Preference, preselected, ranked, rankedForImages } from "../../src/probe/scan-ranking.ts";
import { type ScanRow, type ScanTestRow, untested } from "../../src/probe/scan-row.ts";

const ok = (latencyMs: number): ScanTestRow => ({ ok: true, latencyMs, passed: 1, trials: 1 });
const bad: ScanTestRow = { ok: false, latencyMs: null, error: "no", passed: 0, trials: 1 };

function row(modelRef: string, more: Partial<ScanRow> = {}): ScanRow {
  return {
    ...{ id: modelRef, name: modelRef, provider: "p", modelRef, contextLength: null, maxCompletionTokens: null, supportedParametersCount: 0 },
    ...{ supportsToolsMeta: false, stated: { tools: null, images: null, reasoning: null }, modality: null, inferredParamB: null, createdAtMs: null },
    ...{ pricing: null, isFree: true, tool: ok(100), image: untested(), json: untested(), stream: untested(), firstPieceMs: null, tokensPerSecond: null },
    ...{ usdPerMTok: null, requestLimits: null, server: null, profileId: null },
    ...more,
  };
}

const refs = (rows: readonly ScanRow[]): string => rows.map(({ modelRef }) => modelRef).join(" ");
const order = (rows: readonly ScanRow[], preference: Preference = "images"): string => refs(ranked(rows, preference));

describe("as scans always ranked", () => {
  test("tools before none, images before none, then the quickest", () => {
    const rows = [row("slow", { tool: ok(200) }), row("none", { tool: bad, image: ok(1) }), row("sees", { tool: ok(900), image: ok(900) }), row("quick")];
    expect(order(rows)).toBe("sees quick slow none");
  });

  test("equally quick: the larger context, then the larger model, then the name", () => {
    const rows = [row("b"), row("a"), row("big", { inferredParamB: 70 }), row("small", { inferredParamB: 7 }), row("wide", { contextLength: 1 })];
    expect(order(rows)).toBe("wide big small a b");
  });

  test("how quickly a test failed counts for nothing", () => {
    const rows = [row("failed", { tool: { ...bad, latencyMs: 1 } }), row("other", { tool: bad, contextLength: 5 })];
    expect(order(rows)).toBe("other failed");
  });

  test("what is given is left as it is", () => {
    const rows = [row("b"), row("a")];
    ranked(rows, "images");
    expect(refs(rows)).toBe("b a");
  });
});

describe("by what a person prefers", () => {
  const rows = [
    row("sees", { tool: ok(300), image: ok(9), tokensPerSecond: 10, contextLength: 10, isFree: false, usdPerMTok: { input: 1, output: 4 } }),
    row("quick", { tool: ok(100), tokensPerSecond: 20, contextLength: 20, isFree: false, usdPerMTok: { input: 2, output: 2 } }),
    row("speedy", { tool: ok(200), tokensPerSecond: 30, contextLength: null, isFree: false }),
    row("free", { tool: ok(400), tokensPerSecond: null, contextLength: 30 }),
    row("none", { tool: bad, tokensPerSecond: 99, contextLength: 99 }),
  ];

  test.each<[Preference, string]>([
    ["images", "sees quick speedy free none"],
    ["latency", "quick speedy sees free none"],
    ["throughput", "speedy quick sees free none"],
    ["context", "free quick sees speedy none"],
    ["price", "free quick sees speedy none"],
  ])("%s: %s", (preference, expected) => {
    expect(order(rows, preference)).toBe(expected);
  });

  test("equal figures are ranked as usual", () => {
    expect(order([row("a", { tokensPerSecond: 5 }), row("sees", { tokensPerSecond: 5, image: ok(1) })], "throughput")).toBe("sees a");
  });
});

describe("for images", () => {
  const rows = [
    row("blind"),
    row("slow", { image: ok(20), contextLength: 50 }),
    row("quick", { image: ok(10), tool: bad }),
    row("wide", { image: ok(20), contextLength: 90 }),
    row("failed", { image: { ...bad, latencyMs: 1 } }),
  ];

  test("those that see, the quickest with images first, whatever else they can do", () => {
    expect([refs(rankedForImages(rows, "images")), refs(rankedForImages(rows, "latency"))]).toEqual(["quick wide slow", "quick wide slow"]);
  });

  test("a preference comes first there too", () => {
    expect(refs(rankedForImages(rows, "context"))).toBe("wide slow quick");
  });
});

describe("what is chosen unless a person says otherwise", () => {
  const rows = [
    row("a", { tool: ok(1) }),
    row("b", { tool: ok(2), image: ok(5) }),
    row("c", { tool: ok(3), image: ok(4) }),
    row("d", { tool: bad, image: ok(1) }),
  ];
  const chosen = (all: readonly ScanRow[], preference: Preference, most: number): string[] => {
    const { models, images } = preselected(all, preference, most);
    return [refs(models), refs(images)];
  };

  test("of those that call tools the ones that see images, where there are any", () => {
    expect(chosen(rows, "images", 6)).toEqual(["b c", "d c b"]);
  });

  test("else all that call tools; never one that does not", () => {
    expect(chosen([row("a"), row("d", { tool: bad })], "images", 6)).toEqual(["a", ""]);
  });

  test("with another preference all that call tools", () => {
    expect(chosen(rows, "latency", 6)).toEqual(["a b c", "d c b"]);
  });

  test("at most as many as are asked for", () => {
    expect(chosen(rows, "latency", 2)).toEqual(["a b", "d c"]);
  });

  test("of nothing, nothing", () => {
    expect(chosen([], "images", 6)).toEqual(["", ""]);
  });
});
