import { assertNever } from "../kernel/errors.ts";
import type { ScanRow } from "./scan-row.ts";

/** What counts first. `images`: models that see images, then the quickest, as scans always ranked. */
export const PREFERENCES = ["images", "latency", "throughput", "context", "price"] as const;
export type Preference = (typeof PREFERENCES)[number];

type Order = (a: ScanRow, b: ScanRow) => number;

/** Those that call tools before those that do not. A figure that is not known comes last. */
export function ranked(rows: readonly ScanRow[], preference: Preference): ScanRow[] {
  return rows.toSorted(
    inTurn(
      yesFirst(({ tool }) => tool.ok),
      ...preferred(preference),
      ...USUAL,
    ),
  );
}

/** Those that see images, for the image model and its fallbacks. */
export function rankedForImages(rows: readonly ScanRow[], preference: Preference): ScanRow[] {
  const latency = least(({ image }) => image.latencyMs);
  const own = preference === "images" || preference === "latency" ? [] : preferred(preference);
  return rows.filter(({ image }) => image.ok).toSorted(inTurn(...own, latency, ...SIZE));
}

/** What is chosen unless a person says otherwise. By `images`, of those that call tools only those that see images, where there are any. */
export function preselected(rows: readonly ScanRow[], preference: Preference, most: number): { models: ScanRow[]; images: ScanRow[] } {
  const able = ranked(rows, preference).filter(({ tool }) => tool.ok);
  const seeing = preference === "images" ? able.filter(({ image }) => image.ok) : [];
  return { models: (seeing.length > 0 ? seeing : able).slice(0, most), images: rankedForImages(rows, preference).slice(0, most) };
}

const SIZE: readonly Order[] = [most(({ contextLength }) => contextLength), most(({ inferredParamB }) => inferredParamB), byRef];
const USUAL: readonly Order[] = [yesFirst(({ image }) => image.ok), least(toolLatency), ...SIZE];

function preferred(preference: Preference): Order[] {
  switch (preference) {
    case "images":
      return [];
    case "latency":
      return [least(toolLatency)];
    case "throughput":
      return [most(({ tokensPerSecond }) => tokensPerSecond)];
    case "context":
      return [most(({ contextLength }) => contextLength)];
    case "price":
      return [least(priceOf)];
    default:
      return assertNever(preference);
  }
}

/** A test that failed was quick for nothing. */
function toolLatency({ tool }: ScanRow): number | null {
  return tool.ok ? tool.latencyMs : null;
}

/** A million tokens each way. */
function priceOf({ usdPerMTok, isFree }: ScanRow): number | null {
  return isFree ? 0 : usdPerMTok === null ? null : usdPerMTok.input + usdPerMTok.output;
}

function inTurn(...orders: readonly Order[]): Order {
  return (a, b) => orders.reduce((decided, order) => decided || order(a, b), 0);
}

function yesFirst(is: (row: ScanRow) => boolean): Order {
  return (a, b) => Number(is(b)) - Number(is(a));
}

function least(figure: (row: ScanRow) => number | null): Order {
  return (a, b) => compare(figure(a) ?? Number.MAX_VALUE, figure(b) ?? Number.MAX_VALUE);
}

function most(figure: (row: ScanRow) => number | null): Order {
  return (a, b) => compare(figure(b) ?? -1, figure(a) ?? -1);
}

function byRef(a: ScanRow, b: ScanRow): number {
  return compare(a.modelRef, b.modelRef);
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}
