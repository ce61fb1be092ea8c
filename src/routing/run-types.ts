import type { UpstreamFailure } from "../chat/failure.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import type { Host } from "../kernel/host.ts";
import type { StopSignal } from "../kernel/stop-signal.ts";
import type { Candidate, FailoverPlan, Passed } from "./failover-plan.ts";
import type { Ledger } from "./ledger.ts";
import type { RetryBuckets } from "./retry-bucket.ts";

/** How one try went. `opened`: the first content is in hand; from there on there is no way back. */
export type Tried<T> =
  /** `isUnasked`: answered without the vendor, whose health it says nothing about. */
  | { readonly kind: "opened"; readonly value: T; readonly isUnasked?: true }
  | { readonly kind: "refused"; readonly failure: UpstreamFailure }
  /** It answered, and nobody is at fault, but the answer is not of use here. `again`: the same is to be asked once more, in another way. */
  | { readonly kind: "unfit"; readonly failure: UpstreamFailure; readonly again: boolean }
  /** Nothing was sent. `why` is a sentence's end: "the credential …". */
  | { readonly kind: "withheld"; readonly why: string };

/** A candidate, and why it did not answer. */
export interface Refusal {
  readonly candidate: Candidate;
  readonly failure: UpstreamFailure;
  readonly startedMs: number;
  readonly tookMs: number;
  /** The client has a part of its answer. */
  readonly hadBegun?: true;
  /** It was asked again at once without these, or with them in another way: a request of its own, and no verdict on the candidate. */
  readonly without?: readonly string[];
}

export type Ran<T> =
  | {
      readonly kind: "opened";
      readonly value: T;
      readonly candidate: Candidate;
      readonly attempts: number;
      readonly refusals: readonly Refusal[];
      readonly passedOver: readonly Passed[];
    }
  | {
      readonly kind: "exhausted";
      readonly refusals: readonly Refusal[];
      readonly passedOver: readonly Passed[];
      /** When it may be worth to ask again. */
      readonly retryAfterMs?: number;
      readonly attempts: number;
      /** `policy`: what was asked cannot be answered elsewhere. `nobody`: no candidate is left. */
      readonly stoppedBy: "policy" | "nobody" | "attempts" | "deadline" | "cancelled";
    };

export interface TryFacts {
  /** From 1. */
  readonly attempt: number;
  /** Nobody else would be asked after it. */
  readonly isLast: boolean;
  /** The caller's own. */
  readonly signal: StopSignal;
  /** What is left of the time for all attempts together, up to the first content. */
  readonly remainingMs: number;
  /** The candidate is asked again at once: what it did not accept, and what is left out or said in another way. */
  readonly onRepair: (failure: UpstreamFailure, without: readonly string[]) => void;
}

export interface RunOptions<T> {
  readonly tryOne: (candidate: Candidate, facts: TryFacts) => Promise<Tried<T>>;
  readonly ledger: Pick<Ledger, "failed" | "succeeded" | "begun" | "claim" | "release">;
  readonly buckets: RetryBuckets;
  readonly host: Pick<Host, "nowMs" | "monotonicMs" | "wait" | "random">;
  /** The plan as it stands now: asked when somebody rested or was waited for. */
  readonly replan: () => Promise<FailoverPlan>;
  readonly limits: { readonly attempts: number; readonly attemptsPerProvider: number; readonly attemptsMs: number };
  readonly signal: StopSignal;
  /** What has opened. Of a stream, the caller tells the ledger whether it came to its end. */
  readonly opens?: "whole answers" | "streams" | undefined;
  /** For a request that goes on: who was asked before. They count as attempts, and are left as their failures say. */
  readonly before?: readonly Refusal[] | undefined;
  /** A login renewed whatever it says of its end, or undefined where that is not possible. */
  readonly renew?: ((profile: AuthProfile) => Promise<AuthProfile | undefined>) | undefined;
  /** The accounts that now rest are asked again as long as there is time; `briefly`: as long as a rest is that short; `no`: they are not waited for. */
  readonly waits?: "yes" | "briefly" | "no";
}
