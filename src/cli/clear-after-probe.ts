import type { Broker } from "../broker.ts";
import { parseRef } from "../catalog/resolve.ts";
import type { ProbeRow, ProbeSummary } from "../probe/summary.ts";
import type { RestNote } from "../routing/cooldowns.ts";
import { restKeyOf } from "../routing/rest-key.ts";
import { REST_SCOPES } from "../state/rest-subject.ts";
import { allRests, type CooldownRow, cooldownRow, endRests, whatRests } from "./cooldown-rows.ts";
import type { Talk } from "./talk.ts";

/** Ends the rests that an answer has disproved: the one way in which a probe changes who is asked. A list of models shows only that a key is known. */
export async function clearAfterProbe(broker: Broker, talk: Talk, { results, options }: ProbeSummary): Promise<CooldownRow[]> {
  const good = results.filter(({ asked, status }) => asked && status === "ok");
  if (good.length === 0) return [];
  const { store, notes } = await allRests(broker);
  const keys = new Set(good.flatMap((row) => keysOf(row, broker)));
  const accounts = new Set(good.flatMap(({ profileId }) => profileId ?? []));
  const isDisproved = (note: RestNote): boolean => {
    if (options.tier === "free") return note.reason === "auth" && accounts.has(note.profileId ?? "") && note.scope === "profile";
    return note.origin === "legacy" ? accounts.has(note.profileId ?? "") : keys.has(note.key);
  };
  const ended = notes.filter(isDisproved);
  if (ended.length === 0) return [];
  await endRests(ended, store, broker);
  const rows = ended.map(cooldownRow);
  talk.note(`Asked again from now on: ${rows.map(whatRests).join(", ")}.`);
  return rows;
}

/** Everything that may rest of what has answered. */
function keysOf({ provider, model, profileId }: ProbeRow, broker: Broker): string[] {
  const registry = broker.registry();
  const registered = registry.get(registry.idOf(provider));
  const ref = model === undefined ? undefined : parseRef(model, registry);
  if (registered === undefined || ref === undefined) return [];
  const profile = broker.credentials().profiles.find(({ id }) => id === profileId);
  const candidate = { model: { ref, provider: registered.provider, spec: undefined, from: "asked" as const }, profile };
  return REST_SCOPES.flatMap((scope) => restKeyOf(scope, candidate) ?? []);
}
