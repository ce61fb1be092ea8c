import type { Broker } from "../broker.ts";
import type { StatusFacts } from "../status/facts.ts";

/** What the broker knows, as the reports about accounts and models take it. `warnWithinMs`: how long before its end a credential is expiring. */
export function statusFacts(broker: Broker, warnWithinMs: number): StatusFacts {
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
