import type { ModelId, ProviderId } from "../kernel/ids.ts";
import type { ProtocolId } from "./protocol-id.ts";

export type Modality = "text" | "image" | "audio" | "video" | "pdf";

/** US dollars for one million tokens. */
export interface UsdPerMTok {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

/** What is known of one model at one provider. A fact that nobody states is absent: never a guessed default. */
export interface ModelSpec {
  readonly provider: ProviderId;
  readonly id: ModelId;
  readonly name: string;
  /** undefined: the provider's own. */
  readonly protocol?: ProtocolId;
  /** undefined: the provider's own. */
  readonly baseUrl?: string;
  readonly contextTokens?: number;
  readonly outputTokens?: number;
  readonly input?: readonly Modality[];
  readonly output?: readonly Modality[];
  readonly tools?: boolean;
  readonly reasoning?: boolean;
  readonly usdPerMTok?: UsdPerMTok;
  /** ISO day. */
  readonly releasedOn?: string;
  readonly openWeights?: boolean;
  readonly deprecated?: boolean;
}
