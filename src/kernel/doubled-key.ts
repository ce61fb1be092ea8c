import { parseDocument } from "./json5-parser.ts";
import type { Place } from "./place.ts";
import { Lines, Positions, placeOfSpot, type Spot } from "./positions.ts";

/** A key that an object has twice: a program that reads and writes it keeps the last one alone. `place` is that of the second. */
export function doubledKey(text: string, file: string): { readonly key: string; readonly place: Place } | undefined {
  const doubled = new DoubledKeys();
  parseDocument(text, file, { dialect: "json", positions: doubled });
  if (doubled.first === undefined) return undefined;
  const { key, spot } = doubled.first;
  return { key, place: placeOfSpot(spot, new Lines(text), "key") };
}

class DoubledKeys extends Positions {
  first: { readonly key: string; readonly spot: Spot } | undefined;

  override note(container: object, key: string | number, spot: Spot): void {
    if (this.first === undefined && this.of(container, key) !== undefined) this.first = { key: String(key), spot };
    super.note(container, key, spot);
  }
}
