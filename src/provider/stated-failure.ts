import type { FailureDetail, FailureReason } from "../chat/failure.ts";

/** What a failure of a vendor means, as a plugin states it. All of what is given must hold; a code or a message there must be one. */
export interface StatedFailure {
  /** The vendor's own word, in lower case. */
  readonly code?: string;
  readonly status?: number;
  /** How the vendor's own sentence begins. */
  readonly message?: string;
  readonly reason: FailureReason;
  readonly detail?: FailureDetail;
}
