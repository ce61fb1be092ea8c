import type { LanguageModelV3StreamPart, SharedV3Warning } from "@ai-sdk/provider";
import type { ChatEvent, Usage } from "../../chat/event.ts";
import type { Signature } from "../../chat/request.ts";
import { AppError, assertNever } from "../../kernel/errors.ts";
import { tellCut } from "../../gateway/tell-failure.ts";
import type { StreamEvent } from "../conversation.ts";
import { finishOf, metadataOf, signedAs, usageOf, warningsOf } from "./content.ts";

/** A part of the answer that has begun and has no end yet. */
interface OpenBlock {
  readonly kind: "text" | "reasoning" | "tool";
  readonly id: string;
  readonly name: string;
  json: string;
  signature?: Signature;
}

/** Events as the SDK's parts. Every block that begins ends; after the last event nothing comes. */
export function createPartWriter(warnings: readonly SharedV3Warning[]): (event: StreamEvent) => LanguageModelV3StreamPart[] {
  const open = new Map<number, OpenBlock>();
  let usage: Usage = {};
  let metadata = metadataOf({ model: "" }, []);
  return (event) => {
    switch (event.kind) {
      case "opened":
        metadata = metadataOf(event.servedBy, event.attempts);
        return [
          { type: "stream-start", warnings: [...warnings, ...warningsOf(event.lost)] },
          { type: "response-metadata", modelId: event.servedBy.model },
        ];
      case "start":
        return event.id === undefined ? [] : [{ type: "response-metadata", id: event.id }];
      case "usage":
        usage = { ...usage, ...event.usage };
        return [];
      case "done": {
        const calls = [...open.values()].filter(({ kind }) => kind === "tool").length;
        return [...endsOf(open), { type: "finish", usage: usageOf(usage), finishReason: finishOf(event.stop, { calls }), providerMetadata: metadata }];
      }
      case "failed": {
        // A call that broke off is no call: nobody should carry it out.
        const ends = endsOf(open).filter(({ type }) => type !== "tool-call");
        const told = tellCut(event.failure).message;
        const error = new AppError("UPSTREAM_CUT", told, { hint: "What came before is not the whole answer: ask again." });
        const finish = {
          type: "finish",
          usage: usageOf(usage),
          finishReason: { unified: "error", raw: event.failure.reason },
          providerMetadata: metadata,
        } as const;
        return [...ends, { type: "error", error }, finish];
      }
      case "text":
      case "refusal":
      case "thinking":
      case "signature":
      case "tool_call":
      case "tool_arguments":
      case "image":
      case "audio":
      case "vendor":
        return pieceParts(event, open);
      default:
        return assertNever(event);
    }
  };
}

type Piece = Exclude<ChatEvent, { readonly kind: "start" | "usage" | "done" | "failed" }>;

function pieceParts(event: Piece, open: Map<number, OpenBlock>): LanguageModelV3StreamPart[] {
  const id = String(event.block);
  const known = open.get(event.block);
  switch (event.kind) {
    case "text":
    case "refusal":
      return [...begun(event.block, { kind: "text", id, name: "", json: "" }, open), { type: "text-delta", id, delta: event.text }];
    case "thinking":
      return [...begun(event.block, { kind: "reasoning", id, name: "", json: "" }, open), { type: "reasoning-delta", id, delta: event.text }];
    case "signature": {
      const started = known === undefined ? begun(event.block, { kind: "reasoning", id, name: "", json: "" }, open) : [];
      const block = open.get(event.block);
      if (block !== undefined) block.signature = { ...block.signature, ...event.signature, value: (block.signature?.value ?? "") + event.signature.value };
      return started;
    }
    case "tool_call":
      return begun(event.block, { kind: "tool", id: event.id, name: event.name, json: "" }, open);
    case "tool_arguments":
      if (known?.kind !== "tool") return [];
      known.json += event.json;
      return [{ type: "tool-input-delta", id: known.id, delta: event.json }];
    case "image":
      return [{ type: "file", mediaType: event.mediaType, data: event.base64 }];
    case "audio":
    case "vendor":
      return [];
    default:
      return assertNever(event);
  }
}

function begun(index: number, block: OpenBlock, open: Map<number, OpenBlock>): LanguageModelV3StreamPart[] {
  if (open.has(index)) return [];
  open.set(index, block);
  const { kind, id, name } = block;
  return [kind === "tool" ? { type: "tool-input-start", id, toolName: name } : { type: `${kind}-start`, id }];
}

function endsOf(open: ReadonlyMap<number, OpenBlock>): LanguageModelV3StreamPart[] {
  return [...open.values()].flatMap(({ kind, id, name, json, signature }): LanguageModelV3StreamPart[] => {
    if (kind !== "tool") return [{ type: `${kind}-end`, id, ...signedAs(signature) }];
    const input = json.trim() === "" ? "{}" : json;
    return [
      { type: "tool-input-end", id },
      { type: "tool-call", toolCallId: id, toolName: name, input, ...signedAs(signature) },
    ];
  });
}
