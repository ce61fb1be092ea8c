import type { ChatRequest, Effort, OutputFormat, Reasoning, Tool, ToolChoice } from "../../chat/request.ts";
import { at } from "../../kernel/json-value.ts";
import { type Losses, noteCacheMark, noteChoiceWithoutTools, noteSchemaNames, OTHER_DIALECT } from "../losses.ts";
import { DIALECT, writeContents } from "./contents.ts";

/** The model and whether to stream are in the address. */
export function writeBody(chat: ChatRequest, losses: Losses): Record<string, unknown> {
  const { sampling = {} } = chat;
  noteSchemaNames(chat.output, losses);
  if (chat.parallelToolCalls === false) losses.lost("parallelToolCalls", "the format has no such setting");
  if (chat.endUser !== undefined) losses.lost("endUser", "the format has no such field");
  const contents = writeContents(chat.messages, losses);
  const tools = chat.tools === undefined ? undefined : writeTools(chat.tools, losses);
  const generationConfig = {
    maxOutputTokens: chat.maxOutputTokens,
    temperature: sampling.temperature,
    topP: sampling.topP,
    topK: sampling.topK,
    seed: sampling.seed,
    frequencyPenalty: sampling.frequencyPenalty,
    presencePenalty: sampling.presencePenalty,
    stopSequences: chat.stopSequences,
    ...writeOutput(chat.output),
    thinkingConfig: writeReasoning(chat.reasoning, losses),
  };
  return {
    ...contents,
    tools,
    toolConfig: writeToolConfig(chat.toolChoice, tools ?? [], losses),
    generationConfig: Object.values(generationConfig).every((value) => value === undefined) ? undefined : generationConfig,
    ...chat.extras?.[DIALECT],
  };
}

/** All functions are one tool there; a vendor's own tool is another. */
function writeTools(tools: readonly Tool[], losses: Losses): unknown[] {
  const functions: unknown[] = [];
  const others: unknown[] = [];
  for (const [i, tool] of tools.entries()) {
    if (tool.kind === "function") {
      noteCacheMark(tool, `tools[${i}]`, losses);
      if (tool.strict === true) losses.lost(`tools[${i}].strict`, "the format has no such promise");
      functions.push({ name: tool.name, description: tool.description, parametersJsonSchema: tool.parameters });
    } else if (tool.dialect === DIALECT) others.push(tool.value);
    else losses.lost(`tools[${i}]`, OTHER_DIALECT);
  }
  return [...(functions.length === 0 ? [] : [{ functionDeclarations: functions }]), ...others];
}

/** "Function calling config is set without function_declarations." */
function writeToolConfig(choice: ToolChoice | undefined, tools: readonly unknown[], losses: Losses): unknown {
  if (choice === undefined) return undefined;
  if (tools.some((tool) => at(tool, "functionDeclarations") !== undefined)) return { functionCallingConfig: writeChoice(choice) };
  noteChoiceWithoutTools(choice, losses);
  return undefined;
}

const MODES = { auto: "AUTO", none: "NONE", required: "ANY" } as const;

function writeChoice(choice: ToolChoice): unknown {
  return choice.kind === "tool" ? { mode: "ANY", allowedFunctionNames: [choice.name] } : { mode: MODES[choice.kind] };
}

const LEVELS: Readonly<Record<Effort, string>> = { minimal: "MINIMAL", low: "LOW", medium: "MEDIUM", high: "HIGH", xhigh: "HIGH", max: "HIGH" };

/** Budgets and levels exclude each other: a budget counts. */
function writeReasoning(reasoning: Reasoning | undefined, losses: Losses): unknown {
  if (reasoning === undefined) return undefined;
  if (reasoning.kind === "off") return { thinkingBudget: 0 };
  const { effort, budgetTokens, shown } = reasoning;
  const includeThoughts = shown === undefined ? {} : { includeThoughts: shown };
  if (budgetTokens !== undefined) {
    if (effort !== undefined) losses.lost("reasoning.effort", "the format takes a budget or an effort, not both");
    return { thinkingBudget: budgetTokens, ...includeThoughts };
  }
  if (effort === "xhigh" || effort === "max") losses.changed("reasoning.effort", "the highest effort here is high");
  return { ...(effort === undefined ? {} : { thinkingLevel: LEVELS[effort] }), ...includeThoughts };
}

function writeOutput(output: OutputFormat | undefined): Record<string, unknown> {
  if (output === undefined) return {};
  const schema = output.kind === "json_schema" ? { responseJsonSchema: output.schema } : {};
  return { responseMimeType: "application/json", ...schema };
}
