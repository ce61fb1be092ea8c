import { assertNever } from "../kernel/errors.ts";
import { refText } from "../catalog/model-ref.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import type { Candidate } from "./failover-plan.ts";
import { afterFailure, isOfAddress } from "./failure-policy.ts";
import { endpointOf } from "./rest-key.ts";

/** Who of the others may still be asked, in order, once one has refused. Pure: the policy's row alone decides. */
export function remainingAfter(others: readonly Candidate[], refused: Candidate, failure: UpstreamFailure): readonly Candidate[] {
  const { nextProfile, nextModel } = afterFailure(failure);
  const isSame = (other: Candidate): boolean => refText(other.model.ref) === refText(refused.model.ref);
  const ofOthers = others.filter((other) => !isSame(other));
  switch (nextModel) {
    case "no":
      return [];
    case "content-fallbacks":
      return ofOthers.filter(({ model }) => model.follows?.includes("content_filter"));
    case "format-fallbacks":
      return ofOthers.filter(({ model }) => model.follows?.includes("format"));
    case "larger-window":
      return ofOthers.filter((other) => mayTakeMore(other, refused));
    case "after-profiles":
      return nextProfile ? others : ofOthers;
    case "yes":
      return isOfAddress(failure) ? elsewhereFirst(ofOthers, refused) : ofOthers;
    default:
      return assertNever(nextModel);
  }
}

/** An unknown window may be larger. */
function mayTakeMore({ model }: Candidate, refused: Candidate): boolean {
  const [window, before] = [model.spec?.contextTokens, refused.model.spec?.contextTokens];
  return window === undefined || before === undefined || window > before;
}

/** Where the vendor or the way to it is at fault, its other models are hardly better. */
function elsewhereFirst(others: readonly Candidate[], refused: Candidate): Candidate[] {
  const isThere = (other: Candidate): boolean => endpointOf(other.model) === endpointOf(refused.model);
  return [...others.filter((other) => !isThere(other)), ...others.filter(isThere)];
}

/** Whether the same candidate is asked again, and how. `isLeft`: whether somebody else could be asked. */
export type Again = { readonly kind: "no" } | { readonly kind: "renewed" } | { readonly kind: "after"; readonly waitMs: number };

const NO: Again = { kind: "no" };
/** Nothing of the request arrived, so it costs nothing twice. */
const NEVER_SENT: ReadonlySet<UpstreamFailure["detail"]> = new Set(["refused", "dns", "unreachable", "tls", "proxy", "connect"]);
export const SHORT_HINT_MS = 2000;

export function againAfter(failure: UpstreamFailure, { isLeft, random }: { readonly isLeft: boolean; readonly random: number }): Again {
  const { again } = afterFailure(failure);
  const hintMs = failure.retryAfterMs ?? 0;
  switch (again) {
    case "no":
      return NO;
    case "once-after-refresh":
      return { kind: "renewed" };
    case "once":
      return isLeft && (failure.status ?? 0) < 500 ? NO : { kind: "after", waitMs: 0 };
    case "on-short-hint":
      return !isLeft && hintMs > 0 && hintMs <= SHORT_HINT_MS ? { kind: "after", waitMs: hintMs } : NO;
    case "once-when-nothing-else-is-left":
      return isLeft || hintMs > SHORT_HINT_MS || isSpent(failure) ? NO : { kind: "after", waitMs: Math.max(hintMs, 500 + random * 1500) };
    default:
      return assertNever(again);
  }
}

/** A connection that broke after the request was sent, or an answer that was cut: asking again would be paid twice. */
function isSpent({ reason, detail, status }: UpstreamFailure): boolean {
  return reason === "network" && !NEVER_SENT.has(detail) && status !== undefined;
}
