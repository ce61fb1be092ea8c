import type { Place } from "./place.ts";

/** Where a member of an object or an item of a list stands. Offsets in UTF-16 units; of an item both are the same. */
export interface Spot {
  readonly file: string;
  readonly keyOffset: number;
  readonly valueOffset: number;
}

/** A side table of parsed objects and lists: the values themselves stay plain. */
export class Positions {
  readonly #spots = new WeakMap<object, Map<string | number, Spot>>();

  note(container: object, key: string | number, spot: Spot): void {
    const known = this.#spots.get(container);
    if (known === undefined) this.#spots.set(container, new Map([[key, spot]]));
    else known.set(key, spot);
  }

  of(container: object, key: string | number): Spot | undefined {
    return this.#spots.get(container)?.get(key);
  }

  /** The spot at the end of a path of keys; undefined when the path leads nowhere. */
  at(root: unknown, path: readonly (string | number)[]): Spot | undefined {
    let spot: Spot | undefined;
    let value = root;
    for (const key of path) {
      if (typeof value !== "object" || value === null) return undefined;
      spot = this.of(value, key);
      if (spot === undefined) return undefined;
      value = (value as Record<string | number, unknown>)[key];
    }
    return spot;
  }
}

/** A text whose lines were counted once: thousands of places in it cost no more than one. */
export class Lines {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit === 10 || (unit === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
    }
    this.#starts = starts;
    this.#length = text.length;
  }

  /** As `lineAndColumn` says. */
  at(offset: number): { readonly line: number; readonly column: number } {
    const within = Math.min(offset, this.#length);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= within) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: within - (this.#starts[low] ?? 0) + 1 };
  }
}

/** The place of a key, or of the value behind it. */
export function placeOfSpot(spot: Spot, lines: Lines, what: "key" | "value"): Place {
  return { file: spot.file, ...lines.at(what === "key" ? spot.keyOffset : spot.valueOffset) };
}
