import type { AuthProfile } from "../credentials/profile.ts";
import type { ProfileId } from "../kernel/ids.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { RestRow } from "../state/state-store.ts";
import type { RefusedRequest } from "./failure-policy.ts";
import type { RoutedModel } from "./route.ts";

/** Model and profile that might answer. */
export interface Candidate {
  readonly model: RoutedModel;
  /** undefined for a server that asks for none. */
  readonly profile: AuthProfile | undefined;
  /** Its rest is over, and it has not answered since: one request tries it, all others pass it over. */
  readonly isTrial: boolean;
  /** Asked only when a vendor refused the request for one of these. */
  readonly onlyAfter?: readonly RefusedRequest[];
  /** The end of a rest that stands in the auth store. */
  readonly legacyUntilMs?: number;
}

/** Candidates in order, and who was passed over, why. */
export interface FailoverPlan {
  readonly candidates: readonly Candidate[];
  readonly passedOver: readonly Passed[];
  /** Those that only rest, the soonest to return first: asked when nobody else is left. */
  readonly resting: readonly Resting[];
  /** The longest that one of them may take up to its first content. */
  readonly longestAttemptMs: number;
}

/** A candidate that rests, until when, and the rows that say so. */
export interface Resting {
  readonly candidate: Candidate;
  readonly untilMs: number;
  readonly rows: readonly RestRow[];
}

/** Why somebody is not asked, as a word for programs. */
export type PassedReason =
  /** Rests after failures. */
  | "cooling"
  /** Was at rest, and another request tries it now. */
  | "in_trial"
  /** Speaks another wire format, and nothing is translated. */
  | "other_dialect"
  | "no_image_input"
  /** It, or its provider, cannot do what is asked. */
  | "unsupported"
  /** Costs money, and `neverPaid` is set. */
  | "paid"
  /** Has spent its `dailyUsd`. */
  | "daily_cap"
  /** Left to a program of this machine with a login of its own. */
  | "delegated"
  | "no_credential"
  /** Its reference leads nowhere. */
  | "broken_reference"
  /** Kept out by the list of models that are allowed. */
  | "not_allowed"
  /** Nothing was sent: `why` says what is missing. */
  | "withheld"
  /** Its address has failed too often. */
  | "retry_budget"
  /** Its turn did not come: the request had its attempts, or its time. */
  | "attempts"
  | "deadline"
  // Why an account is out of turn.
  | "unknown"
  | "other_provider"
  | "mismatch"
  | "blank"
  | "unresolved"
  | "expired"
  | "vendor_tool_only"
  | "key_pair"
  | "not_in_order"
  | "hidden"
  | "duplicate";

export interface Passed {
  /** "provider/model". */
  readonly model: string;
  readonly profileId?: ProfileId;
  readonly reason: PassedReason;
  /** A sentence's end for people: "rests until 12:30 …". */
  readonly why: string;
  readonly untilMs?: number;
}

/** What a request needs of who answers it. */
export interface Needs {
  /** The wire format that the client speaks, where only that one can be answered. */
  readonly protocol?: ProtocolId;
  /** It holds an image. */
  readonly image?: boolean;
  readonly serves?: "chat" | "embeddings";
  /** Whatever keeps a conversation together: its account stays the same as far as possible. */
  readonly conversation?: string;
}
