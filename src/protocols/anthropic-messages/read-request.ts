import { type ChatRequest, type Effort, type OutputFormat, type Reasoning, type Tool, type ToolChoice, EFFORTS } from "../../chat/request.ts";
import { type BodyFaults, cacheMark, type FieldReader, messagesIn, readBody, vendorPart } from "../body-reader.ts";
import { at, numberAt, objectAt, stated, textAt } from "../../kernel/json-value.ts";
import type { RequestReading } from "../server-protocol.ts";
import { DIALECT } from "./messages.ts";
import { readMessages, readSystem } from "./read-messages.ts";

/** A body of POST /v1/messages. */
export function readRequest(body: unknown): RequestReading {
  return readBody(DIALECT, body, (reader, faults) => {
    const said = messagesIn(reader, faults);
    const messages = [...readSystem(reader.any("system"), faults), ...readMessages(said, faults)];
    return { chat: { messages, ...readSettings(reader, faults) }, wantsUsage: true };
  });
}

function readSettings(reader: FieldReader, faults: BodyFaults): Omit<ChatRequest, "messages"> {
  const sampling = stated({ temperature: reader.number("temperature"), topP: reader.number("top_p"), topK: reader.number("top_k") });
  const choice = reader.object("tool_choice");
  const config = reader.any("output_config");
  const effort = EFFORTS.find((known) => known === textAt(config, "effort"));
  const output = readFormat(at(config, "format"));
  const reasoning = readThinking(reader, effort);
  const said = { effort: reasoning?.kind === "on" ? reasoning.effort : undefined, format: output };
  if (holdsMore(config, said)) reader.leave("output_config");
  const metadata = reader.any("metadata");
  const user = textAt(metadata, "user_id");
  if (holdsMore(metadata, { user_id: user })) reader.leave("metadata");
  const stops = reader.list("stop_sequences");
  if (stops?.some((text) => typeof text !== "string") === true) faults.wrong("stop_sequences", "is not a list of texts");
  return stated({
    tools: reader.list("tools")?.map((tool, i) => readTool(tool, `tools[${i}]`, faults)),
    toolChoice: readChoice(choice, reader),
    parallelToolCalls: at(choice, "disable_parallel_tool_use") === true ? false : undefined,
    maxOutputTokens: reader.number("max_tokens"),
    sampling: Object.keys(sampling).length === 0 ? undefined : sampling,
    stopSequences: stops as readonly string[] | undefined,
    reasoning,
    output,
    endUser: user,
    stream: reader.flag("stream") === true ? true : undefined,
  }) as Omit<ChatRequest, "messages">;
}

/** Something else than what was understood of it. Callers choose the names: those that every object has by birth are not understood for that. */
function holdsMore(value: unknown, understood: Readonly<Record<string, unknown>>): boolean {
  return (
    value !== undefined &&
    (objectAt(value) === undefined || Object.entries(value as object).some(([name, inner]) => inner !== null && at(understood, name) === undefined))
  );
}

/** Tools that the vendor runs itself have a type with a date in it. */
function readTool(tool: unknown, field: string, faults: BodyFaults): Tool {
  const type = textAt(tool, "type");
  const parameters = objectAt(tool, "input_schema");
  if ((type !== undefined && type !== "custom") || parameters === undefined) return vendorPart(DIALECT, tool);
  const name = textAt(tool, "name");
  if (name === undefined) faults.wrong(`${field}.name`, "is missing");
  const more = stated({ description: textAt(tool, "description"), strict: at(tool, "strict") === true ? true : undefined });
  return { kind: "function", name: name ?? "", parameters, ...more, ...cacheMark(tool) };
}

function readChoice(choice: unknown, reader: FieldReader): ToolChoice | undefined {
  const name = textAt(choice, "name");
  switch (textAt(choice, "type")) {
    case "auto":
      return { kind: "auto" };
    case "none":
      return { kind: "none" };
    case "any":
      return { kind: "required" };
    case "tool":
      if (name !== undefined) return { kind: "tool", name };
      break;
    case undefined:
    default:
  }
  if (choice !== undefined) reader.leave("tool_choice");
  return undefined;
}

function readThinking(reader: FieldReader, effort: Effort | undefined): Reasoning | undefined {
  const thinking = reader.any("thinking");
  const display = textAt(thinking, "display");
  const shown = display === "summarized" ? true : display === "omitted" ? false : undefined;
  const budgetTokens = numberAt(thinking, "budget_tokens");
  switch (textAt(thinking, "type")) {
    case "disabled":
      return { kind: "off" };
    case "enabled":
    case "adaptive":
      return { kind: "on", ...stated({ effort, budgetTokens, shown }) };
    case undefined:
      return effort === undefined ? undefined : { kind: "on", effort };
    default:
      reader.leave("thinking");
      return undefined;
  }
}

function readFormat(format: unknown): OutputFormat | undefined {
  const schema = objectAt(format, "schema");
  return textAt(format, "type") === "json_schema" && schema !== undefined ? { kind: "json_schema", schema } : undefined;
}
