import type { ChatMessage, ChatRequest, Tool, ToolChoice } from "../../chat/request.ts";
import { takenSampling } from "../anthropic-messages/claude.ts";
import { type Losses, ownAlone } from "../losses.ts";
import { DIALECT, marked, writeConversation } from "./messages.ts";

/** The model and whether to stream are in the address. */
export function writeBody(chat: ChatRequest, model: string, losses: Losses): Record<string, unknown> {
  const sampling = takenSampling(chat.sampling, model, losses);
  noteUnknownSettings({ ...chat, sampling }, losses);
  const inferenceConfig = {
    maxTokens: chat.maxOutputTokens,
    temperature: sampling.temperature,
    topP: sampling.topP,
    stopSequences: chat.stopSequences,
  };
  return {
    ...writeConversation(chat.messages, losses),
    inferenceConfig: Object.values(inferenceConfig).every((value) => value === undefined) ? undefined : inferenceConfig,
    toolConfig: writeToolConfig(chat, losses),
    ...chat.extras?.[DIALECT],
  };
}

/** What only some models know goes in `additionalModelRequestFields`, in words of the model's maker: see `extras`. */
function noteUnknownSettings({ sampling = {}, parallelToolCalls, reasoning, output, endUser }: ChatRequest, losses: Losses): void {
  for (const name of ["topK", "seed", "frequencyPenalty", "presencePenalty"] as const) {
    if (sampling[name] !== undefined) losses.lost(`sampling.${name}`, "the format leaves it to each model's own fields");
  }
  const others = { parallelToolCalls: parallelToolCalls === true ? undefined : parallelToolCalls, reasoning, output, endUser };
  for (const [field, value] of Object.entries(others)) {
    if (value !== undefined) losses.lost(field, "the format leaves it to each model's own fields");
  }
}

/** A conversation with calls is refused there without the tools: "The toolConfig field must be defined when using toolUse and toolResult content blocks." */
function writeToolConfig({ messages, tools = [], toolChoice }: ChatRequest, losses: Losses): unknown {
  const written = tools.flatMap((tool, i) => writeTool(tool, `tools[${i}]`, losses));
  if (toolChoice?.kind === "none") {
    if (written.length > 0 && messages.some(hasCalls)) {
      losses.lost("toolChoice", "the format has no such choice, and wants the tools of the calls before: the model may call");
      return { tools: written };
    }
    losses.changed("toolChoice", "the format has no such choice: the tools are not offered");
    return undefined;
  }
  return written.length === 0 ? undefined : { tools: written, toolChoice: toolChoice === undefined ? undefined : writeChoice(toolChoice) };
}

function hasCalls({ role, content }: ChatMessage): boolean {
  return role === "tool" || (role === "assistant" && content.some(({ kind }) => kind === "tool_call"));
}

function writeTool(tool: Tool, field: string, losses: Losses): Record<string, unknown>[] {
  if (tool.kind === "vendor") return ownAlone(tool, DIALECT, field, losses);
  if (tool.strict === true) losses.lost(`${field}.strict`, "the format has no such promise");
  return marked([{ toolSpec: { name: tool.name, description: tool.description, inputSchema: { json: tool.parameters } } }], tool);
}

function writeChoice(choice: Exclude<ToolChoice, { kind: "none" }>): unknown {
  if (choice.kind === "tool") return { tool: { name: choice.name } };
  return choice.kind === "required" ? { any: {} } : { auto: {} };
}
