import type { LanguageModelV3StreamPart, SharedV3Warning } from "@ai-sdk/provider";
import type { ChatEvent, Usage } from "../../chat/event.ts";
import type { Signature } from "../../chat/request.ts";
import { AppError, assertNever } from "../../kernel/errors.ts";
import { parseJson } from "../../kernel/json-value.ts";
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

type Piece = Exclude<ChatEvent, { readonly kind: "start" | "usage" | "done" | "failed" }>;

/** What is under way, in the order in which it began. */
interface UnderWay {
  readonly open: Map<number, OpenBlock>;
  /** What follows a call whose arguments are not all there: the SDK takes a call's place from its end, and a text's from its beginning. */
  readonly held: Piece[];
  /** Calls that have been told. */
  readonly told: Set<number>;
  callCount: number;
}

/** Events as the SDK's parts, in the order of the answer. Every block that begins ends; after the last event nothing comes. */
export function createPartWriter(warnings: readonly SharedV3Warning[]): (event: StreamEvent) => LanguageModelV3StreamPart[] {
  const state: UnderWay = { open: new Map(), held: [], told: new Set(), callCount: 0 };
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
        const finishReason = finishOf(event.stop, { calls: state.callCount });
        return [...lastParts(state, "calls"), { type: "finish", usage: usageOf(usage), finishReason, providerMetadata: metadata }];
      }
      case "failed": {
        const told = tellCut(event.failure).message;
        const error = new AppError("UPSTREAM_CUT", told, { hint: "What came before is not the whole answer: ask again." });
        const finishReason = { unified: "error", raw: event.failure.reason } as const;
        return [...lastParts(state, "no calls"), { type: "error", error }, { type: "finish", usage: usageOf(usage), finishReason, providerMetadata: metadata }];
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
        return pieceParts(event, state);
      default:
        return assertNever(event);
    }
  };
}

function pieceParts(piece: Piece, state: UnderWay): LanguageModelV3StreamPart[] {
  const { open, held, told } = state;
  if (told.has(piece.block)) return [];
  if (open.has(piece.block)) return [...partsOf(piece, state), ...(held.length > 0 ? released(state) : [])];
  if (held.length === 0) {
    const ends = endedCalls(state);
    if (piece.kind === "tool_call" || !hasOpenCall(state)) return [...ends, ...partsOf(piece, state)];
    held.push(piece);
    return ends;
  }
  held.push(piece);
  return released(state);
}

/** What was held back, as far as its turn has come. */
function released(state: UnderWay): LanguageModelV3StreamPart[] {
  const ends = endedCalls(state);
  return hasOpenCall(state) ? ends : [...ends, ...state.held.splice(0).flatMap((piece) => pieceParts(piece, state))];
}

/** Calls whose arguments are all there, up to the first of which that is not so: another block has begun, so nothing more comes to them. */
function endedCalls({ open, told }: UnderWay): LanguageModelV3StreamPart[] {
  const parts: LanguageModelV3StreamPart[] = [];
  for (const [index, block] of open) {
    if (block.kind !== "tool") continue;
    if (!block.json.trimStart().startsWith("{") || parseJson(block.json) === undefined) break;
    parts.push(...endOf(block));
    open.delete(index);
    told.add(index);
  }
  return parts;
}

function hasOpenCall({ open }: UnderWay): boolean {
  return [...open.values()].some(({ kind }) => kind === "tool");
}

/** `no calls`: a call that broke off is none, and nobody should carry it out. */
function lastParts(state: UnderWay, as: "calls" | "no calls"): LanguageModelV3StreamPart[] {
  const { open, held } = state;
  const parts: LanguageModelV3StreamPart[] = [];
  for (;;) {
    for (const [index, block] of open) {
      if (block.kind !== "tool") continue;
      parts.push(...endOf(block));
      open.delete(index);
    }
    if (held.length === 0) break;
    parts.push(...held.splice(0).flatMap((piece) => pieceParts(piece, state)));
  }
  return [...parts, ...[...open.values()].flatMap(endOf)].filter(({ type }) => as === "calls" || type !== "tool-call");
}

function partsOf(event: Piece, state: UnderWay): LanguageModelV3StreamPart[] {
  const { open } = state;
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
      if (known === undefined) state.callCount++;
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

function endOf({ kind, id, name, json, signature }: OpenBlock): LanguageModelV3StreamPart[] {
  if (kind !== "tool") return [{ type: `${kind}-end`, id, ...signedAs(signature) }];
  const input = json.trim() === "" ? "{}" : json;
  return [
    { type: "tool-input-end", id },
    { type: "tool-call", toolCallId: id, toolName: name, input, ...signedAs(signature) },
  ];
}
