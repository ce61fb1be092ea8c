import { type ChatMessage, type ChatRequest, type OutputFormat, type Reasoning, type Tool, type ToolChoice, EFFORTS } from "../../chat/request.ts";
import { type BodyFaults, type FieldReader, readBody, readFunction, vendorPart } from "../body-reader.ts";
import { at, objectAt, stated, textAt } from "../../kernel/json-value.ts";
import type { RequestReading } from "../server-protocol.ts";
import { DIALECT } from "./items.ts";
import { readInput } from "./read-items.ts";

/** A body of POST /v1/responses. */
export function readRequest(body: unknown): RequestReading {
  return readBody(DIALECT, body, (reader, faults) => {
    const messages = [...readInstructions(reader), ...readInput(reader.any("input"), faults)];
    return { chat: { messages, ...readSettings(reader, faults) }, wantsUsage: true };
  });
}

function readInstructions(reader: FieldReader): ChatMessage[] {
  const text = reader.text("instructions");
  return text === undefined || text === "" ? [] : [{ role: "system", content: [{ kind: "text", text }] }];
}

function readSettings(reader: FieldReader, faults: BodyFaults): Omit<ChatRequest, "messages"> {
  const sampling = stated({ temperature: reader.number("temperature"), topP: reader.number("top_p") });
  leaveUnless(reader, "store", (value) => value === false);
  leaveUnless(reader, "include", (value) => Array.isArray(value) && value.every((item) => item === "reasoning.encrypted_content"));
  return stated({
    tools: reader.list("tools")?.map((tool, i) => readTool(tool, `tools[${i}]`, faults)),
    toolChoice: readChoice(reader),
    parallelToolCalls: reader.flag("parallel_tool_calls"),
    maxOutputTokens: reader.number("max_output_tokens"),
    sampling: Object.keys(sampling).length === 0 ? undefined : sampling,
    reasoning: readReasoning(reader),
    output: readOutput(reader),
    endUser: reader.text("user"),
    stream: reader.flag("stream") === true ? true : undefined,
  }) as Omit<ChatRequest, "messages">;
}

/** What says what is done anyway need not go on. */
function leaveUnless(reader: FieldReader, name: string, isUsual: (value: unknown) => boolean): void {
  const value = reader.any(name);
  if (value !== undefined && !isUsual(value)) reader.leave(name);
}

function readTool(tool: unknown, field: string, faults: BodyFaults): Tool {
  const fields = objectAt(tool);
  if (textAt(tool, "type") !== "function" || fields === undefined) return vendorPart(DIALECT, tool);
  return readFunction(fields, field, faults);
}

function readChoice(reader: FieldReader): ToolChoice | undefined {
  const choice = reader.any("tool_choice");
  if (choice === "auto" || choice === "none" || choice === "required") return { kind: choice };
  const name = textAt(choice, "name");
  if (textAt(choice, "type") === "function" && name !== undefined) return { kind: "tool", name };
  if (choice !== undefined) reader.leave("tool_choice");
  return undefined;
}

/** Clients send `{"effort":null,"summary":null}` too, as answers write it: that asks for nothing. */
function readReasoning(reader: FieldReader): Reasoning | undefined {
  const given = reader.object("reasoning");
  if (given === undefined) return undefined;
  const word = textAt(given, "effort");
  if (word === "none") return { kind: "off" };
  const effort = EFFORTS.find((known) => known === word);
  const shown = textAt(given, "summary") === undefined ? undefined : true;
  if (word === undefined && shown === undefined) {
    if (Object.values(given).some((value) => value !== null)) reader.leave("reasoning");
    return undefined;
  }
  return { kind: "on", ...stated({ effort, shown }) };
}

function readOutput(reader: FieldReader): OutputFormat | undefined {
  const text = reader.object("text");
  if (Object.keys(text ?? {}).some((name) => name !== "format")) reader.leave("text");
  const format = at(text, "format");
  const schema = objectAt(format, "schema");
  if (textAt(format, "type") === "json_object") return { kind: "json" };
  if (textAt(format, "type") !== "json_schema" || schema === undefined) return undefined;
  const strict = at(format, "strict");
  const more = stated({ name: textAt(format, "name"), description: textAt(format, "description") });
  return { kind: "json_schema", schema, ...more, ...(typeof strict === "boolean" ? { strict } : {}) };
}
