import type { ServedRequest } from "../kernel/server-machine.ts";
import type { Needs } from "../routing/failover-plan.ts";
import type { RequestReading } from "../protocols/server-protocol.ts";
import type { Route } from "../routing/route.ts";
import type { GatewayKey } from "./gateway-key.ts";
import type { Generation } from "./generation.ts";
import type { Passport } from "./guard.ts";
import type { ReadBody } from "./request-body.ts";
import type { Endpoint } from "./routes.ts";
import type { Shared } from "./work.ts";

/** One request that asks a model, from its body to its answer. */
export interface Inference {
  readonly request: ServedRequest;
  readonly passport: Passport;
  readonly owner: GatewayKey;
  readonly endpoint: Endpoint;
  readonly requestId: string;
  readonly startedMs: number;
  /** Fires when the client has gone, and when the gateway ends what still runs. */
  readonly signal: AbortSignal;
}

/** A request as it was understood. */
export type Understood = Extract<RequestReading, { kind: "request" }>;

/** What was asked, and all that is needed to answer it. */
export interface Asked {
  readonly inference: Inference;
  readonly body: ReadBody;
  readonly generation: Generation;
  readonly route: Route;
  readonly needs: Needs;
  /** The request in the one language, for candidates that speak another format; undefined where all speak this one, or it cannot be translated. */
  readonly understood: Understood | undefined;
  readonly shared: Shared;
}
