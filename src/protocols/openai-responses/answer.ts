import type { StopReason, Usage } from "../../chat/event.ts";
import { DONE } from "../answer.ts";
import { type AnswerReader, type Said, started } from "../answer-fold.ts";
import { type Blocks, createBlocks } from "../blocks.ts";
import { type CallNamer, callNamer } from "../call-id.ts";
import { at, listAt, numberAt, objectAt, textAt } from "../../kernel/json-value.ts";
import { statedUsage } from "../usage.ts";
import { DIALECT } from "./items.ts";

/** What the parts that went by have shown. */
interface Memory {
  readonly blocks: Blocks;
  readonly named: CallNamer;
  answerId: string | undefined;
  /** How many characters of each block were said: what closes it may hold more. */
  readonly said: Map<string, number>;
  /** Indices of the calls that have begun, of the reasoning whose seal was said, and of the vendor's own items. */
  readonly calls: Set<number>;
  readonly seals: Set<number>;
  readonly vendors: Set<number>;
}

/**
 * Events are read by their type; what a whole answer says is what its items say, one after the other. Some servers say a text or arguments only when
 * they close them, or not before the end: what was not said until then is said then.
 */
export function createReader(named: CallNamer = callNamer(undefined)): AnswerReader {
  const memory: Memory = { blocks: createBlocks(), named, answerId: undefined, said: new Map(), calls: new Set(), seals: new Set(), vendors: new Set() };
  return {
    event: (value) => readEvent(value, memory),
    whole: (value) => {
      if (!Array.isArray(at(value, "output"))) return [];
      return [startOf(value, memory), ...listAt(value, "output").flatMap((item, i) => readItem(item, i, memory)), ...readEnd(value, memory)];
    },
  };
}

function readEvent(value: unknown, memory: Memory): Said[] {
  if (value === DONE) return [{ kind: "last" }];
  const index = numberAt(value, "output_index") ?? 0;
  const delta = textAt(value, "delta");
  switch (textAt(value, "type")) {
    case "response.created":
      return [startOf(at(value, "response"), memory)];
    case "response.output_item.added":
      return callOf(at(value, "item"), index, memory);
    case "response.output_text.delta":
      return piece("text", textNameOf(value, index), delta, memory);
    case "response.output_text.done": {
      const name = textNameOf(value, index);
      return piece("text", name, unsaid(name, textAt(value, "text"), memory), memory);
    }
    case "response.refusal.delta":
      return piece("refusal", `refusal ${index}`, delta, memory);
    case "response.reasoning_summary_text.delta":
    case "response.reasoning_text.delta":
      return piece("thinking", `thinking ${index}`, delta, memory);
    case "response.reasoning_summary_part.added":
      return memory.said.has(`thinking ${index}`) ? piece("thinking", `thinking ${index}`, "\n\n", memory) : [];
    case "response.function_call_arguments.delta":
      return argumentsOf(delta, index, memory);
    case "response.function_call_arguments.done":
      return argumentsOf(unsaid(`call ${index}`, textAt(value, "arguments"), memory), index, memory);
    case "response.output_item.done":
      return readItem(at(value, "item"), index, memory);
    case "response.completed":
    case "response.incomplete":
    case "response.failed":
      return [...readUnsaid(at(value, "response"), memory), ...readEnd(at(value, "response"), memory)];
    case undefined:
    default:
      return [];
  }
}

/** Of a stream that came to its end with nothing but reasoning. */
function readUnsaid(response: unknown, memory: Memory): Said[] {
  const isSaid = memory.calls.size > 0 || memory.vendors.size > 0 || [...memory.said.keys()].some((name) => !name.startsWith("thinking "));
  if (isSaid) return [];
  return listAt(response, "output").flatMap((item, i) => readItem(item, i, memory));
}

/** What of a finished item was not said before. */
function readItem(item: unknown, index: number, memory: Memory): Said[] {
  return [
    ...thinkingOf(item, index, memory),
    ...sealOf(item, index, memory),
    ...contentOf(item, index, memory),
    ...callOf(item, index, memory),
    ...argumentsOf(textAt(item, "type") === "function_call" ? unsaid(`call ${index}`, textAt(item, "arguments"), memory) : undefined, index, memory),
    ...vendorOf(item, index, memory),
  ];
}

