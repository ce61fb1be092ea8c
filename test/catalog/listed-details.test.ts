import { describe, expect, test } from "vitest";
import { readDetails } from "../../src/catalog/listed-details.ts";

describe("the fields of OpenRouter's list", () => {
  test("are read where OpenRouter writes them", () => {
    const entry = {
      id: "a/b",
      created: 1_733_506_137,
      architecture: { modality: "text+image->text", input_modalities: ["text", "image"] },
      pricing: { prompt: "0.00000125", completion: "0.00001", request: "0.01", image: "0.002", web_search: "0.004", internal_reasoning: "0.00002" },
      supported_parameters: ["tools", "temperature", 7],
      per_request_limits: { prompt_tokens: "4000", completion_tokens: 200 },
    };
    expect(readDetails(entry)).toEqual({
      createdAtMs: 1_733_506_137_000,
      modality: "text+image->text",
      parameters: ["tools", "temperature"],
      usdPerToken: { prompt: 0.00000125, completion: 0.00001, request: 0.01, image: 0.002, webSearch: 0.004, internalReasoning: 0.00002 },
      requestLimits: { promptTokens: 4000, completionTokens: 200 },
    });
  });

  test("the names that older scanners looked for say nothing", () => {
    expect(readDetails({ created_at: 1_733_506_137, modality: "text+image->text" })).toEqual({});
  });

  test.each([
    ["no object", 7],
    ["a list", []],
    ["other types", { created: "1733506137", architecture: "x", pricing: "free", supported_parameters: "tools", per_request_limits: "none" }],
    ["a time before there were models", { created: 0 }],
    ["a time beyond the calendar", { created: 9e15 }],
    ["a router's price", { pricing: { prompt: "-1", completion: "-1" } }],
    ["half a price", { pricing: { prompt: "0", completion: "" } }],
    ["no number", { pricing: { prompt: "0", completion: "NaN" } }],
    ["no limits", { per_request_limits: null }],
    ["limits that are none", { per_request_limits: { prompt_tokens: 0, completion_tokens: 1.5 } }],
    ["an empty modality", { architecture: { modality: "" } }],
  ])("%s: nothing", (_, entry) => {
    expect(readDetails(entry)).toEqual({});
  });

  test("milliseconds are told from seconds, and a limit may stand alone", () => {
    expect(readDetails({ created: 1_733_506_137_000, per_request_limits: { completion_tokens: 5 } })).toEqual({
      createdAtMs: 1_733_506_137_000,
      requestLimits: { promptTokens: null, completionTokens: 5 },
    });
  });
});
