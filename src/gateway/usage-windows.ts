import type { Host } from "../kernel/host.ts";
import type { ServerMachine } from "../kernel/server-machine.ts";
import { askInBackground, type BackgroundFacts } from "../usage/background-asking.ts";
import { type KnownWindows, openKnownWindows } from "../usage/known-windows.ts";
import { knownAccounts } from "../usage/account-key.ts";
import type { Current } from "./current.ts";

export interface WindowsInput {
  readonly host: Host;
  readonly machine: Pick<ServerMachine, "after">;
  readonly current: Pick<Current, "latest">;
  readonly stateDir: string;
}

/** What is left of the accounts of the gateway's own agent. */
export function gatewayWindows({ host, current, stateDir }: Omit<WindowsInput, "machine">): KnownWindows {
  return openKnownWindows(host, stateDir, () => knownAccounts(factsOf(host, current)));
}

/** From now on it is kept young, until what this gives is called. */
export function keepYoung({ host, machine, current }: WindowsInput, known: KnownWindows, tell: (message: string) => void): () => void {
  return askInBackground({ host, after: machine.after, factsNow: () => factsOf(host, current), known, tell });
}

function factsOf(host: Host, { latest }: Pick<Current, "latest">): BackgroundFacts {
  const { broker } = latest;
  const { rotationOf } = latest.factsOf(broker.agents().chosen.id);
  const { plugins } = broker.plugins();
  return { config: broker.config(), registry: broker.registry(), credentials: broker.credentials(), nowMs: host.nowMs(), plugins, rotationOf };
}
