import type { KeptList } from "../catalog/live-cache.ts";
import type { ListedModel } from "../catalog/live-list.ts";
import type { FailureReason } from "../chat/failure.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import type { ResolveOptions } from "../credentials/resolve-secret.ts";
import type { Host } from "../kernel/host.ts";
import type { Provider } from "../provider/provider.ts";
import type { ServerKind } from "./server-kind.ts";

/** Whom to ask for a list, and as whom. */
export interface LiveTarget {
  readonly provider: Provider;
  readonly isLocal: boolean;
  /** The account that would be asked. Absent where there is none, and where none is needed. */
  readonly profile?: AuthProfile;
  readonly fingerprint?: string;
  /** Nobody said that there is a server: when none answers, there is nothing to say. */
  readonly isGuess: boolean;
  /** Why it is not asked at all, as a sentence. */
  readonly obstacle?: string;
  /** What to do once it has answered, as a sentence. */
  readonly advice?: string;
}

export interface LiveContext {
  readonly host: Host;
  readonly stateDir: string;
  readonly secrets: ResolveOptions;
  /** `new`: what was kept is not looked at unless the provider fails. */
  readonly asked: "new" | "if stale";
}

/** What became of one target. */
export interface LiveResult {
  /** undefined: a server that was found where no provider of this installation leads to. */
  readonly provider: string | undefined;
  readonly label: string;
  readonly server?: ServerKind;
  readonly url?: string;
  readonly profileId?: string;
  readonly outcome: "listed" | "failed" | "not asked";
  /** For `failed` and `not asked`: the end of a sentence that begins with the label. */
  readonly why?: string;
  /** What to do about it, as a sentence; `{cli}` is the name of the binary. */
  readonly hint?: string;
  readonly reason?: FailureReason;
  readonly status?: number;
  readonly models: readonly ListedModel[];
  readonly skipped: number;
  /** When the models were listed; absent where there are none. */
  readonly takenAtMs?: number;
  readonly isKept: boolean;
}

/** Whose list a kept one is. */
export function accountOf({ profile, fingerprint }: LiveTarget): string {
  return profile === undefined ? "" : `${profile.id} ${fingerprint ?? ""}`.trim();
}

/** A failing server empties nothing: what the same account was listed there before stands in, with its day. */
export function failedWith(
  target: LiveTarget,
  kept: KeptList | undefined,
  failure: Pick<LiveResult, "outcome" | "why" | "hint" | "reason" | "status" | "url">,
): LiveResult {
  const { provider, profile } = target;
  const before = kept === undefined ? { models: [], isKept: false } : { models: kept.models, takenAtMs: kept.takenAtMs, isKept: true };
  return { provider: provider.id, label: provider.label, ...(profile !== undefined && { profileId: profile.id }), skipped: 0, ...before, ...failure };
}
