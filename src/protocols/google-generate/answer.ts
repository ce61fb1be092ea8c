import type { StopReason, Usage } from "../../chat/event.ts";
import { type AnswerReader, type Said, started } from "../answer-fold.ts";
import { at, listAt, numberAt, objectAt, textAt } from "../../kernel/json-value.ts";
import { type CallNamer, callNamer } from "../call-id.ts";
import { writeExact } from "../exact-json.ts";
import { statedUsage, sumOf } from "../usage.ts";
import { DIALECT } from "./contents.ts";

const STOPS: Readonly<Record<string, StopReason>> = {
  STOP: "end",
  MAX_TOKENS: "length",
  SAFETY: "content_filter",
  RECITATION: "content_filter",
  BLOCKLIST: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  SPII: "content_filter",
  IMAGE_SAFETY: "content_filter",
  IMAGE_PROHIBITED_CONTENT: "content_filter",
};

/** The model began a call and could not write it down: there is no answer. */
const BROKEN = new Set(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"]);

/** What the parts that went by have shown. Texts and thoughts go on in the same block until another kind comes. */
interface Memory {
  block: number;
  kind: string;
  isStarted: boolean;
  responseId: string;
  callCount: number;
}

/** A chunk of a stream is a whole answer in little. */
export function createReader(named: CallNamer = callNamer(undefined)): AnswerReader {
  const memory: Memory = { block: -1, kind: "", isStarted: false, responseId: "", callCount: 0 };
  const read = (value: unknown): Said[] => {
    if (textAt(value, "promptFeedback", "blockReason") !== undefined) return [{ kind: "error", body: value }];
    const candidate = at(value, "candidates", 0);
    const isAnswer = candidate !== undefined || objectAt(value, "usageMetadata") !== undefined;
    if (!isAnswer) return [];
    const usage = usageOf(at(value, "usageMetadata"));
    return [
      ...startOf(value, memory),
      ...listAt(candidate, "content", "parts").flatMap((part) => readPart(part, memory, named)),
      ...(usage === undefined ? [] : [{ kind: "usage", usage } as const]),
      ...stopSaid(textAt(candidate, "finishReason"), memory),
    ];
  };
  // Without `alt=sse` a stream is a list of chunks.
  return { event: read, whole: (value) => (Array.isArray(value) ? value.flatMap(read) : read(value)) };
}

function startOf(value: unknown, memory: Memory): Said[] {
  if (memory.isStarted) return [];
  memory.isStarted = true;
  memory.responseId = textAt(value, "responseId") ?? "";
  return [started(memory.responseId, textAt(value, "modelVersion"))];
}

function readPart(part: unknown, memory: Memory, named: CallNamer): Said[] {
  const text = textAt(part, "text");
  const call = objectAt(part, "functionCall");
  const media = objectAt(part, "inlineData");
  if (call !== undefined) return [...readCall(call, memory, named), ...sealOf(part, memory)];
  if (media !== undefined) return [...readMedia(media, nextBlock(memory, "media")), ...sealOf(part, memory)];
  if (text === undefined) return objectAt(part) === undefined ? [] : [{ kind: "vendor", block: nextBlock(memory, "vendor"), dialect: DIALECT, value: part }];
  const kind = at(part, "thought") === true ? "thinking" : "text";
  const said: Said[] = text === "" ? [] : [{ kind, block: memory.kind === kind ? memory.block : nextBlock(memory, kind), text }];
  return [...said, ...sealOf(part, memory)];
}

function nextBlock(memory: Memory, kind: string): number {
  memory.kind = kind;
  memory.block++;
  return memory.block;
}

/** Of the block that came last; a signature without one opens a block of text. */
function sealOf(part: unknown, memory: Memory): Said[] {
  const value = textAt(part, "thoughtSignature");
  if (value === undefined || value === "") return [];
  return [{ kind: "signature", block: memory.block < 0 ? nextBlock(memory, "text") : memory.block, signature: { dialect: DIALECT, value } }];
}

/** Calls may come without an id. */
function readCall(call: unknown, memory: Memory, named: CallNamer): Said[] {
  const block = nextBlock(memory, "call");
  const id = textAt(call, "id") || named(memory.responseId, memory.callCount);
  memory.callCount++;
  const json = writeExact(objectAt(call, "args") ?? {});
  return [
    { kind: "tool_call", block, id, name: textAt(call, "name") ?? "" },
    { kind: "tool_arguments", block, json },
  ];
}

function readMedia(media: unknown, block: number): Said[] {
  const mediaType = textAt(media, "mimeType") ?? "";
  const base64 = textAt(media, "data") ?? "";
  return [mediaType.startsWith("audio/") ? { kind: "audio", block, base64 } : { kind: "image", block, mediaType, base64 }];
}

/** Calls end an answer with `STOP` too. */
function stopSaid(reason: string | undefined, { callCount }: Memory): Said[] {
  if (reason === undefined || reason === "" || reason === "FINISH_REASON_UNSPECIFIED") return [];
  if (BROKEN.has(reason)) return [{ kind: "error", body: { error: { message: `the answer ended with ${reason}` } } }];
  const stop = STOPS[reason] ?? "other";
  return [{ kind: "stop", stop: stop === "end" && callCount > 0 ? "tool_calls" : stop }];
}

function usageOf(value: unknown): Usage | undefined {
  const thoughts = numberAt(value, "thoughtsTokenCount");
  return statedUsage({
    inputTokens: sumOf(numberAt(value, "promptTokenCount"), numberAt(value, "toolUsePromptTokenCount")),
    outputTokens: sumOf(numberAt(value, "candidatesTokenCount"), thoughts),
    cacheReadTokens: numberAt(value, "cachedContentTokenCount"),
    cacheWriteTokens: undefined,
    reasoningTokens: thoughts,
  });
}
