import type { UsageFacts } from "./usage-facts.ts";
import type { UsageFailure } from "./usage-failure.ts";

/** What one request came to. */
export type Answered =
  | { readonly outcome: "told"; readonly facts: UsageFacts }
  /** The vendor answered, and its headers say nothing of limits. */
  | { readonly outcome: "silent" }
  | { readonly outcome: "failed"; readonly failure: UsageFailure; readonly retryAfterMs?: number }
  /** Nothing was sent. `why`: the end of a sentence that begins with the credential. */
  | { readonly outcome: "withheld"; readonly why: string };
