import type { ProtocolId } from "../../src/provider/protocol-id.ts";

/**
 * What no schema says and every vendor wants: after a turn of the model that asks for tools come the results, all of them, and before anything else.
 * Anthropic: "Each `tool_use` block must have a corresponding `tool_result` block in the next message"; OpenAI: "must be followed by tool messages
 * responding to each 'tool_call_id'"; Google: "the number of function response parts is equal to the number of function call parts".
 */
export function disorder(format: ProtocolId, body: unknown): string[] {
  const turns = turnsOf(format, body as Body);
  return turns.flatMap((turn, i) => {
    const asked = turn.flatMap((part) => (part.kind === "call" ? [part.id] : []));
    const answered = (turns[i + 1] ?? []).slice(0, asked.length).map((part) => (part.kind === "result" ? part.id : "something else"));
    return JSON.stringify(asked.sort()) === JSON.stringify(answered.sort()) ? [] : [`turn ${i} asks for ${asked}, and then come ${answered}`];
  });
}

type Part = { readonly kind: "call" | "result"; readonly id: string } | { readonly kind: "other" };
type Json = Record<string, unknown>;

interface Body {
  readonly messages?: readonly Json[];
  readonly contents?: readonly Json[];
  readonly input?: readonly Json[];
}

function turnsOf(format: ProtocolId, { messages = [], contents = [], input = [] }: Body): readonly (readonly Part[])[] {
  switch (format) {
    case "openai-chat":
      return bySide(messages, (message) => [
        ...(message["role"] === "tool" ? [{ kind: "result", id: String(message["tool_call_id"]) } as const] : [{ kind: "other" } as const]),
        ...listOf(message["tool_calls"]).map(({ id }) => ({ kind: "call", id: String(id) }) as const),
      ]);
    case "openai-responses":
      return bySide(typeof input === "string" ? [] : input, ({ type, call_id }) => [partOf(type, call_id)]);
    case "google-generate":
      return contents.map((content) =>
        listOf(content["parts"]).map((part) => named(part, "functionCall", "name") ?? named(part, "functionResponse", "name") ?? OTHER),
      );
    case "anthropic-messages":
      return messages.map((message) => listOf(message["content"]).map(({ type, id, tool_use_id }) => partOf(type, id ?? tool_use_id)));
    case "bedrock-converse":
      return messages.map((message) =>
        listOf(message["content"]).map((part) => named(part, "toolUse", "toolUseId") ?? named(part, "toolResult", "toolUseId") ?? OTHER),
      );
  }
}

const OTHER: Part = { kind: "other" };
const CALLS = ["tool_use", "function_call", "functionCall", "toolUse"];
const RESULTS = ["tool_result", "function_call_output", "functionResponse", "toolResult"];

function partOf(type: unknown, id: unknown): Part {
  if (CALLS.includes(String(type))) return { kind: "call", id: String(id) };
  return RESULTS.includes(String(type)) ? { kind: "result", id: String(id) } : OTHER;
}

function named(part: Json, key: string, id: string): Part | undefined {
  const value = part[key] as Json | undefined;
  return value === undefined ? undefined : partOf(key, value[id]);
}

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

/** Items of their own, put together: what the model says until it has asked, and what follows. */
function bySide(items: readonly Json[], partsOf: (item: Json) => readonly Part[]): Part[][] {
  const turns: Part[][] = [];
  let side = "";
  for (const item of items) {
    const parts = partsOf(item);
    const own = item["role"] === "assistant" || item["type"] === "function_call" || item["type"] === "reasoning" ? "model" : "user";
    if (own !== side) turns.push([]);
    side = own;
    turns.at(-1)?.push(...parts);
  }
  return turns;
}
