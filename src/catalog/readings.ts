import { assertNever } from "../kernel/errors.ts";
import type { Modality, ModelSpec, UsdPerMTok } from "../provider/model-spec.ts";

/** The facts of a model that sources state, in the order in which shards keep them. */
export const FACTS = [
  "name",
  "protocol",
  "baseUrl",
  "contextTokens",
  "outputTokens",
  "input",
  "output",
  "tools",
  "reasoning",
  "usdPerMTok",
  "releasedOn",
  "openWeights",
  "deprecated",
] as const satisfies readonly (keyof ModelSpec)[];

export type Fact = (typeof FACTS)[number];

/** The facts of a model as one source states them. */
export type StatedFacts = { readonly [F in Fact]?: ModelSpec[F] };

/**
 * Whether two sources contradict each other. Not a contradiction: another name, another wire format (vendors serve several), and a
 * price for the cache that one of them leaves out.
 */
export function disagree(fact: Fact, one: unknown, other: unknown): boolean {
  switch (fact) {
    case "name":
    case "protocol":
    case "baseUrl":
      return false;
    case "input":
    case "output":
      return modesDiffer(one as readonly Modality[], other as readonly Modality[]);
    case "usdPerMTok":
      return pricesDiffer(one as UsdPerMTok, other as UsdPerMTok);
    case "contextTokens":
    case "outputTokens":
    case "tools":
    case "reasoning":
    case "releasedOn":
    case "openWeights":
    case "deprecated":
      return one !== other;
    default:
      return assertNever(fact);
  }
}

/** Every source knows text and images; that one of them leaves out audio, video or documents says nothing. */
function modesDiffer(one: readonly Modality[], other: readonly Modality[]): boolean {
  return one.includes("text") !== other.includes("text") || one.includes("image") !== other.includes("image");
}

function pricesDiffer(one: UsdPerMTok, other: UsdPerMTok): boolean {
  return one.input !== other.input || one.output !== other.output || differ(one.cacheRead, other.cacheRead) || differ(one.cacheWrite, other.cacheWrite);
}

function differ(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
