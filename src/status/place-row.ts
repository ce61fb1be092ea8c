import type { Place } from "../kernel/place.ts";

/** A position in a file, as a report shows it. */
export interface PlaceRow {
  file: string;
  line: number | null;
  column: number | null;
}

export function placeRow(place: Place | undefined): PlaceRow | null {
  return place === undefined ? null : { file: place.file, line: place.line ?? null, column: place.column ?? null };
}
