import type { Host } from "../kernel/host.ts";
import type { Place } from "../kernel/place.ts";
import type { ModelSpec } from "../provider/model-spec.ts";
import type { CustomProvider, ProviderOrigin } from "../provider/registry.ts";
import type { CatalogEntry, FactReading } from "./catalog.ts";
import { isoDay } from "./iso-day.ts";
import { FACTS } from "./readings.ts";

const NONE: readonly CatalogEntry[] = [];

/** The models that a config, a models.json or a plugin defines for one provider; the first definition of an id counts. */
export function customEntries(customs: readonly CustomProvider[], host: Host): readonly CatalogEntry[] {
  if (customs.length === 0) return NONE;
  const entries = new Map<string, CatalogEntry>();
  for (const { models, origin } of customs) {
    for (const spec of models) if (!entries.has(spec.id)) entries.set(spec.id, customEntry(spec, origin, host));
  }
  return [...entries.values()].sort((one, other) => (one.spec.id < other.spec.id ? -1 : 1));
}

function customEntry(spec: ModelSpec, origin: ProviderOrigin, host: Host): CatalogEntry {
  const place = placeOf(origin);
  const source = { url: place?.file ?? nameOf(origin), checkedOn: isoDay(host.nowMs()) };
  return {
    spec,
    knows: "facts",
    origin: origin.kind === "models.json" || origin.kind === "plugin" ? origin.kind : "config",
    ...(place !== undefined && { place }),
    get readings() {
      const stated = (["id", ...FACTS] as const).filter((fact) => spec[fact] !== undefined);
      return Object.fromEntries(stated.map((fact): [string, FactReading[]] => [fact, [{ value: spec[fact], source }]]));
    },
  };
}

function placeOf(origin: ProviderOrigin): Place | undefined {
  if (origin.kind === "config") return origin.place;
  return origin.kind === "models.json" ? { file: origin.file } : undefined;
}

function nameOf(origin: ProviderOrigin): string {
  return origin.kind === "plugin" ? `plugin ${origin.pluginId}` : "config";
}
