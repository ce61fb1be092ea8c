import { openSync, readSync } from "node:fs";
import { closeQuietly } from "./read-bytes.ts";

/** 72 bits: no two are ever the same. */
const TOKEN_BYTES = 9;
const POOL_BYTES = 64 * TOKEN_BYTES;

let pool: Buffer = Buffer.alloc(0);
let used = 0;

/** Twelve characters that are safe in a file name. */
export function randomToken(): string {
  if (used === pool.length) [pool, used] = [randomBytes(POOL_BYTES), 0];
  used += TOKEN_BYTES;
  return pool.toString("base64url", used - TOKEN_BYTES, used);
}

/** From the device where there is one: loading `node:crypto` costs ten times as much. */
function randomBytes(count: number): Buffer {
  return fromDevice(count) ?? process.getBuiltinModule("node:crypto").randomBytes(count);
}

function fromDevice(count: number): Buffer | undefined {
  if (process.platform === "win32") return undefined;
  let descriptor: number | undefined;
  try {
    descriptor = openSync("/dev/urandom", "r");
    const bytes = Buffer.alloc(count);
    return readSync(descriptor, bytes) === count ? bytes : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeQuietly(descriptor);
  }
}
