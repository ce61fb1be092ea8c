import type { StopReason, Usage } from "../../chat/event.ts";
import { DONE } from "../answer.ts";
import { type AnswerReader, type Said, started } from "../answer-fold.ts";
import { type Blocks, createBlocks } from "../blocks.ts";
import { at, listAt, numberAt, objectAt, textAt } from "../../kernel/json-value.ts";
import { statedUsage } from "../usage.ts";
import { DIALECT } from "./items.ts";

/** What the parts that went by have shown. */
interface Memory {
  readonly blocks: Blocks;
  /** Indices of reasoning items that have said something. */
  readonly thinking: Set<number>;
  hasCalls: boolean;
}

/** Events are read by their type; what a whole answer says is what its items say, one after the other. */
export function createReader(): AnswerReader {
  const memory: Memory = { blocks: createBlocks(), thinking: new Set(), hasCalls: false };
  return {
    event: (value) => readEvent(value, memory),
    whole: (value) => {
      if (!Array.isArray(at(value, "output"))) return [];
      return [startOf(value), ...listAt(value, "output").flatMap((item, i) => readItem(item, i, memory)), ...readEnd(value, memory)];
    },
  };
}

function readEvent(value: unknown, memory: Memory): Said[] {
  if (value === DONE) return [{ kind: "last" }];
  const { blocks, thinking } = memory;
  const index = numberAt(value, "output_index") ?? 0;
  const item = at(value, "item");
  switch (textAt(value, "type")) {
    case "response.created":
      return [startOf(at(value, "response"))];
    case "response.output_item.added":
      return callOf(item, index, memory);
    case "response.output_text.delta":
      return piece("text", `text ${index} ${numberAt(value, "content_index") ?? 0}`, value, blocks);
    case "response.refusal.delta":
      return piece("refusal", `refusal ${index}`, value, blocks);
    case "response.reasoning_summary_text.delta":
    case "response.reasoning_text.delta":
      thinking.add(index);
      return piece("thinking", `thinking ${index}`, value, blocks);
    case "response.reasoning_summary_part.added":
      return thinking.has(index) ? [{ kind: "thinking", block: blocks.of(`thinking ${index}`), text: "\n\n" }] : [];
    case "response.function_call_arguments.delta":
      return argumentsOf(textAt(value, "delta"), index, blocks);
    case "response.output_item.done":
      return [...sealOf(item, index, blocks), ...vendorOf(item, index, blocks)];
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      return readEnd(at(value, "response"), memory);
    case undefined:
    default:
      return [];
  }
}

function readItem(item: unknown, index: number, memory: Memory): Said[] {
  const { blocks } = memory;
  return [
    ...thinkingOf(item, index, blocks),
    ...sealOf(item, index, blocks),
    ...contentOf(item, index, blocks),
    ...callOf(item, index, memory),
    ...argumentsOf(textAt(item, "type") === "function_call" ? textAt(item, "arguments") : undefined, index, blocks),
    ...vendorOf(item, index, blocks),
  ];
}

function readEnd(response: unknown, memory: Memory): Said[] {
  const failure = objectAt(response, "error");
  if (failure !== undefined || textAt(response, "status") === "failed") return [{ kind: "error", body: { error: failure ?? {} } }];
  const usage = usageOf(at(response, "usage"));
  return [...(usage === undefined ? [] : [{ kind: "usage", usage } as const]), { kind: "stop", stop: stopOf(response, memory) }, { kind: "last" }];
}

function startOf(response: unknown): Said {
  return started(textAt(response, "id"), textAt(response, "model"));
}

function piece(kind: "text" | "thinking" | "refusal", name: string, value: unknown, blocks: Blocks): Said[] {
  const text = textAt(value, "delta") ?? "";
  return text === "" ? [] : [{ kind, block: blocks.of(name), text }];
}

function callOf(item: unknown, index: number, memory: Memory): Said[] {
  if (textAt(item, "type") !== "function_call") return [];
  memory.hasCalls = true;
  const id = textAt(item, "call_id") ?? textAt(item, "id") ?? `call_${index}`;
  return [{ kind: "tool_call", block: memory.blocks.of(`call ${index}`), id, name: textAt(item, "name") ?? "" }];
}

function argumentsOf(json: string | undefined, index: number, blocks: Blocks): Said[] {
  return json === undefined || json === "" ? [] : [{ kind: "tool_arguments", block: blocks.of(`call ${index}`), json }];
}

/** The sealed reasoning, which comes with the finished item. */
function sealOf(item: unknown, index: number, blocks: Blocks): Said[] {
  const value = textAt(item, "encrypted_content");
  if (textAt(item, "type") !== "reasoning" || value === undefined || value === "") return [];
  const id = textAt(item, "id");
  return [{ kind: "signature", block: blocks.of(`thinking ${index}`), signature: { dialect: DIALECT, value, ...(id === undefined ? {} : { id }) } }];
}

function thinkingOf(item: unknown, index: number, blocks: Blocks): Said[] {
  if (textAt(item, "type") !== "reasoning") return [];
  const texts = [...listAt(item, "summary"), ...listAt(item, "content")].flatMap((part) => textAt(part, "text") ?? []);
  return texts.length === 0 ? [] : [{ kind: "thinking", block: blocks.of(`thinking ${index}`), text: texts.join("\n\n") }];
}

function contentOf(item: unknown, index: number, blocks: Blocks): Said[] {
  if (textAt(item, "type") !== "message") return [];
  return listAt(item, "content").flatMap((part, i): Said[] => {
    const text = textAt(part, "text") ?? "";
    if (textAt(part, "type") === "refusal") return [{ kind: "refusal", block: blocks.of(`refusal ${index}`), text: textAt(part, "refusal") ?? "" }];
    return text === "" ? [] : [{ kind: "text", block: blocks.of(`text ${index} ${i}`), text }];
  });
}

const OWN_ITEMS = new Set(["message", "reasoning", "function_call"]);

/** A search, a computer's action, an image: whatever the vendor ran itself. */
function vendorOf(item: unknown, index: number, blocks: Blocks): Said[] {
  return OWN_ITEMS.has(textAt(item, "type") ?? "message") ? [] : [{ kind: "vendor", block: blocks.of(`vendor ${index}`), dialect: DIALECT, value: item }];
}

function stopOf(response: unknown, { hasCalls }: Memory): StopReason {
  const why = textAt(response, "incomplete_details", "reason");
  if (why === "max_output_tokens") return "length";
  if (why === "content_filter") return "content_filter";
  if (textAt(response, "status") === "incomplete") return "other";
  return hasCalls ? "tool_calls" : "end";
}

function usageOf(value: unknown): Usage | undefined {
  return statedUsage({
    inputTokens: numberAt(value, "input_tokens"),
    outputTokens: numberAt(value, "output_tokens"),
    cacheReadTokens: numberAt(value, "input_tokens_details", "cached_tokens"),
    cacheWriteTokens: numberAt(value, "input_tokens_details", "cache_write_tokens"),
    reasoningTokens: numberAt(value, "output_tokens_details", "reasoning_tokens"),
  });
}
