import type { StopReason } from "../../chat/event.ts";
import { type AnswerReader, type Said, started } from "../answer-fold.ts";
import { at, listAt, numberAt, objectAt, textAt } from "../../kernel/json-value.ts";
import { writeExact } from "../exact-json.ts";
import { usageBesideCache } from "../usage.ts";
import { DIALECT } from "./messages.ts";

const STOPS: Readonly<Record<string, StopReason>> = {
  end_turn: "end",
  max_tokens: "length",
  stop_sequence: "stop_sequence",
  tool_use: "tool_calls",
  pause_turn: "pause",
  refusal: "refusal",
  model_context_window_exceeded: "window",
};

/** Blocks have numbers of their own there. */
export function createReader(): AnswerReader {
  return {
    event: readEvent,
    whole: (value) => {
      if (!Array.isArray(at(value, "content"))) return [];
      return [startOf(value), ...listAt(value, "content").flatMap(readBlock), ...usageSaid(at(value, "usage")), ...stopSaid(value)];
    },
  };
}

function readEvent(value: unknown): Said[] {
  const block = numberAt(value, "index") ?? 0;
  switch (textAt(value, "type")) {
    case "message_start":
      return [startOf(at(value, "message")), ...usageSaid(at(value, "message", "usage"))];
    case "content_block_start":
      return readBlock(at(value, "content_block"), block);
    case "content_block_delta":
      return readDelta(at(value, "delta"), block);
    case "message_delta":
      return [...usageSaid(at(value, "usage")), ...stopSaid(at(value, "delta"))];
    case "message_stop":
      return [{ kind: "last" }];
    case undefined:
    default:
      return [];
  }
}

function startOf(message: unknown): Said {
  return started(textAt(message, "id"), textAt(message, "model"));
}

/** A whole block, or the first of one: then its text is empty and its input an empty object. */
function readBlock(content: unknown, block: number): Said[] {
  switch (textAt(content, "type")) {
    case "text":
      return spoken("text", textAt(content, "text"), block);
    case "thinking":
      return [...spoken("thinking", textAt(content, "thinking"), block), ...signed(textAt(content, "signature"), block)];
    case "redacted_thinking":
      return [{ kind: "signature", block, signature: { dialect: DIALECT, value: textAt(content, "data") ?? "", isHidden: true } }];
    case "tool_use": {
      const input = objectAt(content, "input") ?? {};
      const call: Said = { kind: "tool_call", block, id: textAt(content, "id") ?? "", name: textAt(content, "name") ?? "" };
      return Object.keys(input).length === 0 ? [call] : [call, { kind: "tool_arguments", block, json: writeExact(input) }];
    }
    case undefined:
      return [];
    default:
      return [{ kind: "vendor", block, dialect: DIALECT, value: content }];
  }
}

function readDelta(delta: unknown, block: number): Said[] {
  switch (textAt(delta, "type")) {
    case "text_delta":
      return spoken("text", textAt(delta, "text"), block);
    case "thinking_delta":
      return spoken("thinking", textAt(delta, "thinking"), block);
    case "signature_delta":
      return signed(textAt(delta, "signature"), block);
    case "input_json_delta": {
      const json = textAt(delta, "partial_json") ?? "";
      return json === "" ? [] : [{ kind: "tool_arguments", block, json }];
    }
    case undefined:
      return [];
    default:
      return [{ kind: "vendor", block, dialect: DIALECT, value: delta }];
  }
}

function spoken(kind: "text" | "thinking", text: string | undefined, block: number): Said[] {
  return text === undefined || text === "" ? [] : [{ kind, block, text }];
}

function signed(value: string | undefined, block: number): Said[] {
  return value === undefined || value === "" ? [] : [{ kind: "signature", block, signature: { dialect: DIALECT, value } }];
}

function stopSaid(message: unknown): Said[] {
  const reason = textAt(message, "stop_reason");
  if (reason === undefined) return [];
  const stopSequence = textAt(message, "stop_sequence");
  return [{ kind: "stop", stop: STOPS[reason] ?? "other", ...(stopSequence === undefined ? {} : { stopSequence }) }];
}

function usageSaid(value: unknown): Said[] {
  const usage = usageBesideCache({
    freshTokens: numberAt(value, "input_tokens"),
    outputTokens: numberAt(value, "output_tokens"),
    cacheReadTokens: numberAt(value, "cache_read_input_tokens"),
    cacheWriteTokens: numberAt(value, "cache_creation_input_tokens"),
    reasoningTokens: numberAt(value, "output_tokens_details", "thinking_tokens"),
  });
  return usage === undefined ? [] : [{ kind: "usage", usage }];
}
