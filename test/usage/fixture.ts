import { readFileSync } from "node:fs";
import type { UsageReader } from "../../src/usage/usage-reader.ts";
import { USAGE_READERS } from "../../src/usage/usage-readers.ts";

/** An answer as a vendor's page or a reader of it recorded it, with where and when. */
export interface Fixture {
  readonly url: string;
  readonly checkedOn: string;
  /** "GET /path". */
  readonly request: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function fixture(name: string): Fixture {
  return JSON.parse(readFileSync(new URL(`../fixtures/usage/${name}.json`, import.meta.url), "utf8")) as Fixture;
}

export function readerOf(provider: string): UsageReader {
  const found = USAGE_READERS.find(({ providers }) => providers.includes(provider));
  if (found === undefined) throw new Error(`there is no reader of ${provider}`);
  return found;
}
