import { type ChatRequest, type OutputFormat, type Reasoning, type Tool, type ToolChoice, EFFORTS } from "../../chat/request.ts";
import { type BodyFaults, cacheMark, type FieldReader, messagesIn, readBody, readFunction, vendorPart } from "../body-reader.ts";
import { at, objectAt, stated, textAt } from "../../kernel/json-value.ts";
import type { RequestReading } from "../server-protocol.ts";
import { DIALECT } from "./messages.ts";
import { readMessages } from "./read-messages.ts";

/** A body of POST /v1/chat/completions. */
export function readRequest(body: unknown): RequestReading {
  return readBody(DIALECT, body, (reader, faults) => {
    const wantsUsage = at(reader.object("stream_options"), "include_usage") === true;
    const messages = readMessages(messagesIn(reader, faults), faults);
    return { chat: { messages, ...readSettings(reader, faults) }, wantsUsage };
  });
}

function readSettings(reader: FieldReader, faults: BodyFaults): Omit<ChatRequest, "messages"> {
  const newer = reader.number("max_completion_tokens");
  const older = reader.number("max_tokens");
  const sampling = stated({
    temperature: reader.number("temperature"),
    topP: reader.number("top_p"),
    seed: reader.number("seed"),
    frequencyPenalty: reader.number("frequency_penalty"),
    presencePenalty: reader.number("presence_penalty"),
  });
  const tools = reader.list("tools")?.map((tool, i) => readTool(tool, `tools[${i}]`, faults));
  return stated({
    tools,
    toolChoice: readChoice(reader),
    parallelToolCalls: reader.flag("parallel_tool_calls"),
    maxOutputTokens: newer ?? older,
    sampling: Object.keys(sampling).length === 0 ? undefined : sampling,
    stopSequences: readStops(reader, faults),
    reasoning: readReasoning(reader),
    output: readOutput(reader),
    endUser: reader.text("user"),
    stream: reader.flag("stream") === true ? true : undefined,
  }) as Omit<ChatRequest, "messages">;
}

function readTool(tool: unknown, field: string, faults: BodyFaults): Tool {
  const fields = objectAt(tool, "function");
  if (textAt(tool, "type") !== "function" || fields === undefined) return vendorPart(DIALECT, tool);
  return { ...readFunction(fields, `${field}.function`, faults), ...cacheMark(tool) };
}

function readChoice(reader: FieldReader): ToolChoice | undefined {
  const choice = reader.any("tool_choice");
  if (choice === "auto" || choice === "none" || choice === "required") return { kind: choice };
  const name = textAt(choice, "function", "name");
  if (name !== undefined) return { kind: "tool", name };
  reader.leave("tool_choice");
  return undefined;
}

function readStops(reader: FieldReader, faults: BodyFaults): readonly string[] | undefined {
  const stop = reader.any("stop");
  if (stop === undefined) return undefined;
  const all: readonly unknown[] = Array.isArray(stop) ? stop : [stop];
  if (all.every((text) => typeof text === "string")) return all;
  return faults.wrong("stop", "is neither a text nor a list of texts");
}

function readReasoning(reader: FieldReader): Reasoning | undefined {
  const given = reader.any("reasoning_effort");
  if (given === "none") return { kind: "off" };
  const effort = EFFORTS.find((known) => known === given);
  if (effort !== undefined) return { kind: "on", effort };
  reader.leave("reasoning_effort");
  return undefined;
}

function readOutput(reader: FieldReader): OutputFormat | undefined {
  const format = reader.any("response_format");
  const schema = objectAt(format, "json_schema", "schema");
  switch (textAt(format, "type")) {
    case "text":
      return undefined;
    case "json_object":
      return { kind: "json" };
    case "json_schema": {
      if (schema === undefined) break;
      const strict = at(format, "json_schema", "strict");
      const more = stated({ name: textAt(format, "json_schema", "name"), description: textAt(format, "json_schema", "description") });
      return { kind: "json_schema", schema, ...more, ...(typeof strict === "boolean" ? { strict } : {}) };
    }
    case undefined:
    default:
  }
  reader.leave("response_format");
  return undefined;
}
