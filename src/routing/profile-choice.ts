import { BY_KIND, type Rotation } from "../credentials/order.ts";
import type { AuthProfile } from "../credentials/profile.ts";

/** What is left of one usage window of an account. */
export interface WindowLeft {
  /** From 0 to 100. */
  readonly leftPercent: number;
  readonly resetsAtMs: number;
  /** How long the window is, where that is known. */
  readonly windowMs?: number;
}

export interface ProfileChoice {
  readonly windows?: ReadonlyMap<string, readonly WindowLeft[]> | undefined;
  /** The account that this conversation was answered with before: it has its prompt cached. */
  readonly last?: string | undefined;
  readonly reservePercent: number;
  readonly nowMs: number;
}

/** Another account must be this much more urgent before a conversation leaves the one that has its prompt cached. */
const HYSTERESIS = 1.5;

/**
 * The accounts of a provider in the order in which they are asked. An explicit order stays as it is. Otherwise, within a kind, first the one whose
 * quota would else go unused, and last those at their reserve: no key that costs money is asked to spare a plan. A conversation stays where it is unless that
 * is much less urgent, or costs money where a plan is free again.
 */
export function inOrderOfUse({ candidates, explicit }: Pick<Rotation, "candidates" | "explicit">, choice: ProfileChoice): readonly AuthProfile[] {
  if (explicit !== undefined || candidates.length < 2) return candidates;
  if ((choice.windows?.size ?? 0) === 0 && choice.last === undefined) return candidates;
  const judged = candidates.map((profile) => ({ profile, ...judge(profile, choice) }));
  const sorted = judged.toSorted((a, b) => rank(a.profile) - rank(b.profile) || Number(a.isReserved) - Number(b.isReserved) || b.urgency - a.urgency);
  const [first] = sorted;
  const last = sorted.find(({ profile }) => profile.id === choice.last);
  const isOfKind = last !== undefined && first !== undefined && rank(last.profile) === rank(first.profile);
  const stays = isOfKind && !last.isReserved && first.urgency <= last.urgency * HYSTERESIS;
  const inOrder = stays ? [last, ...sorted.filter((one) => one !== last)] : sorted;
  return inOrder.map(({ profile }) => profile);
}

/** What is stored comes before what a variable or a config holds, as in every order; then kind by kind. */
function rank({ origin, credential }: AuthProfile): number {
  return (origin.kind === "store" ? 0 : 10) + BY_KIND[credential.kind];
}

/** The windows of an account that are still to end, and whether it has no more than its reserve left in one of them. */
export function leftIn(
  { id }: AuthProfile,
  { windows, reservePercent, nowMs }: Omit<ProfileChoice, "last">,
): { readonly open: readonly WindowLeft[]; readonly isReserved: boolean } {
  const open = (windows?.get(id) ?? []).filter(({ resetsAtMs }) => resetsAtMs > nowMs);
  return { open, isReserved: open.some(({ leftPercent }) => leftPercent <= reservePercent) };
}

/**
 * `urgency`: how many times faster than evenly one would have to use the account to use all of it. Of several windows the tightest decides: what it does
 * not give cannot go unused in another.
 */
function judge(profile: AuthProfile, choice: ProfileChoice): { readonly urgency: number; readonly isReserved: boolean } {
  const { nowMs } = choice;
  const { open, isReserved } = leftIn(profile, choice);
  const urgencies = open.map(({ leftPercent, resetsAtMs, windowMs = WEEK_MS }) => leftPercent / 100 / Math.max((resetsAtMs - nowMs) / windowMs, 0.001));
  return { urgency: urgencies.length === 0 ? 1 : Math.min(...urgencies), isReserved };
}

const WEEK_MS = 7 * 24 * 60 * 60_000;
