import { expect, test } from "vitest";
import { listedLines, scanLines } from "../../src/cli/scan-lines.ts";
import type { ScanReport } from "../../src/cli/scan-report.ts";
import { makeStyle, type Style } from "../../src/cli/style.ts";
import { type ScanRow, untested } from "../../src/probe/scan-row.ts";

const style = makeStyle({ colour: false, width: 80, cli: "nemo", homeDir: "/home/me", nowMs: 0 });

const failed = { ...untested({ error: "does not answer", reason: "network" }), skipped: false, trials: 1 };
const noted = { ...untested(), ok: true, skipped: false, latencyMs: 5, passed: 1, trials: 1, note: "it answered twice" };

function rowOf(provider: string, more: Partial<ScanRow> = {}): ScanRow {
  return {
    ...{ id: "qwen3:4b", name: "qwen3:4b", provider, modelRef: `${provider}/qwen3:4b`, contextLength: null, maxCompletionTokens: null },
    ...{ supportedParametersCount: 0, supportsToolsMeta: false, stated: { tools: null, images: null, reasoning: null }, modality: null },
    ...{ inferredParamB: 4, createdAtMs: null, pricing: null, isFree: true, tool: failed, image: untested(), json: untested(), stream: untested() },
    ...{ firstPieceMs: null, tokensPerSecond: null, usdPerMTok: null, requestLimits: null, server: null, profileId: null },
    ...more,
  };
}

const reportOf = (results: ScanRow[]): ScanReport => ({
  ...{ selected: [], selectedImages: [], setDefault: false, setImage: false, results, warnings: [], schemaVersion: 1, outcome: "not written" },
  ...{ consent: "none", configPath: "/home/me/.nemo/nemo.json", files: [], lists: [], prefer: "images", repeat: 1, requests: 2, mostUsd: 0 },
  ...{ durationMs: 10, sources: [] },
});

const told = (...results: ScanRow[]): string[] =>
  scanLines(reportOf(results), style)
    .split("\n")
    .filter((line) => /^[✗·] .*(does not answer|twice)/.test(line));

test("of several servers, what went wrong names which one it was", () => {
  expect(told(rowOf("ollama"), rowOf("vllm"))).toEqual(["✗ ollama/qwen3:4b, vllm/qwen3:4b · tool: does not answer"]);
  expect(told(rowOf("ollama", { tool: noted }), rowOf("vllm", { tool: noted }))).toEqual([
    "· ollama/qwen3:4b · tool: it answered twice",
    "· vllm/qwen3:4b · tool: it answered twice",
  ]);
});

test("of one server the model alone is named", () => {
  expect(told(rowOf("ollama"))).toEqual(["✗ qwen3:4b · tool: does not answer"]);
});

test("a list that is piped keeps its references whole", () => {
  const modelRef = `lab/${"x".repeat(80)}`;
  const piped: Style = { ...style, ids: "whole" };
  expect(listedLines([rowOf("lab", { modelRef })], piped)).toContain(modelRef);
  expect(listedLines([rowOf("lab", { modelRef })], style)).not.toContain(modelRef);
});
