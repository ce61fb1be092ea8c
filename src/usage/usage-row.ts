import { fittingHint } from "../credentials/replace-hint.ts";
import { shownAddress } from "../kernel/shown-address.ts";
import type { KeptUsage } from "./usage-cache.ts";
import type { UsageTarget } from "./usage-targets.ts";
import { openWindows } from "./windows.ts";

/** What is left of a limit that begins anew at a certain time. */
export interface WindowRow {
  /** "5h", "week", "month". */
  label: string;
  usedPercent: number;
  used: number | null;
  limit: number | null;
  remaining: number | null;
  /** "requests", "USD", …; null where the vendor states a share alone. */
  unit: string | null;
  resetsAt: number | null;
}

/** One account, and what its vendor tells of it. Times are milliseconds since 1970. */
export interface UsageRow {
  profileId: string;
  provider: string;
  /** The provider's name for people. */
  label: string;
  type: "api_key" | "token" | "oauth";
  /** `told`: by the vendor, now or shortly before. `silent`: it answered, and told nothing. `failed`: what is shown is what it told last, if anything. */
  outcome: "told" | "silent" | "failed" | "not asked";
  /** A request was sent in this run; else what is shown was kept. */
  asked: boolean;
  /** For `failed` and `not asked`: a word for scripts, the end of a sentence, and what to do. */
  reason: string | null;
  detail: string | null;
  hint: string | null;
  httpStatus: number | null;
  /** The vendor documents what was asked. */
  official: boolean | null;
  /** Where it was read how to ask. */
  source: string | null;
  url: string | null;
  plan: string | null;
  /** The vendor says itself that calls are refused now. */
  blocked: boolean;
  windows: WindowRow[];
  /** Money or points that are left. */
  balances: { amount: number; currency: string }[];
  /** Spent in the running day or month, or since the beginning. */
  spent: { period: "day" | "week" | "month" | "all"; amount: number; currency: string }[];
  /** From the headers of the answer. */
  limits: { name: string; limit: number | null; remaining: number; resetsAt: number | null }[];
  /** When the vendor told it; null: never. */
  takenAt: number | null;
  ageMs: number | null;
  /** Not before then the account is asked again, whoever wishes it. */
  heldUntil: number | null;
}

/** A row before anybody was asked. */
export function unaskedRow({ profile, label, way }: UsageTarget): UsageRow {
  const isWay = way.kind === "way";
  return {
    profileId: profile.id,
    provider: profile.provider,
    label,
    type: profile.credential.kind,
    outcome: "not asked",
    asked: false,
    reason: isWay ? null : way.reason,
    detail: isWay ? null : way.why,
    hint: isWay ? null : way.hint,
    httpStatus: null,
    official: isWay ? (way.reader?.isOfficial ?? true) : null,
    source: isWay ? (way.reader?.source.url ?? null) : null,
    url: isWay ? shownAddress(way.request.url) : null,
    plan: null,
    blocked: false,
    windows: [],
    balances: [],
    spent: [],
    limits: [],
    takenAt: null,
    ageMs: null,
    heldUntil: null,
  };
}

/** What is known now, of an account that was asked at some time. */
export function knownRow(target: UsageTarget, { told, last }: KeptUsage, how: "asked" | "kept", nowMs: number): UsageRow {
  const { failure } = last;
  const facts = told?.facts;
  return {
    ...unaskedRow(target),
    outcome: last.outcome,
    asked: how === "asked",
    reason: failure?.reason ?? null,
    detail: failure?.why ?? null,
    hint: fittingHint(failure?.hint ?? null, target.profile),
    httpStatus: failure?.status ?? null,
    plan: facts?.plan ?? null,
    blocked: facts?.isBlocked === true,
    windows: openWindows(facts?.windows ?? [], nowMs).map((window) => ({ ...window })),
    balances: (facts?.balances ?? []).map((balance) => ({ ...balance })),
    spent: (facts?.spent ?? []).map((spent) => ({ ...spent })),
    limits: (facts?.limits ?? []).map((limit) => ({ ...limit })),
    takenAt: told?.atMs ?? null,
    ageMs: told === undefined ? null : nowMs - told.atMs,
    heldUntil: last.heldUntilMs > nowMs ? last.heldUntilMs : null,
  };
}
