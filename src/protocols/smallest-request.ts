import { ask } from "../chat/request.ts";
import { assertNever } from "../kernel/errors.ts";
import type { ModelId } from "../kernel/ids.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { Provider } from "../provider/provider.ts";
import type { EncodeOptions, Encoding, Protocol } from "./protocol.ts";

/** What a model is asked to find out whether it answers. */
export type AskedKind = "chat" | "reasoning" | "embedding" | "rerank";

/** `unsupported`: the format has no call of that kind. */
export type SmallestRequest =
  | {
      readonly kind: "asked";
      readonly encoding: Encoding;
      /** The most that the answer may have; undefined where no text is asked for. */
      readonly outputTokens: number | undefined;
      /** More than was wished for: with less the request would be refused. */
      readonly isRaised: boolean;
    }
  | { readonly kind: "unsupported" };

/**
 * A model that reasons spends its limit on that first, and Chat Completions then answers 400. Others cut the answer off, which is an answer.
 * Source: learn.microsoft.com/azure/ai-foundry/openai/how-to/reasoning, checked on 2026-11-21.
 */
const REASONING_FLOOR: Readonly<Partial<Record<ProtocolId, number>>> = { "openai-chat": 256 };

const QUESTION = "Reply with OK.";

/** The cheapest call that a model of this kind really answers. Not streamed; its body has at most 600 bytes, the model's name not counted. */
export function smallestRequest(
  kind: AskedKind,
  {
    protocol,
    model,
    provider,
    options,
    outputTokens,
  }: { protocol: Protocol; model: ModelId; provider: Provider; options?: EncodeOptions; outputTokens: number },
): SmallestRequest {
  switch (kind) {
    case "chat":
    case "reasoning": {
      const floor = Math.max(protocol.leastOutputTokens, (kind === "reasoning" ? REASONING_FLOOR[protocol.id] : undefined) ?? 1);
      const limit = Math.max(outputTokens, floor);
      return {
        kind: "asked",
        encoding: protocol.encode(ask(QUESTION, { maxOutputTokens: limit }), model, provider, options),
        outputTokens: limit,
        isRaised: limit > outputTokens,
      };
    }
    case "embedding":
      return asked(protocol.encodeEmbedding?.({ texts: ["OK"] }, model, provider, options));
    case "rerank":
      return asked(protocol.encodeRerank?.({ query: "OK", documents: ["OK"] }, model, provider, options));
    default:
      return assertNever(kind);
  }
}

function asked(encoding: Encoding | undefined): SmallestRequest {
  return encoding === undefined ? { kind: "unsupported" } : { kind: "asked", encoding, outputTokens: undefined, isRaised: false };
}
