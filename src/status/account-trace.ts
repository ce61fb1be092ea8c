import type { Resolution } from "../catalog/resolve.ts";
import { type Health, healthOf } from "../credentials/health.ts";
import { type PassedOver, type PassedOverReason, type Rotation } from "../credentials/order.ts";
import { passedOverText } from "../credentials/passed-over.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import { referenceText } from "../credentials/reference.ts";
import { assertNever } from "../kernel/errors.ts";
import type { Place } from "../kernel/place.ts";
import { configuredLimits } from "../routing/limits.ts";
import { inOrderOfUse, leftIn, type ProfileChoice } from "../routing/profile-choice.ts";
import { type Examined, rotationFor } from "./facts.ts";
import { type PlaceRow, placeRow } from "./place-row.ts";
import { vendorNote } from "./vendor-note.ts";

export interface ProfileTrace {
  profileId: string;
  type: AuthProfile["credential"]["kind"];
  origin: AuthProfile["origin"]["kind"];
  place: PlaceRow | null;
  health: Health;
  fingerprint: string;
  /** Where the secret rests, where that is not the store itself; a program or the keychain is asked when it is needed. */
  reference: string | null;
  /** What the vendor permits with a credential of this kind, or needs. */
  note: string | null;
  /** What its vendor said is left of it, where the order goes by that. */
  use?: UseTrace;
}

export interface UseTrace {
  /** Those that are still to end. Times are milliseconds since 1970. */
  windows: { leftPercent: number; resetsAt: number; windowMs: number | null }[];
  /** No more than signalbox.routing.reservePercent is left: it comes last of its kind. */
  reserved: boolean;
}

export interface OrderTrace {
  decidedBy: Rotation["decidedBy"];
  /** The list that decides, where somebody wrote one. */
  listed: string[] | null;
  place: PlaceRow | null;
  /** Within a kind, first the account whose windows would else go unused. */
  byUse?: true;
}

export interface PassedOverTrace {
  profileId: string;
  reason: PassedOverReason | "not-pinned" | "paid";
  detail: string;
  /** Milliseconds since 1970; for one that rests. */
  until: number | null;
  place: PlaceRow | null;
}

export interface AccountTrace {
  order: OrderTrace | null;
  profiles: ProfileTrace[];
  passedOver: PassedOverTrace[];
}

/** The accounts of a model's provider: who would be asked in which order, and who not. A pinned profile leaves out the others. */
export function traceAccounts(resolution: Resolution, examined: Examined): AccountTrace {
  const { ref, profile: pinned } = resolution;
  const all = examined.rotationOf(ref.provider);
  const rotation = rotationFor(resolution, examined);
  const notMeant = all.candidates.filter(({ id }) => pinned !== undefined && id !== pinned);
  const nothing = all.candidates.length === 0 && all.passedOver.length === 0 && rotation.passedOver.length === 0;
  const place = placeRow(placeOfOrder(rotation, examined));
  const choice = choiceOf(rotation, examined);
  const listed = rotation.explicit === undefined ? null : [...rotation.explicit];
  const inOrder = choice === undefined ? rotation.candidates : inOrderOfUse(rotation, choice);
  return {
    order: nothing ? null : { decidedBy: rotation.decidedBy, listed, place, ...(choice !== undefined && { byUse: true as const }) },
    profiles: inOrder.map((profile) => ({ ...profileTrace(profile, examined), ...(choice !== undefined && useOf(profile, choice)) })),
    passedOver: [...rotation.passedOver.map((passed) => passedTrace(passed, pinned, examined)), ...notMeant.map((profile) => notPinned(profile, examined))],
  };
}

/** undefined where the order does not go by what is left: somebody wrote one, there is nothing to choose, or nobody knows. */
function choiceOf({ explicit, candidates }: Rotation, { windows, config, registry, nowMs }: Examined): ProfileChoice | undefined {
  if (windows === undefined || explicit !== undefined || candidates.length < 2 || !candidates.some(({ id }) => windows.has(id))) return undefined;
  return { windows, reservePercent: configuredLimits(config, registry).routing.reservePercent, nowMs };
}

function useOf(profile: AuthProfile, choice: ProfileChoice): { use?: UseTrace } {
  const { open, isReserved } = leftIn(profile, choice);
  const windows = open.map(({ leftPercent, resetsAtMs, windowMs }) => ({ leftPercent, resetsAt: resetsAtMs, windowMs: windowMs ?? null }));
  return windows.length === 0 ? {} : { use: { windows, reserved: isReserved } };
}

function passedTrace(passed: PassedOver, pinned: string | undefined, { credentials, nowMs }: Examined): PassedOverTrace {
  const { profileId, reason, cooldown, profile } = passed;
  const place = placeRow(profile && credentials.places.placeOf(profile));
  const detail = passedOverText(passed, nowMs, pinned);
  return { profileId, reason, detail, until: cooldown?.untilMs ?? null, place };
}

function notPinned(profile: AuthProfile, { credentials }: Examined): PassedOverTrace {
  return {
    profileId: profile.id,
    reason: "not-pinned",
    detail: "is not the one that the reference names",
    until: null,
    place: placeRow(credentials.places.placeOf(profile)),
  };
}

function profileTrace(profile: AuthProfile, examined: Examined): ProfileTrace {
  const { credential, id, origin, reference } = profile;
  return {
    profileId: id,
    type: credential.kind,
    origin: origin.kind,
    place: placeRow(examined.credentials.places.placeOf(profile)),
    health: healthOf(profile, examined.nowMs, examined.warnWithinMs),
    fingerprint: examined.credentials.fingerprintOf(profile),
    reference: reference === undefined ? null : referenceText(reference),
    note: vendorNote(profile, examined),
  };
}

function placeOfOrder({ provider, decidedBy }: Rotation, { config, credentials, registry }: Examined): Place | undefined {
  switch (decidedBy) {
    case "store-order":
      return credentials.places.placeOfStoreOrder(provider);
    case "config-order": {
      const written = Object.keys(config.value.auth?.order ?? {}).find((key) => registry.idOf(key) === provider);
      return written === undefined ? undefined : config.placeOf(["auth", "order", written]);
    }
    case "config-profiles":
      return config.placeOf(["auth", "profiles"]);
    case "stored-profiles":
      return undefined;
    default:
      return assertNever(decidedBy);
  }
}
