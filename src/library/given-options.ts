import { checkFields, isWritable, type Shape, unusable } from "./given-value.ts";
import type { BrandNames } from "./names.ts";
import type { LibraryOptions } from "./signalbox.ts";

const OPTIONS: Readonly<Record<string, Shape>> = {
  profile: "a text",
  agent: "a text",
  host: "an object",
  env: "an object of texts",
  stateDir: "a text",
  config: "an object",
  credentials: "an object",
  warn: "a function",
};
const BRAND: Readonly<Record<string, Shape>> = {
  bin: "a text",
  name: "a text",
  envPrefix: "a text",
  legacyStateDirs: "a list of texts",
  legacyConfigNames: "a list of texts",
  legacyEnvPrefixes: "a list of texts",
};
const STORE = ["rests", "changeRests", "append", "flush", "events"];

/** Throws USAGE, which names the option. */
export function checkOptions(brand: BrandNames, options: LibraryOptions): void {
  checkFields(brand, BRAND, "brand", unusable);
  const missing = Object.keys(BRAND).find((name) => !(name in brand));
  if (missing !== undefined) throw unusable(`brand.${missing}`, "is missing: `defineBrand` fills in what it can");
  checkFields(options, OPTIONS, "", unusable);
  const { config, state } = options;
  if (config !== undefined && !isWritable(config))
    throw unusable("config", "cannot be written as JSON: it holds a cycle, a BigInt, or what throws when it is written");
  if (state === undefined || state === "files" || state === "memory") return;
  const store: Readonly<Record<string, Shape>> = Object.fromEntries(STORE.map((name) => [name, "a function"]));
  if (typeof state !== "object" || state === null) throw unusable("state", "is neither files nor memory nor a store");
  checkFields(state, store, "state", unusable);
}
