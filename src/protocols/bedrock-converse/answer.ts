import type { StopReason } from "../../chat/event.ts";
import type { AnswerReader, Said } from "../answer-fold.ts";
import { at, listAt, numberAt, objectAt, textAt } from "../../kernel/json-value.ts";
import { writeExact } from "../exact-json.ts";
import { usageBesideCache } from "../usage.ts";
import { DIALECT } from "./messages.ts";

const STOPS: Readonly<Record<string, StopReason>> = {
  end_turn: "end",
  tool_use: "tool_calls",
  max_tokens: "length",
  stop_sequence: "stop_sequence",
  guardrail_intervened: "content_filter",
  content_filtered: "content_filter",
  model_context_window_exceeded: "window",
};

/** Blocks have numbers of their own there. */
export function createReader(): AnswerReader {
  return {
    event: readEvent,
    whole: (value) => {
      const content = at(value, "output", "message", "content");
      if (!Array.isArray(content)) return [];
      return [{ kind: "start" }, ...content.flatMap(readBlock), ...usageSaid(value), ...stopSaid(value)];
    },
  };
}

/** `metadata`, with the usage, comes after the reason to stop. */
function readEvent(value: unknown, name: string): Said[] {
  const block = numberAt(value, "contentBlockIndex") ?? 0;
  switch (name) {
    case "messageStart":
      return [{ kind: "start" }];
    case "contentBlockStart":
      return readBlock(at(value, "start"), block);
    case "contentBlockDelta":
      return readDelta(at(value, "delta"), block);
    case "messageStop":
      return stopSaid(value);
    case "metadata":
      return [...usageSaid(value), { kind: "last" }];
    default:
      return [];
  }
}

/** A whole block, or the first of a call. */
function readBlock(content: unknown, block: number): Said[] {
  const call = objectAt(content, "toolUse");
  if (call !== undefined) {
    const said: Said = { kind: "tool_call", block, id: textAt(call, "toolUseId") ?? "", name: textAt(call, "name") ?? "" };
    const input = objectAt(call, "input");
    return input === undefined ? [said] : [said, { kind: "tool_arguments", block, json: writeExact(input) }];
  }
  const reasoning = objectAt(content, "reasoningContent");
  if (reasoning !== undefined) return readThinking({ ...objectAt(reasoning, "reasoningText"), redactedContent: at(reasoning, "redactedContent") }, block);
  const text = textAt(content, "text");
  if (text !== undefined) return text === "" ? [] : [{ kind: "text", block, text }];
  return objectAt(content) === undefined || Object.keys(objectAt(content) ?? {}).length === 0
    ? []
    : [{ kind: "vendor", block, dialect: DIALECT, value: content }];
}

function readDelta(delta: unknown, block: number): Said[] {
  const json = textAt(delta, "toolUse", "input");
  if (json !== undefined) return json === "" ? [] : [{ kind: "tool_arguments", block, json }];
  const reasoning = objectAt(delta, "reasoningContent");
  return reasoning === undefined ? readBlock(delta, block) : readThinking(reasoning, block);
}

function readThinking(reasoning: unknown, block: number): Said[] {
  const text = textAt(reasoning, "text") ?? "";
  const signature = textAt(reasoning, "signature") ?? "";
  const hidden = textAt(reasoning, "redactedContent") ?? "";
  return [
    ...(text === "" ? [] : [{ kind: "thinking", block, text } as const]),
    ...(signature === "" ? [] : [{ kind: "signature", block, signature: { dialect: DIALECT, value: signature } } as const]),
    ...(hidden === "" ? [] : [{ kind: "signature", block, signature: { dialect: DIALECT, value: hidden, isHidden: true } } as const]),
  ];
}

function stopSaid(value: unknown): Said[] {
  const reason = textAt(value, "stopReason");
  if (reason === undefined) return [];
  const stopSequence = listAt(value, "additionalModelResponseFields", "stop_sequence")[0] ?? textAt(value, "additionalModelResponseFields", "stop_sequence");
  return [{ kind: "stop", stop: STOPS[reason] ?? "other", ...(typeof stopSequence === "string" ? { stopSequence } : {}) }];
}

function usageSaid(value: unknown): Said[] {
  const usage = usageBesideCache({
    freshTokens: numberAt(value, "usage", "inputTokens"),
    outputTokens: numberAt(value, "usage", "outputTokens"),
    cacheReadTokens: numberAt(value, "usage", "cacheReadInputTokens"),
    cacheWriteTokens: numberAt(value, "usage", "cacheWriteInputTokens"),
    reasoningTokens: undefined,
  });
  return usage === undefined ? [] : [{ kind: "usage", usage }];
}