function readEnd(response: unknown, memory: Memory): Said[] {
  const failure = objectAt(response, "error");
  if (failure !== undefined || textAt(response, "status") === "failed") return [{ kind: "error", body: { error: failure ?? {} } }];
  const usage = usageOf(at(response, "usage"));
  return [...(usage === undefined ? [] : [{ kind: "usage", usage } as const]), { kind: "stop", stop: stopOf(response, memory) }, { kind: "last" }];
}

function startOf(response: unknown, memory: Memory): Said {
  memory.answerId = textAt(response, "id");
  return started(memory.answerId, textAt(response, "model"));
}

function textNameOf(event: unknown, index: number): string {
  return textName(index, numberAt(event, "content_index") ?? 0);
}

function textName(index: number, part: number): string {
  return `text ${index} ${part}`;
}

function piece(kind: "text" | "thinking" | "refusal", name: string, text: string | undefined, memory: Memory): Said[] {
  if (text === undefined || text === "") return [];
  noteSaid(name, text, memory);
  return [{ kind, block: memory.blocks.of(name), text }];
}

function noteSaid(name: string, text: string, { said }: Memory): void {
  said.set(name, (said.get(name) ?? 0) + text.length);
}

function unsaid(name: string, whole: string | undefined, { said }: Memory): string | undefined {
  return whole?.slice(said.get(name) ?? 0);
}

function callOf(item: unknown, index: number, memory: Memory): Said[] {
  if (textAt(item, "type") !== "function_call" || memory.calls.has(index)) return [];
  memory.calls.add(index);
  const id = textAt(item, "call_id") ?? textAt(item, "id") ?? memory.named(memory.answerId, index);
  return [{ kind: "tool_call", block: memory.blocks.of(`call ${index}`), id, name: textAt(item, "name") ?? "" }];
}

function argumentsOf(json: string | undefined, index: number, memory: Memory): Said[] {
  if (json === undefined || json === "") return [];
  noteSaid(`call ${index}`, json, memory);
  return [{ kind: "tool_arguments", block: memory.blocks.of(`call ${index}`), json }];
}

/** The sealed reasoning, which comes with the finished item. */
function sealOf(item: unknown, index: number, { blocks, seals }: Memory): Said[] {
  const value = textAt(item, "encrypted_content");
  if (textAt(item, "type") !== "reasoning" || value === undefined || value === "" || seals.has(index)) return [];
  seals.add(index);
  const id = textAt(item, "id");
  return [{ kind: "signature", block: blocks.of(`thinking ${index}`), signature: { dialect: DIALECT, value, ...(id === undefined ? {} : { id }) } }];
}

/** Between its parts a stream says more than the item does: all of it, or what went by. */
function thinkingOf(item: unknown, index: number, memory: Memory): Said[] {
  const name = `thinking ${index}`;
  if (textAt(item, "type") !== "reasoning" || memory.said.has(name)) return [];
  const texts = [...listAt(item, "summary"), ...listAt(item, "content")].flatMap((part) => textAt(part, "text") ?? []);
  return piece("thinking", name, texts.join("\n\n"), memory);
}

function contentOf(item: unknown, index: number, memory: Memory): Said[] {
  if (textAt(item, "type") !== "message") return [];
  return listAt(item, "content").flatMap((part, i) => {
    const isRefusal = textAt(part, "type") === "refusal";
    const name = isRefusal ? `refusal ${index}` : textName(index, i);
    return piece(isRefusal ? "refusal" : "text", name, unsaid(name, textAt(part, isRefusal ? "refusal" : "text"), memory), memory);
  });
}

const OWN_ITEMS = new Set(["message", "reasoning", "function_call"]);

/** A search, a computer's action, an image: whatever the vendor ran itself. */
function vendorOf(item: unknown, index: number, { blocks, vendors }: Memory): Said[] {
  if (OWN_ITEMS.has(textAt(item, "type") ?? "message") || vendors.has(index)) return [];
  vendors.add(index);
  return [{ kind: "vendor", block: blocks.of(`vendor ${index}`), dialect: DIALECT, value: item }];
}

function stopOf(response: unknown, { calls }: Memory): StopReason {
  const why = textAt(response, "incomplete_details", "reason");
  if (why === "max_output_tokens") return "length";
  if (why === "content_filter") return "content_filter";
  if (textAt(response, "status") === "incomplete") return "other";
  return calls.size > 0 ? "tool_calls" : "end";
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
