import { describe, expect, test } from "vitest";
import { readVectorsAsked, writeVectors } from "../../src/protocols/embeddings.ts";

describe("what is asked", () => {
  test.each([
    [{ model: "m", input: "a" }, { texts: ["a"] }],
    [
      { model: "m", input: ["a", "b"], dimensions: 3 },
      { texts: ["a", "b"], dimensions: 3 },
    ],
    [{ model: "m", input: [1, 2] }, undefined],
    [{ model: "m", input: [[1], [2]] }, undefined],
    [{ model: "m", input: [] }, undefined],
    [{ model: "m" }, undefined],
  ])("%j", (body, request) => {
    expect(readVectorsAsked(body)).toEqual({ kind: "vectors", request, encoding: "float", losses: [] });
  });

  test("what no other format knows is named", () => {
    const { losses, encoding } = readVectorsAsked({ model: "m", input: "a", encoding_format: "base64", user: "me", extra: 1 });
    expect([encoding, losses.map(({ field }) => field)]).toEqual(["base64", ["user", "extra"]]);
  });

  test("a setting of another type than it should have is no setting, and named", () => {
    const { request, encoding, losses } = readVectorsAsked({ model: "m", input: "a", dimensions: "3", encoding_format: "int8" });
    expect([request, encoding, losses.map(({ field }) => field)]).toEqual([{ texts: ["a"] }, "float", ["dimensions", "encoding_format"]]);
  });
});

test("vectors are written as OpenAI writes them", () => {
  const usage = { prompt_tokens: 4, total_tokens: 4 };
  expect(writeVectors([[0.5]], "float", "p/m", 4)).toEqual({
    object: "list",
    data: [{ object: "embedding", index: 0, embedding: [0.5] }],
    model: "p/m",
    usage,
  });
  expect(writeVectors([[1, -2]], "base64", "p/m", 4)).toMatchObject({
    data: [{ embedding: Buffer.from(new Float32Array([1, -2]).buffer).toString("base64") }],
  });
});
