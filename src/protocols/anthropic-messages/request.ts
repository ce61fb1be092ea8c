import type { ChatRequest, Effort, Reasoning, Tool, ToolChoice } from "../../chat/request.ts";
import { type Losses, noteSchemaNames, ownAlone } from "../losses.ts";
import type { EncodeOptions } from "../protocol.ts";
import { takenReasoning, takenSampling } from "./claude.ts";
import { DIALECT, mark, writeConversation } from "./messages.ts";

/** The format demands a limit for the answer. Every current model can say as much as this. */
const DEFAULT_OUTPUT_TOKENS = 4096;

export function writeBody(chat: ChatRequest, model: string, options: EncodeOptions, losses: Losses): Record<string, unknown> {
  const { output } = chat;
  const maxTokens = chat.maxOutputTokens ?? options.defaultOutputTokens ?? DEFAULT_OUTPUT_TOKENS;
  const reasoning = takenReasoning(chat, model, { maxTokens }, losses);
  const sampling = takenSampling(chat.sampling, model, losses, reasoning);
  for (const name of ["seed", "frequencyPenalty", "presencePenalty"] as const) {
    if (sampling[name] !== undefined) losses.lost(`sampling.${name}`, "the format has no such setting");
  }
  const { system, messages } = writeConversation(chat.messages, losses);
  const thinking = writeThinking(reasoning, maxTokens, losses);
  const tools = chat.tools === undefined ? undefined : writeTools(chat.tools, losses);
  return {
    model,
    max_tokens: maxTokens,
    system,
    messages,
    tools,
    tool_choice: writeChoice(chat, tools ?? [], losses),
    temperature: sampling.temperature,
    top_p: sampling.topP,
    top_k: sampling.topK,
    stop_sequences: takenStops(chat.stopSequences, losses),
    thinking: thinking.thinking,
    output_config: configOf(thinking.effort, output, losses),
    metadata: chat.endUser === undefined ? undefined : { user_id: chat.endUser },
    ...(chat.stream === true ? { stream: true } : {}),
    ...chat.extras?.[DIALECT],
  };
}

function writeTools(tools: readonly Tool[], losses: Losses): unknown[] {
  return tools.flatMap((tool, i) => {
    if (tool.kind === "function") {
      const { name, description, parameters, strict, cache } = tool;
      return [{ name, description, input_schema: parameters, ...(strict === true ? { strict } : {}), ...mark(cache) }];
    }
    return ownAlone<unknown>(tool, DIALECT, `tools[${i}]`, losses);
  });
}

/** Whether calls may be parallel is part of the choice there. */
function writeChoice({ toolChoice, parallelToolCalls }: ChatRequest, tools: readonly unknown[], losses: Losses): unknown {
  const single = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  if (toolChoice === undefined) return parallelToolCalls === false && tools.length > 0 ? { type: "auto", ...single } : undefined;
  if (tools.length === 0) {
    losses.lost("toolChoice", "the format takes a choice only with tools");
    return undefined;
  }
  const kinds = { auto: "auto", none: "none", required: "any" } as const satisfies Record<Exclude<ToolChoice["kind"], "tool">, string>;
  if (toolChoice.kind === "tool") return { type: "tool", name: toolChoice.name, ...single };
  return toolChoice.kind === "none" ? { type: "none" } : { type: kinds[toolChoice.kind], ...single };
}

/** "stop_sequences: each stop sequence must contain non-whitespace": line breaks are what other formats are asked to stop at. */
function takenStops(all: readonly string[] | undefined, losses: Losses): readonly string[] | undefined {
  const taken = all?.filter((text, i) => {
    const isBlank = text.trim() === "";
    if (isBlank) losses.lost(`stopSequences[${i}]`, "the format takes none that is white space alone");
    return !isBlank;
  });
  return taken?.length === 0 ? undefined : taken;
}

/** A budget has to be smaller than the limit of the answer, and at least this. */
const LEAST_BUDGET_TOKENS = 1024;

function writeThinking(reasoning: Reasoning | undefined, maxTokens: number, losses: Losses): { thinking?: unknown; effort?: Effort } {
  if (reasoning === undefined) return {};
  if (reasoning.kind === "off") return { thinking: { type: "disabled" } };
  const display = reasoning.shown === undefined ? {} : { display: reasoning.shown ? "summarized" : "omitted" };
  const { effort, budgetTokens } = reasoning;
  if (budgetTokens === undefined) return { thinking: { type: "adaptive", ...display }, ...(effort === undefined ? {} : { effort }) };
  const budget = Math.max(LEAST_BUDGET_TOKENS, Math.min(budgetTokens, maxTokens - 1));
  if (budget !== budgetTokens) losses.changed("reasoning.budgetTokens", "the format wants at least 1024, and fewer than the answer may have");
  return { thinking: { type: "enabled", budget_tokens: budget, ...display }, ...(effort === undefined ? {} : { effort }) };
}

function configOf(effort: Effort | undefined, output: ChatRequest["output"], losses: Losses): unknown {
  if (effort === "minimal") losses.changed("reasoning.effort", "the lowest effort here is low");
  if (output?.kind === "json") losses.lost("output", "the format promises JSON only for a schema");
  const schema = output?.kind === "json_schema" ? output.schema : undefined;
  noteSchemaNames(output, losses);
  if (effort === undefined && schema === undefined) return undefined;
  return {
    effort: effort === "minimal" ? "low" : effort,
    format: schema === undefined ? undefined : { type: "json_schema", schema },
  };
}
