import type { ModelRef } from "../catalog/model-ref.ts";
import type { AgentId, ProfileId } from "../kernel/ids.ts";
import type { ModelSpec } from "../provider/model-spec.ts";
import type { Provider } from "../provider/provider.ts";
import type { ChainRole } from "./chain.ts";
import type { RefusedRequest } from "./failure-policy.ts";

/** What a caller asks for, as models in the order in which they may answer. */
export interface Route {
  /** The caller's own word: "default", "agent:work", an alias, "provider/model", "provider/model@profile", a bare name. */
  readonly asked: string;
  /** Never empty. */
  readonly models: readonly RoutedModel[];
  /** `model`: no other model may answer in its place. `target`: also no other profile. */
  readonly strict: "no" | "model" | "target";
  /** Whose chain it is, and whose accounts answer. */
  readonly agentId: AgentId;
  /** Places of the chain that cannot be asked, and why. */
  readonly leftOut: readonly LeftOut[];
}

export interface LeftOut {
  /** "provider/model"; as it is written where it leads nowhere. */
  readonly model: string;
  readonly reason: "broken_reference" | "delegated" | "not_allowed";
  /** A sentence's end. */
  readonly why: string;
}

/** One model of a route. */
export interface RoutedModel {
  readonly ref: ModelRef;
  /** With the model's own protocol and base URL in place of the provider's. */
  readonly provider: Provider;
  /** undefined: in no list that we have; it is asked all the same. */
  readonly spec: ModelSpec | undefined;
  /** Only this profile may ask it. */
  readonly profile?: ProfileId;
  /** `refusal-fallback`: for nothing but what it follows. */
  readonly from: "asked" | ChainRole | "refusal-fallback";
  /** Refusals of the request itself after which it may be asked all the same, as the config says; after others of the kind nobody is. */
  readonly follows?: readonly RefusedRequest[];
}
