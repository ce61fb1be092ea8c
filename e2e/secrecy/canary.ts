import { createHash } from "node:crypto";

/** A secret that occurs nowhere else: what it is, the prefix that its vendor publishes (which may be shown), and the rest (which may not). */
export interface Canary {
  readonly name: string;
  readonly prefix: string;
  readonly body: string;
  readonly value: string;
}

/** How much of a secret gives it away. */
const GRAM = 12;

/** The same secret each time for the same name; letters, digits and what percent-encoding, base64 and JSON write differently. */
export function canary(name: string, prefix = "", special = ""): Canary {
  const body = `${createHash("sha512").update(name).digest("base64url").replaceAll(/[-_]/g, "").slice(0, 24)}${special}${createHash("sha512")
    .update(`${name}/2`)
    .digest("base64url")
    .replaceAll(/[-_]/g, "")
    .slice(0, 24)}`;
  return { name, prefix, body, value: prefix + body };
}

export interface Leak {
  readonly canary: string;
  /** "raw", "base64", "reversed", … */
  readonly written: string;
}

/** Finds any twelve characters in a row of any canary, in every spelling. Text is looked through once, whatever the number of canaries. */
export class Hound {
  readonly #grams = new Map<string, Leak>();
  readonly #bloom = new Uint8Array(1 << 20);

  constructor(canaries: readonly Canary[]) {
    for (const { name, body } of canaries) {
      for (const [written, text] of spellings(body)) {
        for (let i = 0; i + GRAM <= text.length; i++) {
          const gram = text.slice(i, i + GRAM);
          if (!this.#grams.has(gram)) this.#grams.set(gram, { canary: name, written });
          this.#bloom[hashAt(gram, 0)] = 1;
        }
      }
    }
  }

  /** Each canary once for each spelling. */
  find(text: string): Leak[] {
    const found = new Map<string, Leak>();
    for (let i = 0; i + GRAM <= text.length; i++) {
      if (this.#bloom[hashAt(text, i)] !== 1) continue;
      const leak = this.#grams.get(text.slice(i, i + GRAM));
      if (leak !== undefined) found.set(`${leak.canary} ${leak.written}`, leak);
    }
    return [...found.values()];
  }
}

function hashAt(text: string, at: number): number {
  let hash = 0;
  for (let i = at; i < at + 6; i++) hash = (Math.imul(hash, 131) + text.charCodeAt(i)) | 0;
  return (hash >>> 3) & 0xfffff;
}

/** Base64 depends on what stands before: three alignments, without the characters at the ends that neighbours share. */
function spellings(text: string): [string, string][] {
  const bytes = Buffer.from(text, "utf8");
  const aligned = (encoding: "base64" | "base64url"): [string, string][] =>
    [0, 1, 2].map((shift) => [
      encoding,
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString(encoding)
        .slice(Math.ceil((shift * 4) / 3), -4),
    ]);
  const each = (write: (code: number) => string): string => Array.from(bytes, write).join("");
  const hex = (code: number): string => code.toString(16).padStart(2, "0");
  return [
    ["raw", text],
    ["reversed", [...text].toReversed().join("")],
    ...aligned("base64"),
    ...aligned("base64url"),
    ["percent-encoded", encodeURIComponent(text)],
    ["percent-encoded whole", each((code) => `%${hex(code).toUpperCase()}`)],
    ["percent-encoded whole", each((code) => `%${hex(code)}`)],
    ["JSON", JSON.stringify(text).slice(1, -1)],
    ["JSON in JSON", JSON.stringify(JSON.stringify(text)).slice(3, -3)],
    ["JSON escapes", each((code) => `\\u00${hex(code)}`)],
    ["hexadecimal", each(hex)],
    ["hexadecimal", each(hex).toUpperCase()],
  ];
}
