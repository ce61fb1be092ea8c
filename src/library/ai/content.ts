import type {
  JSONObject,
  LanguageModelV3Content,
  LanguageModelV3FinishReason,
  LanguageModelV3Usage,
  SharedV3ProviderMetadata,
  SharedV3Warning,
} from "@ai-sdk/provider";
import type { StopReason, Usage } from "../../chat/event.ts";
import type { Signature } from "../../chat/request.ts";
import { assertNever } from "../../kernel/errors.ts";
import type { AnswerBlock } from "../../protocols/answer-blocks.ts";
import type { Loss } from "../../protocols/protocol.ts";
import type { Attempt, ServedBy } from "../answer.ts";

/** An answer's parts as the SDK has them. Audio and what one vendor alone knows have no place there. */
export function contentOf(blocks: readonly AnswerBlock[]): LanguageModelV3Content[] {
  return blocks.flatMap((block): LanguageModelV3Content[] => {
    switch (block.kind) {
      case "text":
      case "refusal":
        return [{ type: "text", text: block.text, ...signedAs(block.signature) }];
      case "thinking":
        return [{ type: "reasoning", text: block.text, ...signedAs(block.signature) }];
      case "tool_call":
        return [
          { type: "tool-call", toolCallId: block.id, toolName: block.name, input: block.json.trim() === "" ? "{}" : block.json, ...signedAs(block.signature) },
        ];
      case "image":
        return [{ type: "file", mediaType: block.mediaType, data: block.base64 }];
      case "audio":
      case "vendor":
        return [];
      default:
        return assertNever(block);
    }
  });
}

export function signedAs(signature: Signature | undefined): { providerMetadata?: SharedV3ProviderMetadata } {
  return signature === undefined ? {} : { providerMetadata: { signalbox: { signature: { ...signature } } } };
}

const FINISH: Readonly<Record<StopReason, LanguageModelV3FinishReason["unified"]>> = {
  end: "stop",
  stop_sequence: "stop",
  length: "length",
  window: "length",
  tool_calls: "tool-calls",
  content_filter: "content-filter",
  refusal: "content-filter",
  pause: "other",
  other: "other",
  unstated: "stop",
};

/** `raw` is our own word for it. */
export function finishOf(stop: StopReason, has: { readonly calls: number }): LanguageModelV3FinishReason {
  return { unified: stop === "unstated" && has.calls > 0 ? "tool-calls" : FINISH[stop], raw: stop };
}

export function usageOf({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens }: Usage): LanguageModelV3Usage {
  const noCache = inputTokens === undefined ? undefined : inputTokens - (cacheReadTokens ?? 0) - (cacheWriteTokens ?? 0);
  const text = outputTokens === undefined ? undefined : outputTokens - (reasoningTokens ?? 0);
  return {
    inputTokens: { total: inputTokens, noCache, cacheRead: cacheReadTokens, cacheWrite: cacheWriteTokens },
    outputTokens: { total: outputTokens, text, reasoning: reasoningTokens },
  };
}

export function warningsOf(lost: readonly Loss[]): SharedV3Warning[] {
  return lost.map(({ field, how, why }) => ({ type: how === "lost" ? "unsupported" : "compatibility", feature: field, details: why }));
}

/** Who answered, and who was asked in vain. */
export function metadataOf({ model, profile }: ServedBy, attempts: readonly Attempt[]): SharedV3ProviderMetadata {
  const failed = attempts.map(({ model: asked, reason, message }): JSONObject => ({ model: asked, reason, message }));
  return { signalbox: { servedBy: model, ...(profile !== undefined && { profile }), attempts: failed } };
}
