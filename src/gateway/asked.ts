import type { ServedRequest } from "../kernel/server-machine.ts";
import type { StopSignal } from "../kernel/stop-signal.ts";
import type { Needs } from "../routing/failover-plan.ts";
import type { VectorsAsked } from "../protocols/embeddings.ts";
import type { RequestReading } from "../protocols/server-protocol.ts";
import type { StreamEnds } from "../routing/relay-call.ts";
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
  readonly signal: StopSignal;
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
  /** The same for a request for vectors. */
  readonly vectors: VectorsAsked | undefined;
  /** What the stream says where it does not end by itself. */
  readonly ends: StreamEnds;
  /** A stream that breaks off is gone on with where that is possible (`gateway.streams.onCut`); then `ends` says nothing of a cut. */
  readonly goesOn: boolean;
  readonly shared: Shared;
}

export function isStreamed({ inference, body }: Pick<Asked, "inference" | "body">): boolean {
  return inference.endpoint.mayStream && body.streams;
}
