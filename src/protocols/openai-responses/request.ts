import type { ChatMessage, ChatRequest, OutputFormat, Reasoning, Tool, ToolChoice } from "../../chat/request.ts";
import { type Losses, noteCacheMark, ownAlone, takenEndUser } from "../losses.ts";
import { DIALECT, writeItems } from "./items.ts";

/** `codex`: ChatGPT's own endpoint. It wants instructions, streams always, and takes no limit for the answer. */
export type Variant = "api" | "codex";

/** A smaller `max_output_tokens` is a 400, `integer_below_min_value`. */
export const LEAST_OUTPUT_TOKENS = 16;

/** Nothing is kept at the vendor: reasoning comes back sealed instead. */
export function writeBody(chat: ChatRequest, model: string, variant: Variant, losses: Losses): Record<string, unknown> {
  noteUnknownSettings(chat, losses);
  const { sampling = {} } = chat;
  const instructions = variant === "codex" ? instructionsOf(chat.messages, losses) : undefined;
  return {
    model,
    instructions: instructions?.text,
    input: writeItems(chat.messages, losses, { from: instructions?.messageCount ?? 0 }),
    tools: chat.tools === undefined ? undefined : writeTools(chat.tools, losses),
    tool_choice: chat.toolChoice === undefined ? undefined : writeChoice(chat.toolChoice),
    parallel_tool_calls: chat.parallelToolCalls,
    max_output_tokens: writeLimit(chat.maxOutputTokens, variant, losses),
    temperature: sampling.temperature,
    top_p: sampling.topP,
    reasoning: writeReasoning(chat.reasoning, losses),
    include: chat.reasoning?.kind === "on" ? ["reasoning.encrypted_content"] : undefined,
    text: chat.output === undefined ? undefined : { format: writeOutput(chat.output) },
    user: takenEndUser(chat.endUser, losses),
    store: false,
    ...(chat.stream === true || variant === "codex" ? { stream: true } : {}),
    ...chat.extras?.[DIALECT],
  };
}

const DEFAULT_INSTRUCTIONS = "You are a helpful assistant.";

/** The head of the conversation, as far as it is instructions. */
function instructionsOf([first]: readonly ChatMessage[], losses: Losses): { text: string; messageCount: number } {
  if (first?.role !== "system" && first?.role !== "developer") return { text: DEFAULT_INSTRUCTIONS, messageCount: 0 };
  for (const [i, part] of first.content.entries()) noteCacheMark(part, `messages[0].content[${i}]`, losses);
  return { text: first.content.map(({ text }) => text).join("\n\n"), messageCount: 1 };
}

function writeLimit(tokens: number | undefined, variant: Variant, losses: Losses): number | undefined {
  if (tokens === undefined) return undefined;
  if (variant === "codex") {
    losses.lost("maxOutputTokens", "ChatGPT's endpoint takes no limit for the answer");
    return undefined;
  }
  if (tokens >= LEAST_OUTPUT_TOKENS) return tokens;
  losses.changed("maxOutputTokens", `the least limit here is ${LEAST_OUTPUT_TOKENS}`);
  return LEAST_OUTPUT_TOKENS;
}

function noteUnknownSettings({ sampling = {}, stopSequences = [] }: ChatRequest, losses: Losses): void {
  for (const name of ["topK", "seed", "frequencyPenalty", "presencePenalty"] as const) {
    if (sampling[name] !== undefined) losses.lost(`sampling.${name}`, "the format has no such setting");
  }
  if (stopSequences.length > 0) losses.lost("stopSequences", "the format has no such setting");
}

function writeTools(tools: readonly Tool[], losses: Losses): unknown[] {
  return tools.flatMap((tool, i) => {
    const field = `tools[${i}]`;
    if (tool.kind === "vendor") return ownAlone<unknown>(tool, DIALECT, field, losses);
    noteCacheMark(tool, field, losses);
    const { name, description, parameters, strict = false } = tool;
    return [{ type: "function", name, description, parameters, strict }];
  });
}

function writeChoice(choice: ToolChoice): unknown {
  return choice.kind === "tool" ? { type: "function", name: choice.name } : choice.kind;
}

function writeReasoning(reasoning: Reasoning | undefined, losses: Losses): unknown {
  if (reasoning === undefined) return undefined;
  if (reasoning.kind === "off") return { effort: "none" };
  if (reasoning.budgetTokens !== undefined) losses.lost("reasoning.budgetTokens", "the format knows an effort, no budget");
  if (reasoning.effort === undefined && reasoning.shown !== true) {
    losses.lost("reasoning", "the format has no word for reasoning without an effort");
    return undefined;
  }
  if (reasoning.effort === "max") losses.changed("reasoning.effort", "the highest effort here is xhigh");
  return { effort: reasoning.effort === "max" ? "xhigh" : reasoning.effort, summary: reasoning.shown === true ? "auto" : undefined };
}

function writeOutput(output: OutputFormat): unknown {
  if (output.kind === "json") return { type: "json_object" };
  const { name = "answer", description, schema, strict } = output;
  return { type: "json_schema", name, description, schema, strict };
}
