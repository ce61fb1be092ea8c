import type { ChatEvent } from "../chat/event.ts";
import type { UpstreamFailure } from "../chat/failure.ts";
import type { ChatRequest, EmbeddingRequest, RerankRequest } from "../chat/request.ts";
import type { HttpRequest, HttpResponse } from "../kernel/http.ts";
import type { ModelId } from "../kernel/ids.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { Provider } from "../provider/provider.ts";
import type { StatedFailure } from "../provider/stated-failure.ts";
import type { AnswerFacts } from "./error-body.ts";

/** A wire format, client side. All of it is pure: no network, no clock, no secrets. */
export interface Protocol {
  readonly id: ProtocolId;
  /** A smaller limit for the answer is refused by the vendors of this format. */
  readonly leastOutputTokens: number;
  readonly encode: (chat: ChatRequest, model: ModelId, provider: Provider, options?: EncodeOptions) => Encoding;
  /** Any answer to `encode`: streamed or not, good or bad. Never throws; ends with exactly one `done` or `failed`. */
  readonly decode: (response: HttpResponse, reading: Reading) => AsyncIterable<ChatEvent>;
  /** For who has read the body: a model list, a header of a stream that went by. `decode` does this by itself. */
  readonly classify: (facts: AnswerFacts, providerId: string, stated?: readonly StatedFailure[]) => UpstreamFailure;
  /** Absent where the format has no such call. */
  readonly encodeEmbedding?: (request: EmbeddingRequest, model: ModelId, provider: Provider, options?: EncodeOptions) => Encoding;
  /** Asks what the request would count, in the vendor's own figures; undefined where this vendor has no such call. */
  readonly encodeCount?: (chat: ChatRequest, model: ModelId, provider: Provider, options?: EncodeOptions) => Encoding | undefined;
  readonly encodeRerank?: (request: RerankRequest, model: ModelId, provider: Provider, options?: EncodeOptions) => Encoding;
}

export interface EncodeOptions {
  /** What the address needs to know of the account, where `quirks.addressing` says so. */
  readonly account?: Readonly<Partial<Record<AddressPart, string>>>;
  /** For formats that demand a limit, where the request names none. The model's own where it is known. */
  readonly defaultOutputTokens?: number;
}

/** `deployment`: the model's id unless told. `apiVersion`: see `azure.ts`. */
export type AddressPart = "resource" | "deployment" | "apiVersion" | "project" | "location" | "region" | "accountId" | "gatewayId";

/** A request without its secrets: `credentials/authorize.ts` adds them. Or what has to be known first. */
export type Encoding =
  | {
      readonly kind: "request";
      readonly request: HttpRequest;
      /** What the format cannot carry, and what it carries in another shape. Empty: all of it arrives as it was asked. */
      readonly losses: readonly Loss[];
    }
  | { readonly kind: "unaddressed"; readonly missing: readonly (AddressPart | "baseUrl")[] };

export interface Loss {
  /** As in ChatRequest: `messages[2].content[0]`, `sampling.topK`. */
  readonly field: string;
  readonly how: "lost" | "changed";
  /** One sentence without the field's content. */
  readonly why: string;
}

export interface Reading {
  /** By it the vendor's own sentences and codes are known. */
  readonly providerId: string;
  /** What a plugin says of the provider's failures. */
  readonly failures?: readonly StatedFailure[];
  readonly limits?: ReadLimits;
  /** When the headers came, milliseconds since 1970. */
  readonly receivedAtMs?: number;
}

/** Of decoded bytes. More is a failure: `format`, `answer_too_large`. */
export interface ReadLimits {
  /** Of an answer that is no stream. */
  readonly wholeBytes: number;
  /** Of one event of a stream. */
  readonly eventBytes: number;
  readonly streamBytes: number;
}

export const READ_LIMITS: ReadLimits = { wholeBytes: 64 * 2 ** 20, eventBytes: 2 ** 20, streamBytes: 256 * 2 ** 20 };
