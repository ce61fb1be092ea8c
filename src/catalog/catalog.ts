import type { ProviderId } from "../kernel/ids.ts";
import type { Place } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";
import type { ModelSpec, UsdPerMTok } from "../provider/model-spec.ts";
import type { Source } from "../provider/provider.ts";
import type { ModelRef } from "./model-ref.ts";

/** What one source says of one fact of a model. */
export interface FactReading {
  readonly value: unknown;
  readonly source: Source;
}

/** For each fact its readings, the one that counts first; more than one where sources disagree. */
export type Readings = Readonly<Partial<Record<keyof ModelSpec, readonly FactReading[]>>>;

/** A higher price for requests with a longer prompt. */
export interface PriceStep {
  readonly aboveTokens: number;
  readonly usdPerMTok: UsdPerMTok;
}

/** What a list shows of a model; null where nobody states it. */
export type Glance = { readonly id: string; readonly name: string; readonly deprecated: boolean } & {
  readonly [F in "contextTokens" | "outputTokens" | "input" | "tools" | "reasoning" | "usdPerMTok" | "releasedOn"]: Exclude<ModelSpec[F], undefined> | null;
};

/** One model, and where its facts come from. */
export interface CatalogEntry {
  readonly spec: ModelSpec;
  /** `ids`: only the id is known. */
  readonly knows: "facts" | "ids";
  readonly origin: "config" | "models.json" | "plugin" | "refreshed" | "embedded";
  readonly place?: Place;
  /** Made when it is asked for: lists never ask. */
  readonly readings: Readings;
  /** Of the source whose price counts. Absent when the price is the same for every length. */
  readonly priceSteps?: readonly PriceStep[] | undefined;
}

/** `facts`: only models of which more than the id is known. */
export type Reach = "facts" | "everything";

export interface CatalogProvider {
  readonly id: ProviderId;
  /** At least: where several catalogues know the provider, the count of the fullest. */
  readonly models: number;
  /** Those of which only the id is known. */
  readonly idsOnly: number;
}

/** Which models exist. Reads one provider's shard at a time. */
export interface Catalog {
  /** Grows while shards are read. */
  readonly problems: readonly Problem[];
  /** From the index alone, sorted by id. Includes providers of which we hold no vendor file. */
  providers(): readonly CatalogProvider[];
  /** Sorted by model id. Everything unless told. */
  models(provider: ProviderId, reach?: Reach): readonly CatalogEntry[];
  /** As `models`, and several times cheaper: for lists of thousands, which look at each model once. Nothing is remembered. */
  glances(provider: ProviderId, reach?: Reach): readonly Glance[];
  find(ref: ModelRef): CatalogEntry | undefined;
}
