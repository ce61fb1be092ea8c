import type { Broker } from "../broker.ts";
import { fingerprint } from "../credentials/fingerprint.ts";
import { type RestNote, type RestNoteFacts, restNotes } from "../routing/cooldowns.ts";
import { configuredLimits } from "../routing/limits.ts";
import { shortTime } from "../routing/outcomes.ts";
import { openState } from "../state/open-state.ts";
import { overrideRow } from "../state/override.ts";
import type { RestRow, StateStore } from "../state/state-store.ts";
import { AppError, assertNever } from "../kernel/errors.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";

/** One thing that rests. Times are milliseconds since 1970. */
export interface CooldownRow {
  scope: RestNote["scope"];
  profileId: string | null;
  /** "provider/model"; of a family, the name that its dated versions share. */
  model: string | null;
  endpoint: string | null;
  provider: string | null;
  reason: string;
  /** `to try`: the rest is over, and the next request shows whether it answers again; `on trial`: one is under way. */
  state: RestNote["state"];
  until: number;
  /** null where an older agent wrote no such thing down. */
  since: number | null;
  /** Failures in a row. */
  failures: number | null;
  /** `legacy`: an older agent wrote it into the auth store. */
  origin: RestNote["origin"];
}

export function cooldownRow({ scope, profileId, model, endpoint, provider, reason, state, untilMs, sinceMs, failures, origin }: RestNote): CooldownRow {
  const about = { scope, profileId: profileId ?? null, model: model ?? null, endpoint: endpoint ?? null, provider: provider ?? null };
  return { ...about, reason, state, until: untilMs, since: sinceMs ?? null, failures: failures ?? null, origin };
}

/** What is done with rests here. */
interface RestStore {
  readonly rests: StateStore["rests"];
  /** undefined takes a row out. Throws why that cannot be written down: FILE_READ_ONLY, FILE_WRITE_FAILED, LOCK_HELD. */
  readonly put: (rows: ReadonlyMap<string, RestRow | undefined>) => Promise<void>;
}

/** The rests of this machine, and of the chosen agent's auth store. */
export async function allRests(broker: Broker): Promise<{ readonly store: RestStore; readonly notes: readonly RestNote[] }> {
  const { host } = broker;
  const store = openRests(broker);
  const registry = broker.registry();
  const { profiles, cooldowns } = broker.credentials();
  const byId = new Map<string, (typeof profiles)[number]>(profiles.map((profile) => [profile.id, profile]));
  const facts: RestNoteFacts = {
    rows: await store.rests(),
    cooldowns,
    providerOf: (id) => byId.get(id)?.provider,
    idOf: (text) => registry.idOf(text),
    markOf: (id) => {
      const profile = byId.get(id);
      return profile === undefined ? undefined : fingerprint(profile.credential, [], (text) => host.sha256(text));
    },
    settings: configuredLimits(broker.config(), registry).cooldowns,
    nowMs: host.nowMs(),
  };
  return { store, notes: restNotes(facts) };
}

function openRests({ host, config }: Broker): RestStore {
  const store = openState(host, config().stateDir);
  return {
    rests: store.rests,
    put: async (rows) => {
      if ((await store.changeRests([...rows.keys()], () => rows)) === "changed") return;
      throw store.lastError ?? new AppError("INTERNAL", "rests were not changed, and nothing says why", { hint: "This is a bug. Please report it." });
    },
  };
}

/** Throws what `RestStore.put` throws. */
export async function endRests(ended: readonly RestNote[], store: RestStore, { host }: Broker): Promise<void> {
  const rows = new Map<string, RestRow | undefined>();
  for (const { key, origin, profileId = "", untilMs } of ended) rows.set(key, origin === "legacy" ? overrideRow(profileId, untilMs, host.nowMs()) : undefined);
  await store.put(rows);
}

export function restTable(rows: readonly CooldownRow[], nowMs: number, style: Style): string {
  const cells = rows.map((row) => [whatRests(row), restsUntil(row, nowMs), row.reason, row.failures === null ? "" : timesText(row.failures)]);
  return table(cells, { style, flexible: 0, indent: "  ", headers: ["what", "until", "why", "failures"] });
}

/** "openai:work at openai/gpt-5 and its family". */
export function whatRests({ scope, profileId, model, endpoint }: CooldownRow): string {
  switch (scope) {
    case "profile":
      return profileId ?? "";
    case "profile+model":
      return `${profileId} at ${model}`;
    case "profile+model-family":
      return `${profileId} at ${model}`;
    case "provider+model":
      return model ?? "";
    case "endpoint":
      return endpoint ?? "";
    case "endpoint+model":
      return `${model} at ${endpoint}`;
    default:
      return assertNever(scope);
  }
}

function restsUntil({ state, until }: CooldownRow, nowMs: number): string {
  if (state === "resting") return `in ${shortTime(until - nowMs)}`;
  return state === "on trial" ? "being tried" : "over, to be tried";
}

function timesText(failures: number): string {
  return failures === 0 ? "" : `${failures} in a row`;
}
