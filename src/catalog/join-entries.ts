import type { ModelSpec } from "../provider/model-spec.ts";
import type { CatalogEntry, FactReading, Readings } from "./catalog.ts";
import { disagree, FACTS } from "./readings.ts";

/** Several lists of one provider's models as one, sorted by id. What an earlier list states counts; a later one fills what is missing. */
export function joinEntries(lists: readonly (readonly CatalogEntry[])[]): readonly CatalogEntry[] {
  const filled = lists.filter((list) => list.length > 0);
  const [only, ...others] = filled;
  if (only === undefined || others.length === 0) return only ?? [];
  const byId = new Map<string, CatalogEntry>();
  for (const list of filled) {
    for (const entry of list) {
      const known = byId.get(entry.spec.id);
      byId.set(entry.spec.id, known === undefined ? entry : joined(known, entry));
    }
  }
  return [...byId.values()].sort((one, other) => (one.spec.id < other.spec.id ? -1 : 1));
}

/** A list of ids alone tells nothing of a model that another source describes. */
function joined(first: CatalogEntry, second: CatalogEntry): CatalogEntry {
  if (second.knows === "ids") return first;
  if (first.knows === "ids") return second;
  const priceSteps = first.spec.usdPerMTok === undefined ? second.priceSteps : first.priceSteps;
  const spec = filledIn(first.spec, second.spec);
  let readings: Readings | undefined;
  return {
    spec,
    knows: "facts",
    origin: first.origin,
    ...(first.place !== undefined && { place: first.place }),
    ...(priceSteps !== undefined && { priceSteps }),
    get readings() {
      readings ??= joinedReadings(first.readings, second.readings);
      return readings;
    },
  };
}

/** An address is one of a format: it fills in only for that. */
function filledIn(first: ModelSpec, { baseUrl, ...second }: ModelSpec): ModelSpec {
  const named = first.name === first.id ? { ...first, name: second.name } : first;
  const isOfFormat = first.protocol === undefined || first.protocol === second.protocol;
  return { ...second, ...(isOfFormat && baseUrl !== undefined && { baseUrl }), ...named };
}

function joinedReadings(first: Readings, second: Readings): Readings {
  const all: { -readonly [F in keyof ModelSpec]?: readonly FactReading[] } = { ...second, ...first };
  for (const fact of FACTS) {
    const counts = first[fact]?.[0];
    if (counts === undefined) continue;
    const contrary = (second[fact] ?? []).filter(({ value }) => disagree(fact, counts.value, value));
    all[fact] = [...(first[fact] ?? []), ...contrary];
  }
  return all;
}
