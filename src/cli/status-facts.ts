import type { Broker } from "../broker.ts";
import type { StatusFacts } from "../status/facts.ts";

/** How long before its end a credential is expiring, unless a person says otherwise. */
export const WARN_WITHIN_MS = 86_400_000;

/** What the broker knows, as the reports about accounts and models take it. `warnWithinMs`: how long before its end a credential is expiring. */
export function statusFacts(broker: Broker, warnWithinMs = WARN_WITHIN_MS): StatusFacts {
  const { config, agents, registry, credentials, chain, plugins, host } = broker;
  return {
    config: config(),
    agents: agents(),
    registry: registry(),
    credentials: credentials(),
    chain: chain(),
    otherProblems: plugins().problems,
    nowMs: host.nowMs(),
    warnWithinMs,
  };
}
