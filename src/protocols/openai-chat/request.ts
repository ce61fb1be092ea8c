import type { ChatRequest, OutputFormat, Reasoning, Tool, ToolChoice } from "../../chat/request.ts";
import type { Provider } from "../../provider/provider.ts";
import { type Losses, noteCacheMark, noteChoiceWithoutTools, ownAlone, takenEndUser } from "../losses.ts";
import { DIALECT, writeMessages } from "./messages.ts";

/** The body of a call. Fields that are undefined are not sent. */
export function writeBody(chat: ChatRequest, model: string, provider: Provider, losses: Losses): Record<string, unknown> {
  const { sampling = {} } = chat;
  if (sampling.topK !== undefined) losses.lost("sampling.topK", "the format has no such setting");
  const messages = writeMessages(chat.messages, losses);
  const tools = writeTools(chat.tools ?? [], losses);
  return {
    model,
    messages,
    ...(tools.length === 0 ? withoutTools(chat, losses) : { tools, tool_choice: writeChoice(chat.toolChoice), parallel_tool_calls: chat.parallelToolCalls }),
    [maxTokensField(provider)]: chat.maxOutputTokens,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    seed: sampling.seed,
    frequency_penalty: sampling.frequencyPenalty,
    presence_penalty: sampling.presencePenalty,
    stop: chat.stopSequences,
    reasoning_effort: writeReasoning(chat.reasoning, losses),
    response_format: writeOutput(chat.output),
    user: takenEndUser(chat.endUser, losses),
    ...(chat.stream === true ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...chat.extras?.[DIALECT],
  };
}

/** OpenAI's own field is `max_completion_tokens`; servers on one's own machine know the older one. */
function maxTokensField({ quirks, local }: Provider): string {
  return quirks.maxTokensField ?? (local === true ? "max_tokens" : "max_completion_tokens");
}

function writeTools(tools: readonly Tool[], losses: Losses): unknown[] {
  return tools.flatMap((tool, i) => {
    const field = `tools[${i}]`;
    if (tool.kind === "vendor") return ownAlone<unknown>(tool, DIALECT, field, losses);
    noteCacheMark(tool, field, losses);
    const { name, description, parameters, strict } = tool;
    return [{ type: "function", function: { name, description, parameters, strict } }];
  });
}

/** "Invalid 'tools': empty array", "'tool_choice' is only allowed when 'tools' are specified", and the same of `parallel_tool_calls`. */
function withoutTools({ toolChoice }: ChatRequest, losses: Losses): object {
  noteChoiceWithoutTools(toolChoice, losses);
  return {};
}

function writeChoice(choice: ToolChoice | undefined): unknown {
  return choice?.kind === "tool" ? { type: "function", function: { name: choice.name } } : choice?.kind;
}

function writeReasoning(reasoning: Reasoning | undefined, losses: Losses): string | undefined {
  if (reasoning === undefined) return undefined;
  if (reasoning.kind === "off") return "none";
  if (reasoning.budgetTokens !== undefined) losses.lost("reasoning.budgetTokens", "the format knows an effort, no budget");
  if (reasoning.shown !== undefined) losses.lost("reasoning.shown", "the format leaves it to the vendor");
  if (reasoning.effort === undefined) losses.lost("reasoning", "the format has no word for reasoning without an effort");
  if (reasoning.effort !== "max") return reasoning.effort;
  losses.changed("reasoning.effort", "the highest effort here is xhigh");
  return "xhigh";
}

function writeOutput(output: OutputFormat | undefined): unknown {
  if (output === undefined) return undefined;
  if (output.kind === "json") return { type: "json_object" };
  const { name = "answer", description, schema, strict } = output;
  return { type: "json_schema", json_schema: { name, description, schema, strict } };
}
