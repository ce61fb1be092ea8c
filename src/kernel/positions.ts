import { lineAndColumn, type Place } from "./place.ts";

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

  /** An item was taken out of a list: the later ones move up. */
  removeItem(list: readonly unknown[], index: number): void {
    const known = this.#spots.get(list);
    if (known === undefined) return;
    for (let i = index; i < list.length; i++) {
      const later = known.get(i + 1);
      if (later === undefined) known.delete(i);
      else known.set(i, later);
    }
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

/** The place of a key, or of the value behind it, in a text that was kept. */
export function placeOfSpot(spot: Spot, textOf: (file: string) => string | undefined, what: "key" | "value"): Place {
  const text = textOf(spot.file);
  if (text === undefined) return { file: spot.file };
  return { file: spot.file, ...lineAndColumn(text, what === "key" ? spot.keyOffset : spot.valueOffset) };
}
