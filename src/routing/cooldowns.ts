import type { Cooldown } from "../credentials/cooldown.ts";
import type { ProviderId } from "../kernel/ids.ts";
import { overrideKey } from "../state/override.ts";
import { type RestScope, subjectOf } from "../state/rest-subject.ts";
import type { RestRow } from "../state/state-store.ts";
import type { CooldownSettings } from "./limits.ts";
import { stateOf } from "./rests.ts";

/** One thing that rests, wherever that is written down. */
export interface RestNote {
  /** What rests: an account, an account at a model or its family, a model, an address, a model at an address. */
  readonly scope: RestScope;
  readonly profileId: string | undefined;
  /** "provider/model"; of a family, the name that its dated versions share. */
  readonly model: string | undefined;
  readonly endpoint: string | undefined;
  /** undefined for an address. */
  readonly provider: ProviderId | undefined;
  readonly reason: string;
  /** `to try`: the rest is over, and the next request shows whether it answers again. */
  readonly state: "resting" | "to try" | "on trial";
  readonly untilMs: number;
  /** undefined where an older agent wrote no such thing down. */
  readonly sinceMs: number | undefined;
  readonly failures: number | undefined;
  readonly origin: Cooldown["origin"];
  /** The key of the row that ends it; for an older agent's, of the row that says that it counts no longer. */
  readonly key: string;
}

export interface RestNoteFacts {
  readonly rows: ReadonlyMap<string, RestRow>;
  /** Only older agents' are looked at: ours stand in the rows. */
  readonly cooldowns: readonly Cooldown[];
  readonly providerOf: (profileId: string) => ProviderId | undefined;
  readonly idOf: (provider: string) => ProviderId;
  /** Of the account as it is now; undefined where there is none. */
  readonly markOf: (profileId: string) => string | undefined;
  readonly settings: Pick<CooldownSettings, "failureWindowHours">;
  readonly nowMs: number;
}

/** All that rests, the soonest to return first. */
export function restNotes(facts: RestNoteFacts): RestNote[] {
  const legacy = facts.cooldowns.filter(({ origin }) => origin === "legacy").map((cooldown) => legacyNote(cooldown, facts));
  return [...legacy, ...[...facts.rows.values()].flatMap((row) => ownNote(row, facts))].toSorted((a, b) => a.untilMs - b.untilMs);
}

function legacyNote({ profileId, reason, untilMs, origin }: Cooldown, { providerOf }: RestNoteFacts): RestNote {
  return {
    scope: "profile",
    profileId,
    model: undefined,
    endpoint: undefined,
    provider: providerOf(profileId),
    reason: reason ?? "unknown",
    state: "resting",
    untilMs,
    sinceMs: undefined,
    failures: undefined,
    origin,
    key: overrideKey(profileId),
  };
}

function ownNote(row: RestRow, { providerOf, idOf, markOf, settings, nowMs }: RestNoteFacts): RestNote[] {
  const subject = subjectOf(row.key);
  if (subject === undefined) return [];
  const state = stateOf(row, nowMs, settings, subject.profileId === undefined ? undefined : markOf(subject.profileId));
  if (state.kind === "free") return [];
  const { scope, profileId, model, endpoint } = subject;
  const ofModel = model === undefined ? undefined : idOf(model.slice(0, model.indexOf("/")));
  const provider = ofModel ?? (profileId === undefined ? undefined : providerOf(profileId));
  const { reason, untilMs, sinceMs, failures, key } = row;
  return [{ scope, profileId, model, endpoint, provider, reason, state: state.kind, untilMs, sinceMs, failures, origin: "signalbox", key }];
}

/** Whether a word names it: the account, the model, the address, or the provider of one of them. */
export function isMeant({ profileId, model, endpoint, provider }: RestNote, word: string, meant: { provider?: ProviderId; model?: string }): boolean {
  if (word === profileId || word === model || word === endpoint) return true;
  if (meant.provider !== undefined && provider === meant.provider) return true;
  return meant.model !== undefined && model !== undefined && (model === meant.model || meant.model.startsWith(`${model}-`));
}
