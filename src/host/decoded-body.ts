import type { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** A body that swells more than this is made to hurt. */
const MOST_SWELLING = 200;
const NEVER_TOO_MUCH_BYTES = 1_048_576;

/** Some servers compress although nobody asked for it. What cannot be undone is handed on as it is. */
export async function* decoded(body: Readable, encoding: string): AsyncGenerator<Uint8Array> {
  const decoder = DECODERS[encoding]?.();
  if (decoder === undefined) {
    for await (const chunk of body) yield chunk as Uint8Array;
    return;
  }
  let bytes = 0;
  body.on("error", (error) => decoder.destroy(error));
  body.pipe(decoder);
  try {
    for await (const chunk of decoder) {
      bytes += (chunk as Uint8Array).length;
      if (bytes > NEVER_TOO_MUCH_BYTES && bytes > decoder.bytesWritten * MOST_SWELLING) throw tooLarge();
      yield chunk as Uint8Array;
    }
  } finally {
    decoder.destroy();
    body.destroy();
  }
}

/** `bytesWritten`: what it has taken in of the packed ones. */
type Unpacker = NodeJS.ReadWriteStream & Readable & { readonly bytesWritten: number };

function tooLarge(): Error {
  return Object.assign(new Error("the body swells too much when it is unpacked"), { code: "UND_ERR_RES_EXCEEDED_MAX_SIZE" });
}

const DECODERS: Readonly<Record<string, () => Unpacker>> = Object.assign(Object.create(null), {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
});
