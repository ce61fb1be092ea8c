import type { StopReason, Usage } from "../../chat/event.ts";
import { DONE } from "../answer.ts";
import { type AnswerReader, type Said, started } from "../answer-fold.ts";
import { type Blocks, createBlocks } from "../blocks.ts";
import { at, listAt, numberAt, objectAt, textAt } from "../../kernel/json-value.ts";
import { statedUsage } from "../usage.ts";
import { createCallReader } from "./calls.ts";

const STOPS: Readonly<Record<string, StopReason>> = {
  stop: "end",
  length: "length",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
  content_filter: "content_filter",
};

/** Chunks and whole answers are read alike: a `delta` and a `message` have the same fields. Only the first choice is looked at. */
export function createReader(): AnswerReader {
  const blocks = createBlocks();
  const readCalls = createCallReader(blocks);
  let isStarted = false;

  const read = (value: unknown, message: "delta" | "message"): Said[] => {
    if (value === DONE) return [{ kind: "last" }];
    const said: Said[] = [];
    const choice = at(value, "choices", 0);
    if (objectAt(choice, "error") !== undefined) return [{ kind: "error", body: choice }];
    // Azure's first chunk has only filters, and empty names.
    if (!isStarted && choice !== undefined) {
      isStarted = true;
      said.push(started(textAt(value, "id"), textAt(value, "model")));
    }
    const spoken = at(choice, message);
    said.push(...readThinking(spoken, blocks), ...readContent(at(spoken, "content"), blocks), ...readOthers(spoken, blocks));
    for (const call of listAt(spoken, "tool_calls")) said.push(...readCalls(call));
    const usage = usageOf(at(value, "usage") ?? at(choice, "usage"));
    if (usage !== undefined) said.push({ kind: "usage", usage });
    const reason = textAt(choice, "finish_reason");
    if (reason !== undefined && reason !== "") said.push({ kind: "stop", stop: STOPS[reason] ?? "other" });
    return said;
  };

  return {
    event: (value) => read(value, "delta"),
    whole: (value) => (listAt(value, "choices").length === 0 ? [] : read(value, "message")),
  };
}

/** DeepSeek and many servers write `reasoning_content`, OpenRouter and Groq `reasoning`. */
function readThinking(spoken: unknown, blocks: Blocks): Said[] {
  const text = textAt(spoken, "reasoning_content") ?? textAt(spoken, "reasoning");
  return text === undefined || text === "" ? [] : [{ kind: "thinking", block: blocks.of("thinking"), text }];
}

/** A text, or Mistral's list of texts and thoughts. */
function readContent(content: unknown, blocks: Blocks): Said[] {
  if (typeof content === "string") return content === "" ? [] : [{ kind: "text", block: blocks.of("text"), text: content }];
  return listAt(content).flatMap((part): Said[] => {
    const thought = listAt(part, "thinking").map((piece) => textAt(piece, "text") ?? "");
    if (thought.length > 0) return [{ kind: "thinking", block: blocks.of("thinking"), text: thought.join("") }];
    return readContent(textAt(part, "text") ?? "", blocks);
  });
}

function readOthers(spoken: unknown, blocks: Blocks): Said[] {
  const refusal = textAt(spoken, "refusal") ?? "";
  const audio = textAt(spoken, "audio", "data") ?? "";
  return [
    ...(refusal === "" ? [] : [{ kind: "refusal", block: blocks.of("refusal"), text: refusal } as const]),
    ...(audio === "" ? [] : [{ kind: "audio", block: blocks.of("audio"), base64: audio } as const]),
  ];
}

function usageOf(value: unknown): Usage | undefined {
  if (objectAt(value) === undefined) return undefined;
  return statedUsage({
    inputTokens: numberAt(value, "prompt_tokens"),
    outputTokens: numberAt(value, "completion_tokens"),
    // DeepSeek has a field of its own.
    cacheReadTokens: numberAt(value, "prompt_tokens_details", "cached_tokens") ?? numberAt(value, "prompt_cache_hit_tokens"),
    cacheWriteTokens: numberAt(value, "prompt_tokens_details", "cache_write_tokens"),
    reasoningTokens: numberAt(value, "completion_tokens_details", "reasoning_tokens"),
  });
}
