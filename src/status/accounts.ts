import type { Cooldown } from "../credentials/cooldown.ts";
import { licenceOf } from "../credentials/licence.ts";
import { expiryOf, type Health, healthOf, isRefreshable } from "../credentials/health.ts";
import type { PassedOverReason, Rotation } from "../credentials/order.ts";
import { passedOverText } from "../credentials/passed-over.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import { referenceText } from "../credentials/reference.ts";
import type { LicenceOfUse } from "../provider/login-method.ts";
import { type LoginRow, loginRow } from "./account-login.ts";
import type { Examined } from "./facts.ts";
import { vendorNote } from "./vendor-note.ts";

/** One profile, with all that is known of it without asking anybody. Times are milliseconds since 1970. */
export interface AccountRow {
  profileId: string;
  provider: string;
  type: "api_key" | "token" | "oauth";
  /** `given`: in memory, by the program that uses the library. */
  origin: "store" | "env" | "config" | "models.json" | "given";
  /** The store, the .env, the config or the models.json that it is in; null for the environment of the process, and for what was given. */
  file: string | null;
  variable: string | null;
  /** Where the variable was set. */
  setIn: "process" | "dotenv" | "config" | "shell" | null;
  /** Read from the main agent's store. */
  inherited: boolean;
  /** Where the secret rests that the store has no more than a reference to: env:NAME, file:/path, exec:["program"], keyring:service/account. */
  reference: string | null;
  /** Why the reference leads to no secret, after "but", and what to do. Programs and the keychain are not asked. */
  unresolved: { reason: string; hint: string } | null;
  email: string | null;
  health: Health;
  /** A login that can renew itself. */
  refreshable: boolean;
  expiresAt: number | null;
  remainingMs: number | null;
  /** The prefix that the vendor publishes and six digits of a one-way hash; "missing" without a secret, "not looked up" of one that a program or the keychain has. */
  fingerprint: string;
  cooldown: CooldownRow | null;
  /** The chain asks this provider. */
  inUse: boolean;
  /** From 1; null when it is passed over. */
  position: number | null;
  passedOver: { reason: PassedOverReason; detail: string } | null;
  /** What the vendor permits with a credential of this kind, or needs. */
  note: string | null;
  /** What it may be used for, and who says so: `config` is a person's word in `signalbox.licences`, in place of what is known otherwise. */
  licence: { use: LicenceOfUse; saidBy: "config" | "login" | "secret" | "provider"; insteadOf: LicenceOfUse | null };
  /** Of a login that was made with this program, how it is renewed; null of every other account. */
  login: LoginRow | null;
}

export interface CooldownRow {
  profileId: string;
  provider: string | null;
  kind: "cooldown" | "disabled";
  reason: string | null;
  until: number;
  remainingMs: number;
  origin: "legacy" | "signalbox";
}

/** By provider, then in the order in which they would be asked, then those that are passed over. */
export function accountRows(examined: Examined): AccountRow[] {
  const cooldowns = new Map(examined.credentials.cooldowns.map((cooldown) => [cooldown.profileId, cooldown]));
  const rows = examined.credentials.profiles.map((profile) => accountRow(profile, examined.rotationOf(profile.provider), cooldowns.get(profile.id), examined));
  return rows.sort((a, b) => (a.provider === b.provider ? placeInTurn(a) - placeInTurn(b) : a.provider < b.provider ? -1 : 1));
}

function placeInTurn({ position }: AccountRow): number {
  return position ?? Number.MAX_SAFE_INTEGER;
}

function accountRow(profile: AuthProfile, rotation: Rotation, cooldown: Cooldown | undefined, examined: Examined): AccountRow {
  const { credentials, configured, inUse, nowMs, warnWithinMs } = examined;
  const expiresAt = expiryOf(profile) ?? null;
  const index = rotation.candidates.findIndex(({ id }) => id === profile.id);
  const passed = rotation.passedOver.find(({ profileId }) => profileId === profile.id);
  return {
    profileId: profile.id,
    provider: profile.provider,
    type: profile.credential.kind,
    ...originFields(profile),
    ...referenceFields(profile),
    email: configured.profiles.get(profile.id)?.email ?? profile.email ?? null,
    health: healthOf(profile, nowMs, warnWithinMs),
    refreshable: isRefreshable(profile),
    expiresAt,
    remainingMs: expiresAt === null ? null : expiresAt - nowMs,
    fingerprint: credentials.fingerprintOf(profile),
    cooldown: cooldown === undefined ? null : cooldownRow(cooldown, profile.provider, nowMs),
    inUse: inUse.has(profile.provider),
    position: index < 0 ? null : index + 1,
    passedOver: passed === undefined ? null : { reason: passed.reason, detail: passedOverText(passed, nowMs) },
    note: vendorNote(profile, examined),
    licence: licenceFields(profile, examined),
    login: loginRow(profile),
  };
}

function licenceFields(profile: AuthProfile, { config }: Examined): AccountRow["licence"] {
  const { use, saidBy, insteadOf = null } = licenceOf(profile, config);
  return { use, saidBy, insteadOf };
}

function originFields({ origin }: AuthProfile): Pick<AccountRow, "origin" | "file" | "variable" | "setIn" | "inherited"> {
  const fields = { origin: origin.kind, file: origin.file ?? null };
  if (origin.kind === "env") return { ...fields, variable: origin.variable, setIn: origin.setIn, inherited: false };
  return { ...fields, variable: null, setIn: null, inherited: origin.kind === "store" && origin.inherited };
}

function referenceFields({ reference, unresolved, unresolvedHint = "" }: AuthProfile): Pick<AccountRow, "reference" | "unresolved"> {
  return {
    reference: reference === undefined ? null : referenceText(reference),
    unresolved: unresolved === undefined ? null : { reason: unresolved, hint: unresolvedHint },
  };
}

export function cooldownRow({ profileId, kind, reason, untilMs, origin }: Cooldown, provider: string | null, nowMs: number): CooldownRow {
  return { profileId, provider, kind, reason: reason ?? null, until: untilMs, remainingMs: untilMs - nowMs, origin };
}
