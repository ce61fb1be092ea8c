import type { HttpResponse } from "./http.ts";

/** The whole of an answer; undefined when it is longer than `maxBytes`. */
export async function bodyText({ body }: Pick<HttpResponse, "body">, maxBytes: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return undefined;
    pieces.push(decoder.decode(chunk, { stream: true }));
  }
  return pieces.join("") + decoder.decode();
}
