import { AppError } from "../kernel/errors.ts";
import { listAt, numberAt, objectAt, parseJson, textAt } from "../kernel/json-value.ts";

/** Who may ask, and what for. The key itself is kept by its owner alone. */
export interface GatewayKey {
  readonly name: string;
  /** SHA-256, lower-case hexadecimal. */
  readonly digest: string;
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
  /** What may be asked for, as clients write it; `*` stands for anything. Everything where it is absent. */
  readonly models?: readonly string[];
  readonly requestsPerMinute?: number;
  readonly concurrency?: number;
}

/** `keys` holds no two of one name. */
export interface KeyFile {
  readonly keys: readonly GatewayKey[];
}

const DIGEST = /^[0-9a-f]{64}$/;

/** Throws GATEWAY_KEYS_BROKEN: a file that cannot be read lets nobody in, and is not written over. */
export function readKeyFile(text: string, file: string): KeyFile {
  const value = parseJson(text);
  const rows = listAt(value, "keys");
  const keys = rows.map(readKey);
  const known = keys.filter((key) => key !== undefined);
  if (objectAt(value) !== undefined && numberAt(value, "version") === 1 && known.length === rows.length) return { keys: known };
  throw new AppError("GATEWAY_KEYS_BROKEN", `${file} is not a file of gateway keys`, {
    hint: "Move it away and make new keys with `{cli} gateway keys create`.",
    place: { file },
  });
}

export function writeKeyFile({ keys }: KeyFile): string {
  return `${JSON.stringify({ version: 1, keys }, undefined, 2)}\n`;
}

function readKey(row: unknown): GatewayKey | undefined {
  const [name, digest, createdAtMs] = [textAt(row, "name"), textAt(row, "digest"), numberAt(row, "createdAtMs")];
  if (name === undefined || digest === undefined || !DIGEST.test(digest) || createdAtMs === undefined) return undefined;
  const [expiresAtMs, requestsPerMinute, concurrency] = ["expiresAtMs", "requestsPerMinute", "concurrency"].map((field) => numberAt(row, field));
  const models = objectAt(row)?.["models"];
  return {
    name,
    digest,
    createdAtMs,
    ...(expiresAtMs !== undefined && { expiresAtMs }),
    ...(Array.isArray(models) && { models: models.filter((model) => typeof model === "string") }),
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(concurrency !== undefined && { concurrency }),
  };
}

/** Whether the key's owner may ask for `asked`, as the client writes it, or for the model that it means. */
export function mayAsk({ models }: Pick<GatewayKey, "models">, ...words: readonly string[]): boolean {
  return models === undefined || models.some((pattern) => words.some((word) => matches(pattern, word)));
}

function matches(pattern: string, word: string): boolean {
  const parts = pattern.split("*");
  const [head = "", ...others] = parts;
  if (others.length === 0) return pattern === word;
  if (!word.startsWith(head)) return false;
  let at = head.length;
  for (const [i, part] of others.entries()) {
    const found = i === others.length - 1 ? word.length - part.length : word.indexOf(part, at);
    if (found < at || !word.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return true;
}
