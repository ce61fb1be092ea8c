import { refText } from "../catalog/model-ref.ts";
import type { Generation } from "../gateway/generation.ts";
import { AppError } from "../kernel/errors.ts";
import type { Modality, UsdPerMTok } from "../provider/model-spec.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { RoutedModel } from "../routing/route.ts";
import type { RouteNeeds } from "../routing/route-request.ts";

/** What a word for a model means here. */
export interface Resolved {
  readonly asked: string;
  /** The one that is asked first. */
  readonly model: ResolvedModel;
  /** Those that answer in its place, in their order. */
  readonly fallbacks: readonly ResolvedModel[];
  /** `model`: no other model may answer. `target`: no other account either. */
  readonly strict: "no" | "model" | "target";
  /** Whose chain and whose accounts it is. */
  readonly agentId: string;
}

/** A fact that nobody states is absent. */
export interface ResolvedModel {
  /** "provider/model". */
  readonly ref: string;
  readonly provider: string;
  readonly id: string;
  /** The only account that may ask it. */
  readonly profile?: string;
  readonly protocol: ProtocolId;
  readonly baseUrl?: string;
  readonly contextTokens?: number;
  readonly outputTokens?: number;
  readonly input?: readonly Modality[];
  readonly tools?: boolean;
  readonly reasoning?: boolean;
  readonly usdPerMTok?: UsdPerMTok;
}

/** Throws MODEL_REF_INVALID, MODEL_UNKNOWN, PROVIDER_UNKNOWN, AGENT_UNKNOWN. */
export function resolve(generation: Generation, name: string, needs: RouteNeeds = { serves: "chat" }): Resolved {
  const { models, strict, agentId } = generation.route(name, needs);
  const [first, ...others] = models.map(resolvedModel);
  if (first === undefined) throw new AppError("MODEL_UNKNOWN", `no model can be asked for "${name}"`, { hint: "`{cli} models explain` says why." });
  return { asked: name, model: first, fallbacks: others, strict, agentId };
}

function resolvedModel({ ref, provider, spec, profile }: RoutedModel): ResolvedModel {
  const { contextTokens, outputTokens, input, tools, reasoning, usdPerMTok } = spec ?? {};
  return {
    ref: refText(ref),
    provider: ref.provider,
    id: ref.model,
    ...(profile !== undefined && { profile }),
    protocol: provider.protocol,
    ...(provider.baseUrl !== undefined && { baseUrl: provider.baseUrl }),
    ...(contextTokens !== undefined && { contextTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(input !== undefined && { input }),
    ...(tools !== undefined && { tools }),
    ...(reasoning !== undefined && { reasoning }),
    ...(usdPerMTok !== undefined && { usdPerMTok }),
  };
}
