import type { ModelRef } from "../catalog/model-ref.ts";
import type { ListedDetails } from "../catalog/listed-details.ts";
import type { ListedModel } from "../catalog/live-list.ts";
import type { StatedFacts } from "../catalog/readings.ts";
import { parameterCount } from "../catalog/parameter-count.ts";
import { toModelId, toProviderId } from "../kernel/ids.ts";
import { kindOf } from "./choose-model.ts";
import type { LiveTarget } from "./live-target.ts";
import type { ServerKind } from "./server-kind.ts";

/** A model as a list offers it, before it is known whether it is wanted. */
export interface Offer {
  readonly target: LiveTarget;
  readonly server: ServerKind | undefined;
  readonly model: ListedModel;
  readonly details: ListedDetails;
}

/** A model that a scan may test. */
export interface Candidate {
  readonly target: LiveTarget;
  readonly server: ServerKind | undefined;
  readonly ref: ModelRef;
  /** The list's, and where it says nothing the catalogue's. */
  readonly facts: StatedFacts;
  readonly details: ListedDetails;
  readonly isFree: boolean;
  /** Billions; undefined where neither id nor name says. */
  readonly parameters: number | undefined;
  readonly createdAtMs: number | undefined;
}

/** Which of them are wanted. */
export interface ScanFilter {
  /** The first segment of the id, where it has several; else the provider. */
  readonly vendor?: string;
  /** Billions; a model that does not say counts as 0. */
  readonly minParams?: number;
  /** Counts only where it is known when the model came out. */
  readonly maxAgeDays?: number;
  readonly paid: "left out" | "wanted";
}

const DAY_MS = 86_400_000;

/** `known`: the catalogue's facts of a model. A list is the closer witness. */
export function candidateOf({ target, server, model, details }: Offer, known: StatedFacts): Candidate {
  const ref = { provider: toProviderId(target.provider.id), model: toModelId(model.id) };
  const facts = { ...known, ...model.facts };
  const released = facts.releasedOn === undefined ? undefined : Date.parse(facts.releasedOn);
  // A server of one's own says when the file was fetched, not when the model came out.
  const createdAtMs = (target.isLocal && details.usdPerToken === undefined ? undefined : details.createdAtMs) ?? released;
  const parameters = parameterCount(model.id, facts.name);
  return { target, server, ref, facts, details, isFree: isFree(model.id, details, facts, target), parameters, createdAtMs };
}

/** By its name, or by a price of nothing each way; a server of one's own asks for nothing unless it states a price. */
function isFree(id: string, { usdPerToken }: ListedDetails, { usdPerMTok }: StatedFacts, { isLocal }: LiveTarget): boolean {
  if (/:free$/i.test(id)) return true;
  if (usdPerToken !== undefined) return usdPerToken.prompt === 0 && usdPerToken.completion === 0;
  return usdPerMTok === undefined ? isLocal : usdPerMTok.input === 0 && usdPerMTok.output === 0;
}

/** It answers with text, and is no embedding or reranking model. */
export function isChat({ model }: Offer): boolean {
  const kind = kindOf(model.id, undefined);
  return model.serves === undefined && model.facts.output?.includes("text") !== false && kind === "chat";
}

export function isWanted(candidate: Candidate, filter: ScanFilter, nowMs: number): boolean {
  const { vendor, minParams, maxAgeDays, paid } = filter;
  if (!candidate.isFree && paid === "left out") return false;
  if (vendor !== undefined && vendorOf(candidate) !== vendor.trim().toLowerCase()) return false;
  if (minParams !== undefined && (candidate.parameters ?? 0) < minParams) return false;
  return maxAgeDays === undefined || candidate.createdAtMs === undefined || nowMs - candidate.createdAtMs <= maxAgeDays * DAY_MS;
}

function vendorOf({ ref }: Candidate): string {
  const slash = ref.model.indexOf("/");
  return (slash < 0 ? ref.provider : ref.model.slice(0, slash)).toLowerCase();
}

/** Those that promise most first, where not all are to be tested: tools by their own word, then the largest context. */
export function mostPromising(candidates: readonly Candidate[], limit: number | undefined): readonly Candidate[] {
  if (limit === undefined || candidates.length <= limit) return candidates;
  const rank = ({ facts }: Candidate): number => (facts.tools === true ? 0 : facts.tools === undefined ? 1 : 2);
  return candidates.toSorted((a, b) => rank(a) - rank(b) || (b.facts.contextTokens ?? 0) - (a.facts.contextTokens ?? 0)).slice(0, limit);
}
