import type { StopReason, Usage } from "../../chat/event.ts";
import { DONE } from "../answer.ts";
import { type AnswerReader, type Said, started } from "../answer-fold.ts";
import { type Blocks, createBlocks } from "../blocks.ts";
import { type CallNamer, callNamer } from "../call-id.ts";
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

/**
 * Chunks and whole answers are read alike: a `delta` and a `message` have the same fields. Only the first choice is looked at; but the answer is whole
 * when all that have begun have ended.
 */
export function createReader(named: CallNamer = callNamer(undefined)): AnswerReader {
  const blocks = createBlocks();
  const readCalls = createCallReader(blocks, named);
  const ends = createEnds();
  let isStarted = false;

  const read = (value: unknown, message: "delta" | "message"): Said[] => {
    if (value === DONE) return [...ends.last(), { kind: "last" }];
    const said: Said[] = [];
    const choice = ownChoice(value);
    if (objectAt(choice, "error") !== undefined) return [{ kind: "error", body: choice }];
    if (textAt(choice, "finish_reason") === "error") return [{ kind: "error", body: { error: { message: "the answer ended with an error" } } }];
    // Azure's first chunk has only filters, and empty names.
    if (!isStarted && choice !== undefined) {
      isStarted = true;
      said.push(started(textAt(value, "id"), textAt(value, "model")));
    }
    const spoken = at(choice, message);
    said.push(...readThinking(spoken, blocks), ...readContent(at(spoken, "content"), blocks), ...readOthers(spoken, blocks));
    const calls = listAt(spoken, "tool_calls");
    for (const call of calls) said.push(...readCalls(call, textAt(value, "id")));
    const usage = usageOf(at(value, "usage") ?? at(choice, "usage"));
    if (usage !== undefined) said.push({ kind: "usage", usage });
    said.push(...ends.of(listAt(value, "choices"), calls.length));
    return said;
  };

  return {
    event: (value) => read(value, "delta"),
    whole: (value) => (listAt(value, "choices").length === 0 ? [] : read(value, "message")),
  };
}

/** Of several choices each comes in chunks of its own. */
function ownChoice(value: unknown): unknown {
  const first = at(value, "choices", 0);
  return (numberAt(first, "index") ?? 0) === 0 ? first : undefined;
}

interface Ends {
  of(choices: readonly unknown[], callCount: number): Said[];
  /** What was held back for choices that never ended: the server says that nothing follows. */
  last(): Said[];
}

/** The first choice's reason to stop, when every choice that has begun has ended. Where a function is asked for by name, its call ends with `stop`. */
function createEnds(): Ends {
  const unended = new Set<number>();
  const ended = new Set<number>();
  let stop: StopReason | undefined;
  let isCalling = false;
  const held = (): Said[] => {
    if (stop === undefined) return [];
    const said = { kind: "stop", stop: stop === "end" && isCalling ? "tool_calls" : stop } as const;
    stop = undefined;
    return [said];
  };
  return {
    of: (choices, callCount) => {
      isCalling ||= callCount > 0;
      for (const choice of choices) {
        const index = numberAt(choice, "index") ?? 0;
        const reason = textAt(choice, "finish_reason") ?? "";
        if (reason === "" && !ended.has(index)) unended.add(index);
        if (reason === "") continue;
        unended.delete(index);
        ended.add(index);
        if (index === 0) stop = STOPS[reason] ?? "other";
      }
      return unended.size === 0 ? held() : [];
    },
    last: held,
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
