import type { CatalogEntry, FactReading } from "../catalog/catalog.ts";
import { FACTS } from "../catalog/readings.ts";
import { dollars, type PriceRow } from "./model-words.ts";

/** A value of a fact: text, a number, yes or no, kinds of input and output, or a price for one million tokens. */
export type FactValue = string | number | boolean | string[] | PriceRow;

export interface ReadingRow {
  value: FactValue;
  /** A page or package that anyone can open, or the file that the person wrote. */
  source: string;
  /** ISO day. */
  checkedOn: string;
}

/** One fact: what counts, and what other sources say instead. */
export interface FactRow extends ReadingRow {
  fact: string;
  others: ReadingRow[];
}

export interface PriceStepRow {
  /** Of the prompt. */
  aboveTokens: number;
  usdPerMTok: PriceRow;
}

/** In a fixed order; only facts that somebody states. */
export function factRows({ readings }: CatalogEntry): FactRow[] {
  return FACTS.flatMap((fact) => {
    const [first, ...others] = readings[fact] ?? [];
    return first === undefined ? [] : [{ fact, ...readingRow(first), others: others.map(readingRow) }];
  });
}

export function priceStepRows(entry: CatalogEntry | undefined): PriceStepRow[] {
  return (entry?.priceSteps ?? []).map(({ aboveTokens, usdPerMTok }) => ({ aboveTokens, usdPerMTok: { ...usdPerMTok } }));
}

function readingRow({ value, source }: FactReading): ReadingRow {
  return { value: value as FactValue, source: source.url, checkedOn: source.checkedOn };
}

/** A value as a person reads it. */
export function factText(value: FactValue): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return value.toLocaleString("en-US");
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.join(", ") : priceSentence(value);
}

export function priceSentence({ input, output, cacheRead, cacheWrite }: PriceRow): string {
  if (input === 0 && output === 0) return "free";
  const cache = [
    ...(cacheRead === undefined ? [] : [`cache read ${dollars(cacheRead)}`]),
    ...(cacheWrite === undefined ? [] : [`cache write ${dollars(cacheWrite)}`]),
  ];
  return [`${dollars(input)} in`, `${dollars(output)} out`, ...cache].join(", ");
}
