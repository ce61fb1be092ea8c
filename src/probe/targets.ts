import { type ModelRef, refText } from "../catalog/model-ref.ts";
import type { Resolution } from "../catalog/resolve.ts";
import type { CredentialFacts } from "../credentials/collect.ts";
import { type ConfiguredAuth, configuredAuth } from "../credentials/configured-auth.ts";
import { expiredLoginHint } from "../credentials/health.ts";
import { type PassedOver, type PassedOverReason, pinnedRotation, rotationOf } from "../credentials/order.ts";
import { passedOverText } from "../credentials/passed-over.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import type { ProfileId, ProviderId } from "../kernel/ids.ts";
import type { ChainEntry } from "../routing/chain.ts";
import { chooseModel, type ModelFacts } from "./choose-model.ts";
import type { ProbeRow } from "./summary.ts";

export interface ProbeFacts extends ModelFacts {
  readonly credentials: CredentialFacts;
  readonly nowMs: number;
}

/** Who is to be asked. Everybody unless told; several narrow each other down. */
export interface ProbeChoice {
  readonly provider?: ProviderId;
  readonly profileIds: readonly string[];
  /** These models, each with every account that may ask it. */
  readonly refs?: readonly Resolution[];
  /** The chain as it would be asked: each model with the account that comes first. */
  readonly chain?: true;
}

/** Somebody to ask, or a row that says why not. */
export type Target =
  | {
      readonly kind: "candidate";
      readonly ref: ModelRef | undefined;
      readonly provider: ProviderId;
      readonly profile: AuthProfile | undefined;
      readonly row: ProbeRow;
    }
  | { readonly kind: "skipped"; readonly row: ProbeRow };

export function targetsOf(facts: ProbeFacts, choice: ProbeChoice): Target[] {
  const at = { ...facts, configured: configuredAuth(facts.config, facts.registry) };
  if (choice.chain === true) return facts.chain.entries.map((entry) => ofChain(entry, at));
  if (choice.refs !== undefined && choice.refs.length > 0)
    return choice.refs.flatMap(({ ref, profile: pinned }) => ofProvider(ref.provider, at, { ref, pinned, only: [] }));
  const providers = choice.provider === undefined ? everyProvider(at) : [choice.provider];
  return providers.flatMap((provider) => ofProvider(provider, at, { only: choice.profileIds }));
}

interface Facts extends ProbeFacts {
  readonly configured: ConfiguredAuth;
}

function everyProvider({ credentials, chain, registry }: Facts): ProviderId[] {
  const local = registry.customised.filter(({ isLocal }) => isLocal).map(({ provider }) => registry.idOf(provider.id));
  const ofChain = chain.entries.flatMap(({ resolution }) => resolution?.ref.provider ?? []);
  return [...new Set([...ofChain, ...credentials.profiles.map(({ provider }) => provider).sort(), ...local])];
}

interface Wanted {
  readonly ref?: ModelRef;
  /** The account that the reference names: asked also where the order leaves it out. */
  readonly pinned?: ProfileId | undefined;
  /** Accounts that were named by themselves; everybody unless told. */
  readonly only: readonly string[];
}

/** Those that would be asked, those that rest among them, and rows for the others. */
function ofProvider(provider: ProviderId, facts: Facts, { ref, pinned, only }: Wanted): Target[] {
  const all = rotationOf(provider, facts.credentials, facts.configured, facts.nowMs);
  const { candidates, passedOver } = pinned === undefined ? all : pinnedRotation(all, pinned, facts.credentials, facts.nowMs);
  const wanted = (id: string): boolean => only.length === 0 || only.includes(id);
  const model = ref ?? chooseModel(provider, facts);
  const isShown = ({ reason }: PassedOver): boolean => reason === "cooling" || reason === "vendor-tool-only";
  const resting = passedOver.flatMap((passed) => (isShown(passed) && passed.profile !== undefined ? [passed.profile] : []));
  const asked = [...candidates, ...resting].filter(({ id }) => wanted(id));
  const others = passedOver.filter((passed) => !isShown(passed) && wanted(passed.profileId));
  const rows: Target[] = [
    ...asked.map((profile): Target => ({ kind: "candidate", ref: model, provider, profile, row: rowOf(provider, profile, model, facts) })),
    ...others.map((passed): Target => ({ kind: "skipped", row: passedRow(passed, provider, model, { ...facts, pinned }) })),
  ];
  return asked.length > 0 || only.length > 0 || pinned !== undefined ? rows : [...without(provider, model, facts), ...rows];
}

