import { AppError } from "../kernel/errors.ts";
import type { Modality, UsdPerMTok } from "../provider/model-spec.ts";
import type { PriceStep } from "./catalog.ts";
import type { Fact } from "./readings.ts";

/** Raised when a shard written by one version cannot be read by another. */
export const SHARD_VERSION = 1;

/**
 * All that one catalogue knows of one provider. Rows are arrays and not objects, so that 1,700 of them are read in a few
 * milliseconds. Sources are named by their place in `sources`.
 */
export interface Shard {
  readonly v: typeof SHARD_VERSION;
  readonly provider: string;
  /** Page or package, and ISO day. */
  readonly sources: readonly (readonly [url: string, checkedOn: string])[];
  /** Wire formats, named by their place in `Row`. */
  readonly protocols: readonly string[];
  /** Sorted by id. */
  readonly models: readonly Row[];
  /** Models of which only the id is known: a source, and its ids, sorted. None of them is in `models`. */
  readonly ids: readonly (readonly [source: number, ids: readonly string[]])[];
}

/**
 * One model: the values that count. Trailing elements that say nothing are left out; 0, -1 for a wire format, and "" say nothing.
 * `elsewhere`: values of the row that its main source does not state: fact, source, fact, source, …
 * `contrary`: what other sources say instead: fact, source, value, fact, source, value, …
 */
export type Row = readonly [
  id: string,
  name?: string,
  source?: number,
  protocol?: number,
  contextTokens?: number,
  outputTokens?: number,
  input?: number,
  output?: number,
  flags?: number,
  price?: Price | 0,
  releasedOn?: string,
  baseUrl?: string,
  elsewhere?: readonly number[],
  contrary?: readonly unknown[],
];

/** Input, output, cache read, cache write, in US dollars for one million tokens; -1 says nothing. Then steps: tokens and a price. */
export type Price = readonly [input: number, output: number, cacheRead?: number, cacheWrite?: number, steps?: readonly PriceStepRow[]];
export type PriceStepRow = readonly [aboveTokens: number, input: number, output: number, cacheRead?: number, cacheWrite?: number];

export const MODALITIES: readonly Modality[] = ["text", "image", "audio", "video", "pdf"];

/** Two bits for each fact of yes or no: the lower one says that it is known, the upper one what it is. */
export const FLAG_SHIFT = { tools: 0, reasoning: 2, openWeights: 4, deprecated: 6 } as const satisfies { readonly [F in Fact]?: number };

const byMask: (readonly Modality[])[] = [];

/** The same list for the same mask. */
export function modalitiesOf(mask: number): readonly Modality[] {
  byMask[mask] ??= MODALITIES.filter((_, bit) => (mask & (1 << bit)) !== 0);
  return byMask[mask];
}

export function maskOf(modalities: readonly Modality[]): number {
  return modalities.reduce((mask, modality) => mask | (1 << MODALITIES.indexOf(modality)), 0);
}

export function priceOf(price: Price): UsdPerMTok {
  const input = price[0];
  const output = price[1];
  const cacheRead = price[2] ?? -1;
  const cacheWrite = price[3] ?? -1;
  if (cacheRead < 0) return cacheWrite < 0 ? { input, output } : { input, output, cacheWrite };
  return cacheWrite < 0 ? { input, output, cacheRead } : { input, output, cacheRead, cacheWrite };
}

export function priceStepsOf(price: Price | 0 | undefined): readonly PriceStep[] | undefined {
  return price === undefined || price === 0 ? undefined : price[4]?.map(([aboveTokens, ...step]) => ({ aboveTokens, usdPerMTok: priceOf(step) }));
}

/** A fact as a value of `contrary`, from its value in a spec. */
export function packFact(fact: Fact, value: unknown): unknown {
  if (fact === "input" || fact === "output") return maskOf(value as readonly Modality[]);
  if (fact === "usdPerMTok") return packPrice(value as UsdPerMTok);
  return value;
}

/** The reverse of `packFact`. */
export function unpackFact(fact: Fact, packed: unknown): unknown {
  if (fact === "input" || fact === "output") return modalitiesOf(packed as number);
  if (fact === "usdPerMTok") return priceOf(packed as Price);
  return packed;
}

export function packPrice({ input, output, cacheRead = -1, cacheWrite = -1 }: UsdPerMTok, steps: readonly PriceStep[] = []): Price {
  if (steps.length > 0)
    return [
      input,
      output,
      cacheRead,
      cacheWrite,
      steps.map(({ aboveTokens, usdPerMTok }) => [aboveTokens, ...packPrice(usdPerMTok)] as unknown as PriceStepRow),
    ];
  if (cacheWrite >= 0) return [input, output, cacheRead, cacheWrite];
  return cacheRead >= 0 ? [input, output, cacheRead] : [input, output];
}

/** Our own package's shards are trusted, so only the frame is checked: version and lists. Throws CATALOG_BROKEN. */
export function parseShard(text: string, file: string): Shard {
  const shard = parseCatalogue(text, file) as Partial<Shard> | null;
  const framed = shard?.v === SHARD_VERSION && Array.isArray(shard.sources) && Array.isArray(shard.protocols);
  if (!framed || !Array.isArray(shard?.models) || !Array.isArray(shard.ids)) throw brokenShard(file, "it is not a catalogue file of this version");
  return shard as Shard;
}

/** Any file of a catalogue. Throws CATALOG_BROKEN. */
export function parseCatalogue(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw brokenShard(file, "it is not JSON", cause);
  }
}

export function brokenShard(file: string, reason: string, cause?: unknown): AppError {
  return new AppError("CATALOG_BROKEN", `the catalogue file ${file} cannot be used: ${reason}`, {
    hint: "Run `{cli} models refresh` to write it anew; until then the embedded catalogue serves.",
    place: { file },
    cause,
  });
}
