import type { EmbeddingRequest } from "../chat/request.ts";
import { BodyFaults, FieldReader } from "./body-reader.ts";
import { numberAt, stated } from "../kernel/json-value.ts";
import type { Loss } from "./protocol.ts";

/** A body of POST /v1/embeddings, as it was understood. */
export interface VectorsAsked {
  readonly kind: "vectors";
  /** undefined where it holds tokens of one model's own: no other format takes them. */
  readonly request: EmbeddingRequest | undefined;
  readonly encoding: "float" | "base64";
  readonly losses: readonly Loss[];
}

export function readVectorsAsked(body: Readonly<Record<string, unknown>>): VectorsAsked {
  const reader = new FieldReader(body, "", new BodyFaults());
  reader.any("model");
  const texts = textsOf(reader.any("input"));
  const format = reader.any("encoding_format");
  if (format !== undefined && format !== "float" && format !== "base64") reader.leave("encoding_format");
  const encoding = format === "base64" ? "base64" : "float";
  const dimensions = numberAt(body, "dimensions");
  if (dimensions !== undefined) reader.any("dimensions");
  const more = stated({ dimensions });
  const losses = Object.keys(reader.left).map((field): Loss => ({ field, how: "lost", why: "the format has no such setting" }));
  return { kind: "vectors", request: texts === undefined ? undefined : { texts, ...more }, encoding, losses };
}

function textsOf(input: unknown): readonly string[] | undefined {
  if (typeof input === "string") return [input];
  return Array.isArray(input) && input.length > 0 && input.every((text) => typeof text === "string") ? input : undefined;
}

/** The answer as OpenAI writes it; base64 holds 32-bit floats, the lowest byte first. Docs: platform.openai.com/docs/api-reference/embeddings, checked on 2026-11-21. */
export function writeVectors(vectors: readonly (readonly number[])[], as: VectorsAsked["encoding"], model: string, tokens: number): object {
  const data = vectors.map((vector, index) => ({ object: "embedding", index, embedding: as === "float" ? vector : base64Of(vector) }));
  return { object: "list", data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

function base64Of(vector: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  for (const [i, figure] of vector.entries()) view.setFloat32(i * 4, figure, true);
  let binary = "";
  for (const byte of new Uint8Array(view.buffer)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