/** A provider for which no account of ours can be asked. */
function without(provider: ProviderId, model: ModelRef | undefined, facts: Facts): Target[] {
  const standing = facts.credentials.standingOf(provider);
  const row = rowOf(provider, undefined, model, facts);
  if (standing?.kind === "not needed") return [{ kind: "candidate", ref: model, provider, profile: undefined, row }];
  if (standing?.kind === "delegated") return [skipped(row, "delegated", `is left to another login. ${standing.detail}`, "Ask with that program.")];
  const isUsed = facts.chain.entries.some(({ resolution }) => resolution?.ref.provider === provider);
  return isUsed ? [skipped(row, "missing", "has no credential that may be used", "Add one: `{cli} models auth add`.")] : [];
}

function ofChain(entry: ChainEntry, facts: Facts): Target {
  const role = entry.position === 1 && (entry.role === "default" || entry.role === "image") ? entry.role : `${entry.role.replace("-", " ")} ${entry.position}`;
  const { resolution } = entry;
  if (resolution === undefined) {
    const row = { ...rowOf(facts.chain.defaultProvider, undefined, undefined, facts), provider: "-", label: entry.raw, role };
    return skipped(row, "broken_reference", entry.problem?.message ?? "leads nowhere", entry.problem?.hint ?? "Correct the reference.");
  }
  const all = ofProvider(resolution.ref.provider, facts, { ref: resolution.ref, pinned: resolution.profile, only: [] });
  // An account past its end says more than that there is nobody to ask.
  const first = all.find(({ kind }) => kind === "candidate") ??
    all.find(({ row }) => row.reason === "expired") ??
    all[0] ?? { kind: "skipped", row: rowOf(resolution.ref.provider, undefined, resolution.ref, facts) };
  return { ...first, row: { ...first.row, role } };
}

const SOURCES = { store: "profile", env: "env", config: "config", "models.json": "models.json", given: "given" } as const;

function rowOf(provider: ProviderId, profile: AuthProfile | undefined, model: ModelRef | undefined, facts: Facts): ProbeRow {
  return {
    provider,
    ...(model !== undefined && { model: refText(model) }),
    ...(profile !== undefined && { profileId: profile.id, mode: profile.credential.kind }),
    label: profile?.id ?? "no key",
    source: profile === undefined ? "none" : SOURCES[profile.origin.kind],
    status: "unknown",
    asked: false,
    reason: null,
    detail: null,
    httpStatus: null,
    resetAt: null,
    hint: null,
    inUse: facts.chain.entries.some(({ resolution }) => resolution?.ref.provider === provider),
    kind: null,
    maxTokens: null,
    raised: false,
    requestBytes: null,
    note: null,
    role: null,
  };
}

export function skipped(row: ProbeRow, reason: string, error: string, hint: string | null): Extract<Target, { kind: "skipped" }> {
  return { kind: "skipped", row: { ...row, reason, error, hint } };
}

const REASONS: Readonly<Record<PassedOverReason, string>> = {
  unknown: "not_stored",
  "other-provider": "other_provider",
  mismatch: "mismatch",
  blank: "missing",
  unresolved: "unresolved_reference",
  expired: "expired",
  "vendor-tool-only": "vendor_tool_only",
  "key-pair": "key_pair",
  "not-in-order": "excluded_by_auth_order",
  hidden: "hidden_by_config",
  duplicate: "duplicate",
  cooling: "cooling",
};

function passedRow(passed: PassedOver, provider: ProviderId, model: ModelRef | undefined, facts: Facts & Pick<Wanted, "pinned">): ProbeRow {
  const { profile, profileId, reason } = passed;
  const row = { ...rowOf(provider, profile, model, facts), profileId, label: profileId };
  const excluded = reason === "not-in-order" || reason === "hidden" || reason === "mismatch" || reason === "other-provider";
  const hint = profile?.unresolvedHint ?? (reason === "expired" ? expiredHint(profile) : null);
  const error = passedOverText(passed, facts.nowMs, facts.pinned);
  return skipped({ ...row, inUse: row.inUse && !excluded }, REASONS[reason], error, hint).row;
}

function expiredHint(profile: AuthProfile | undefined): string {
  if (profile?.credential.kind !== "oauth") return "Put a new one in its place.";
  return expiredLoginHint(profile);
}
