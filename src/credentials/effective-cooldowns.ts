import type { ProfileId } from "../kernel/ids.ts";
import { isOverridden } from "../state/override.ts";
import { subjectOf } from "../state/rest-subject.ts";
import type { RestRow } from "../state/state-store.ts";
import type { Cooldown } from "./cooldown.ts";
import type { AuthProfile } from "./profile.ts";

/** What an older agent's rests and ours come to: ours end some of theirs. Only those of whole accounts; the soonest to end first. */
export function effectiveCooldowns(
  legacy: readonly Cooldown[],
  rows: ReadonlyMap<string, RestRow>,
  { profiles, markOf, nowMs }: { readonly profiles: readonly AuthProfile[]; readonly markOf: (profile: AuthProfile) => string; readonly nowMs: number },
): readonly Cooldown[] {
  if (rows.size === 0) return legacy;
  const byId = new Map<string, AuthProfile>(profiles.map((profile) => [profile.id, profile]));
  const ours = [...rows.values()].flatMap((row): Cooldown[] => {
    const subject = subjectOf(row.key);
    const profile = subject?.scope === "profile" ? byId.get(subject.profileId ?? "") : undefined;
    if (profile === undefined || row.lastRestMs === 0 || row.untilMs <= nowMs) return [];
    if (row.credential !== undefined && row.credential !== markOf(profile)) return [];
    const kind = row.reason === "auth" || row.reason === "billing" ? "disabled" : "cooldown";
    return [{ profileId: profile.id, kind, reason: row.reason, untilMs: row.untilMs, origin: "signalbox" }];
  });
  const theirs = legacy.filter(({ profileId, untilMs }) => !isOverridden(rows, profileId, untilMs) && !outlasted(ours, profileId, untilMs));
  return [...theirs, ...ours].toSorted((a, b) => a.untilMs - b.untilMs);
}

/** An account rests once: until the later of its ends. */
function outlasted(ours: readonly Cooldown[], profileId: ProfileId, untilMs: number): boolean {
  return ours.some((own) => own.profileId === profileId && own.untilMs >= untilMs);
}
