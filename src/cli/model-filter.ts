import { assertNever } from "../kernel/errors.ts";
import type { ModelRow } from "./model-row.ts";

export const SORTS = ["key", "name", "context", "output", "price", "released"] as const;
export type Sort = (typeof SORTS)[number];

/** What a listed model must have. A fact that is not known fulfils nothing. */
export interface Wanted {
  readonly local: boolean;
  readonly provider: string | undefined;
  readonly search: string | undefined;
  readonly free: boolean;
  readonly tools: boolean;
  readonly vision: boolean;
  readonly reasoning: boolean;
  readonly minContext: number | undefined;
  readonly maxPrice: number | undefined;
}

export function filterRows(rows: ModelRow[], wanted: Wanted): ModelRow[] {
  const tests = testsOf(wanted);
  return tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
}

/** One test for each thing that is wanted. */
function testsOf({ local, provider, search, free, tools, vision, reasoning, minContext, maxPrice }: Wanted): ((row: ModelRow) => boolean)[] {
  const words = (search ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const costs = (row: ModelRow): number => dearestOf(row) ?? Number.POSITIVE_INFINITY;
  return [
    ...(local ? [(row: ModelRow) => row.local === true] : []),
    ...(provider === undefined ? [] : [(row: ModelRow) => row.provider === provider]),
    ...(tools ? [(row: ModelRow) => row.tools === true] : []),
    ...(reasoning ? [(row: ModelRow) => row.reasoning === true] : []),
    ...(vision ? [(row: ModelRow) => row.input.split("+").includes("image")] : []),
    ...(free ? [(row: ModelRow) => costs(row) === 0] : []),
    ...(minContext === undefined ? [] : [(row: ModelRow) => (row.contextWindow ?? 0) >= minContext]),
    ...(maxPrice === undefined ? [] : [(row: ModelRow) => costs(row) <= maxPrice]),
    ...(words.length === 0 ? [] : [(row: ModelRow) => hasWords(row, words)]),
  ];
}

function hasWords({ key, name }: ModelRow, words: readonly string[]): boolean {
  const text = `${key} ${name}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function dearestOf({ usdPerMTok }: ModelRow): number | undefined {
  return usdPerMTok === null ? undefined : Math.max(usdPerMTok.input, usdPerMTok.output);
}

/** As given without a field. Models of which the field is not known come last; equal ones keep their order. */
export function sortRows(rows: ModelRow[], sort: Sort | undefined): ModelRow[] {
  return sort === undefined ? rows : rows.sort((one, other) => compare(one, other, sort));
}

function compare(one: ModelRow, other: ModelRow, sort: Sort): number {
  switch (sort) {
    case "key":
      return byText(one.key, other.key);
    case "name":
      return byText(one.name.toLowerCase(), other.name.toLowerCase());
    case "context":
      return (other.contextWindow ?? -1) - (one.contextWindow ?? -1);
    case "output":
      return (other.outputTokens ?? -1) - (one.outputTokens ?? -1);
    case "price":
      return (sumOf(one) ?? Number.MAX_VALUE) - (sumOf(other) ?? Number.MAX_VALUE);
    case "released":
      return byText(other.releasedOn ?? "", one.releasedOn ?? "");
    default:
      return assertNever(sort);
  }
}

function sumOf({ usdPerMTok }: ModelRow): number | undefined {
  return usdPerMTok === null ? undefined : usdPerMTok.input + usdPerMTok.output;
}

function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
