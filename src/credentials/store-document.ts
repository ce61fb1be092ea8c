import type { ExactText } from "../kernel/exact-numbers.ts";
import { toProfileId, type ProfileId, type ProviderId } from "../kernel/ids.ts";
import { objectAt } from "../kernel/json-value.ts";

type Section = "profiles" | "order" | "usageStats" | "lastGood";

/**
 * An auth store as its file has it, raw: sections and entries that we do not know, or that are broken, stay as they are and where they are. Maps all
 * the way, for keyed by outside text.
 */
export class StoreDocument {
  readonly #fields: Map<string, unknown>;
  readonly #exact: Pick<ExactText, "restored"> | undefined;

  /** `exact`: what the value was read from. */
  constructor(value: Readonly<Record<string, unknown>>, exact?: Pick<ExactText, "restored">) {
    this.#fields = new Map(Object.entries(value));
    this.#exact = exact;
  }

  entries(section: Section): Map<string, unknown> {
    return new Map(Object.entries(objectAt(this.#fields.get(section)) ?? {}));
  }

  /** A section that ends up empty goes, but for `profiles`; one that ends up as it was is not touched. */
  edit(section: Section, change: (entries: Map<string, unknown>) => void): void {
    const before = this.entries(section);
    const after = new Map(before);
    change(after);
    const isSame = after.size === before.size && [...after].every(([key, value], i) => isPair([...before][i], key, value));
    if (isSame) return;
    if (after.size === 0 && section !== "profiles") this.#fields.delete(section);
    else this.#fields.set(section, Object.fromEntries(after));
  }

  /** What is compared to tell whether anything changed. */
  get content(): string {
    return JSON.stringify(Object.fromEntries(this.#fields));
  }

  /** With `version: 1` in front, where it is new, and the next `rev`, behind that where it is new. */
  get text(): string {
    const rev = this.#fields.get("rev");
    const next = typeof rev === "number" && Number.isSafeInteger(rev) && rev >= 0 ? rev + 1 : 1;
    const hasRev = this.#fields.has("rev");
    const written: [string, unknown][] = this.#fields.has("version") ? [] : [["version", 1]];
    if (!hasRev && written.length > 0) written.push(["rev", next]);
    for (const [name, value] of this.#fields) {
      written.push([name, name === "version" ? 1 : name === "rev" ? next : value]);
      if (name === "version" && !hasRev) written.push(["rev", next]);
    }
    const text = `${JSON.stringify(Object.fromEntries(written), null, 2)}\n`;
    return this.#exact?.restored(text) ?? text;
  }
}

function isPair(pair: readonly [string, unknown] | undefined, key: string, value: unknown): boolean {
  return pair !== undefined && pair[0] === key && pair[1] === value;
}

/** The order that counts for a provider: of several spellings of its id the last, as reading has it. */
export function listedFor(provider: ProviderId, orders: ReadonlyMap<string, unknown>, idOf: (text: string) => ProviderId): ProfileId[] | undefined {
  const lists = [...orders].flatMap(([written, ids]) => (idOf(written) === provider && textsIn(ids).length > 0 ? [textsIn(ids)] : []));
  return lists.at(-1)?.map(toProfileId);
}

/** Trimmed, each once. */
export function textsIn(list: unknown): string[] {
  const texts = Array.isArray(list) ? list.flatMap((item: unknown) => (typeof item === "string" ? [item.trim()] : [])) : [];
  return [...new Set(texts)].filter((text) => text !== "");
}

/** Every list with each id as `rename` gives it, and without those of which it gives none. A list that loses its last id goes. */
export function relisted(orders: Map<string, unknown>, rename: (id: string) => string | undefined): void {
  for (const [provider, list] of orders) {
    const before = textsIn(list);
    const after = [...new Set(before.flatMap((id) => rename(id) ?? []))];
    if (after.length === before.length && after.every((id, i) => id === before[i])) continue;
    if (after.length === 0) orders.delete(provider);
    else orders.set(provider, after);
  }
}
