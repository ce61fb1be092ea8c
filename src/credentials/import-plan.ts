import { type ProfileId, toProfileId } from "../kernel/ids.ts";
import { sharesSecret } from "./clear-text.ts";
import { expiryOf, isBlank } from "./health.ts";
import type { ImportCandidate } from "./import-sources.ts";
import type { AuthProfile } from "./profile.ts";
import { referenceText } from "./reference.ts";

/** What becomes of one candidate. */
export type ImportVerdict =
  /** `instead` of an id that holds another secret. */
  | { readonly kind: "new"; readonly id: ProfileId; readonly instead?: ProfileId }
  | { readonly kind: "stored"; readonly as: ProfileId }
  /** The same secret as an earlier candidate that is new. */
  | { readonly kind: "repeated"; readonly of: ProfileId }
  | { readonly kind: "refused"; readonly reason: string };

export interface PlannedImport {
  readonly candidate: ImportCandidate;
  readonly verdict: ImportVerdict;
}

/** Pure. Of one secret for one provider, one profile; an id that is taken gets a number. */
export function planImport(candidates: readonly ImportCandidate[], stored: readonly AuthProfile[], nowMs: number): PlannedImport[] {
  const taken = new Set<string>(stored.map(({ id }) => id));
  const planned: PlannedImport[] = [];
  for (const candidate of candidates) {
    const verdict = judge(candidate, { stored, planned, taken, nowMs });
    if (verdict.kind === "new") taken.add(verdict.id);
    planned.push({ candidate, verdict });
  }
  return planned;
}

interface Known {
  readonly stored: readonly AuthProfile[];
  readonly planned: readonly PlannedImport[];
  readonly taken: ReadonlySet<string>;
  readonly nowMs: number;
}

function judge(candidate: ImportCandidate, { stored, planned, taken, nowMs }: Known): ImportVerdict {
  const { provider, credential, notOurs, providerName, wantedId } = candidate;
  const same = stored.find((profile) => profile.provider === provider && isSame(profile, candidate));
  if (same !== undefined) return { kind: "stored", as: same.id };
  if (notOurs !== undefined) return { kind: "refused", reason: notOurs };
  if (provider === undefined) return { kind: "refused", reason: `No provider is known here as "${providerName}".` };
  if (isBlank(credential) && candidate.reference === undefined) return { kind: "refused", reason: "No secret is in it." };
  if ((expiryOf(candidate) ?? nowMs + 1) <= nowMs) return { kind: "refused", reason: "It has expired." };
  const earlier = planned.find((other) => other.candidate.provider === provider && isSame(other.candidate, candidate));
  if (earlier?.verdict.kind === "new") return { kind: "repeated", of: earlier.verdict.id };
  const id = freeId(wantedId, (text) => taken.has(text));
  return { kind: "new", id: toProfileId(id), ...(id !== wantedId && { instead: toProfileId(wantedId) }) };
}

type Kept = Pick<ImportCandidate, "credential" | "reference">;

function isSame(one: Kept, other: Kept): boolean {
  if (one.reference !== undefined && other.reference !== undefined) return referenceText(one.reference) === referenceText(other.reference);
  return sharesSecret(one.credential, other.credential);
}

/** The id, or the id with a number behind it. */
export function freeId(wanted: string, isTaken: (id: string) => boolean): string {
  if (!isTaken(wanted)) return wanted;
  let number = 2;
  while (isTaken(`${wanted}-${number}`)) number++;
  return `${wanted}-${number}`;
}
