import type { AuthProfile } from "../credentials/profile.ts";
import type { ProfileId } from "../kernel/ids.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { RestRow } from "../state/state-store.ts";
import type { RefusedRequest, RoutedModel } from "./route.ts";

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
  /** When all are passed over and rest: the soonest end, milliseconds since 1970. */
  readonly soonestMs?: number;
}

/** A candidate that rests, until when, and the rows that say so. */
export interface Resting {
  readonly candidate: Candidate;
  readonly untilMs: number;
  readonly rows: readonly RestRow[];
}

export interface Passed {
  /** "provider/model". */
  readonly model: string;
  readonly profileId?: ProfileId;
  /**
   * A word for programs: "cooling", "in_trial", "other_dialect", "no_image_input", "vendor_tool_only", "paid", "daily_cap", "delegated", "no_credential",
   * "unsupported", "withheld", "retry_budget", or why an account is out of turn ("expired", "not-in-order" …).
   */
  readonly reason: string;
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
