import { describe, expect, test } from "vitest";
import { readRequest } from "../../../src/protocols/openai-responses/read-request.ts";

describe("reasoning", () => {
  const asked = (reasoning: unknown) => {
    const reading = readRequest({ model: "m", input: "Hi", reasoning });
    return reading.kind === "request" && [reading.chat.reasoning, reading.chat.extras];
  };

  test.each([[null], [{}], [{ effort: null, summary: null }]])("is not asked for by %j", (reasoning) => {
    expect(asked(reasoning)).toEqual([undefined, undefined]);
  });

  test("is asked for by an effort, by a summary of it, or by an effort that nobody here knows", () => {
    expect([{ effort: "low", summary: null }, { effort: null, summary: "auto" }, { effort: "utmost" }, { effort: "none" }].map(asked)).toEqual([
      [{ kind: "on", effort: "low" }, undefined],
      [{ kind: "on", shown: true }, undefined],
      [{ kind: "on" }, undefined],
      [{ kind: "off" }, undefined],
    ]);
  });

  test("stays as it is where it says something that the one language has no word for", () => {
    expect(asked({ effort: null, context: "all" })).toEqual([undefined, { "openai-responses": { reasoning: { effort: null, context: "all" } } }]);
  });
});
