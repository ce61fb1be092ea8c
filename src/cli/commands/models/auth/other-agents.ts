import type { Broker } from "../../../../broker.ts";
import { type AuthStore, readAuthStore } from "../../../../credentials/auth-store.ts";
import type { ProfileId } from "../../../../kernel/ids.ts";

/** What other agents' stores have to do with accounts of the chosen one. A command changes the chosen agent's store alone. */
export interface OtherAgents {
  /** Ids that are in the store of another agent as well: the config's words about them are also about those. */
  readonly alsoStoring: ReadonlySet<ProfileId>;
  /** Orders of agents that read through to this store. */
  readonly orders: readonly { readonly agentId: string; readonly provider: string; readonly file: string }[];
}

export function otherAgents(broker: Broker, ids: readonly ProfileId[]): OtherAgents {
  const { host, registry } = broker;
  const { all, chosen, mainDir } = broker.agents();
  const alsoStoring = new Set<ProfileId>();
  const orders: { agentId: string; provider: string; file: string }[] = [];
  for (const agent of all) {
    if (agent.dir === chosen.dir) continue;
    const file = host.paths.join(agent.dir, "auth-profiles.json");
    const store = readAuthStore({ host, file, called: "the auth store" }, (text) => registry().idOf(text));
    if (store === undefined) continue;
    const own = ids.filter((id) => store.profiles.has(id));
    for (const id of own) alsoStoring.add(id);
    if (chosen.dir !== mainDir) continue;
    const others = ids.filter((id) => !own.includes(id));
    for (const provider of listing(store, others)) orders.push({ agentId: agent.id, provider, file });
  }
  return { alsoStoring, orders };
}

function listing({ order }: AuthStore, ids: readonly ProfileId[]): string[] {
  return [...order].flatMap(([provider, listed]) => (listed.some((id) => ids.includes(id)) ? [provider] : []));
}
