import type { CatalogEntry, Glance } from "./catalog.ts";

/** Of an entry that was made anyway. */
export function glanceOf({ spec }: CatalogEntry): Glance {
  return {
    id: spec.id,
    name: spec.name,
    contextTokens: spec.contextTokens ?? null,
    outputTokens: spec.outputTokens ?? null,
    input: spec.input ?? null,
    tools: spec.tools ?? null,
    reasoning: spec.reasoning ?? null,
    usdPerMTok: spec.usdPerMTok ?? null,
    releasedOn: spec.releasedOn ?? null,
    deprecated: spec.deprecated === true,
  };
}
