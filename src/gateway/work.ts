import type { Host } from "../kernel/host.ts";
import type { ServerMachine } from "../kernel/server-machine.ts";
import type { Roll } from "../kernel/roll.ts";
import type { Stop } from "../kernel/stop-signal.ts";
import type { Routing } from "../routing/open-routing.ts";
import type { StateStore } from "../state/state-store.ts";
import type { Admissions } from "./admission.ts";
import type { Counters } from "./counters.ts";
import type { Current } from "./current.ts";
import type { LogEvent } from "./log-event.ts";

/** What all requests of one gateway share. */
export interface Shared {
  readonly host: Host;
  readonly machine: ServerMachine;
  readonly current: Current;
  readonly store: StateStore;
  readonly routing: Routing;
  readonly admissions: Admissions;
  readonly counters: Counters;
  /** undefined: nobody reads it, and nothing is made for it. */
  readonly log: ((event: LogEvent) => void) | undefined;
  /** Those that are under way: what still runs at the end of the grace is aborted, and its client gets an honest error. */
  readonly underWay: Roll<Stop>;
}
