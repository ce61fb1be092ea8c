import type { Modality } from "../provider/model-spec.ts";
import type { PriceStep } from "./catalog.ts";
import type { StatedFacts } from "./readings.ts";
import { MODALITIES } from "./shard-format.ts";

/** One model as a live catalogue states it, checked. Addresses are never taken from there: a catalogue must not say where keys go. */
export interface LiveModel {
  readonly id: string;
  readonly facts: StatedFacts;
  readonly priceSteps?: readonly PriceStep[];
}

export interface LiveProvider {
  /** As the catalogue spells it. */
  readonly id: string;
  readonly models: readonly LiveModel[];
  /** Of which it states nothing else. */
  readonly ids: readonly string[];
}

/** What of a live catalogue can be used. */
export interface LiveList {
  readonly providers: readonly LiveProvider[];
  /** Entries that were passed over: no id, an impossible one, not an object. */
  readonly skipped: number;
  /** The newest ISO day that stands in it: its facts are at least of that day. */
  readonly newestDay?: string;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** An id that a shard may hold: of a length that vendors use, without blanks at its ends, without control characters. */
export function isModelId(value: unknown): value is string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return typeof value === "string" && value !== "" && value.length <= 256 && value.trim() === value && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value);
}

/** An id that may become the name of a file. */
export function isProviderId(value: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,63}$/.test(value) && value !== "index";
}

export function nameOr(value: unknown, id: string): string {
  return typeof value === "string" && value.trim() !== "" ? value.trim().slice(0, 200) : id;
}

/** A count of tokens that a model may have. */
export function tokens(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= 1_000_000_000 ? value : undefined;
}

/** Those of the words that we know; undefined when none is. Some catalogues say "file" for documents. */
export function modalities(words: unknown): readonly Modality[] | undefined {
  if (!Array.isArray(words)) return undefined;
  const known = MODALITIES.filter((modality) => words.includes(modality) || (modality === "pdf" && words.includes("file")));
  return known.length === 0 ? undefined : known;
}

export function yesOrNo(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}
