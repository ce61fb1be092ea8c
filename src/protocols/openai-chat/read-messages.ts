import type { AssistantPart, ChatMessage, TextPart, ToolCallPart, ToolResultPart, UserPart } from "../../chat/request.ts";
import { answerParts, type BodyFaults, cacheMark, FieldReader, mediaSource, type MessagesReading, otherPart, vendorPart } from "../body-reader.ts";
import { listAt, objectAt, textAt } from "../../kernel/json-value.ts";
import { argumentsOf } from "./calls.ts";
import { DIALECT } from "./messages.ts";

/** The conversation as a caller wrote it. Fields of a message that this language has no word for are a part of the vendor's. */
export function readMessages(messages: readonly unknown[], faults: BodyFaults): ChatMessage[] {
  const names = new Map<string, string>();
  return messages.flatMap((message, i) => readMessage(message, `messages[${i}]`, { faults, names }));
}

function readMessage(message: unknown, field: string, reading: MessagesReading): ChatMessage[] {
  const fields = objectAt(message);
  const role = textAt(message, "role");
  if (fields === undefined) return wrong(reading, field, "is not an object");
  switch (role) {
    case "system":
    case "developer":
      reading.faults.noteOthers(fields, ["role", "content"], field);
      return [{ role, content: readTexts(fields["content"], `${field}.content`, reading) }];
    case "user":
      reading.faults.noteOthers(fields, ["role", "content", "name"], field);
      return [{ role, content: readUser(fields["content"], `${field}.content`, reading), ...named(textAt(message, "name")) }];
    case "assistant":
      return [{ role, content: readAssistant(new FieldReader(fields, field, reading.faults), reading) }];
    case "tool":
    case "function":
      return [{ role: "tool", content: [readResult(fields, field, reading)] }];
    case undefined:
    default:
      return wrong(reading, `${field}.role`, "is none of system, developer, user, assistant and tool");
  }
}

function wrong({ faults }: MessagesReading, field: string, why: string): never[] {
  faults.wrong(field, why);
  return [];
}

function named(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}

/** A text, or a list of texts. Nothing is no text. */
function readTexts(content: unknown, field: string, reading: MessagesReading): TextPart[] {
  if (content === undefined || content === null) return [];
  if (typeof content === "string") return [{ kind: "text", text: content }];
  if (!Array.isArray(content)) return wrong(reading, field, "is neither a text nor a list");
  return content.flatMap((part, i): TextPart[] => {
    const text = textAt(part, "text");
    reading.faults.noteOthers(part, ["type", "text", "cache_control"], `${field}[${i}]`);
    return text === undefined ? wrong(reading, `${field}[${i}]`, "is no text") : [{ kind: "text", text, ...cacheMark(part) }];
  });
}

function readUser(content: unknown, field: string, reading: MessagesReading): UserPart[] {
  if (!Array.isArray(content)) return readTexts(content, field, reading);
  return content.flatMap((part, i) => readUserPart(part, `${field}[${i}]`, reading));
}

function readUserPart(part: unknown, field: string, reading: MessagesReading): UserPart[] {
  switch (textAt(part, "type")) {
    case "text":
      return readTexts([part], field, reading);
    case "image_url": {
      const url = textAt(part, "image_url", "url") ?? textAt(part, "image_url");
      if (url === undefined) return wrong(reading, `${field}.image_url`, "has no url");
      const detail = (["auto", "low", "high", "original"] as const).find((known) => known === textAt(part, "image_url", "detail"));
      return [{ kind: "image", source: mediaSource(url), ...(detail === undefined ? {} : { detail }), ...cacheMark(part) }];
    }
    case "input_audio": {
      const [base64, format] = [textAt(part, "input_audio", "data"), textAt(part, "input_audio", "format")];
      return base64 === undefined || format === undefined
        ? wrong(reading, `${field}.input_audio`, "has no data or no format")
        : [{ kind: "audio", base64, format }];
    }
    case "file":
      return [readFile(part)];
    case undefined:
    default:
      return otherPart(part, field, reading.faults, DIALECT);
  }
}

function readFile(part: unknown): UserPart {
  const [id, data, name] = [textAt(part, "file", "file_id"), textAt(part, "file", "file_data"), textAt(part, "file", "filename")];
  const source = id !== undefined ? ({ kind: "file", id, dialect: DIALECT } as const) : data === undefined ? undefined : mediaSource(data);
  if (source === undefined || source.kind === "url") return vendorPart(DIALECT, part);
  return { kind: "document", source, ...named(name), ...cacheMark(part) };
}

function readAssistant(message: FieldReader, reading: MessagesReading): AssistantPart[] {
  message.any("role");
  const thought = message.text("reasoning_content") ?? message.text("reasoning");
  const said = readSaid(message.any("content"), message.at("content"), reading);
  const refusal = message.text("refusal");
  const calls = message.list("tool_calls") ?? [];
  const parts: AssistantPart[] = [
    ...(thought === undefined || thought === "" ? [] : [{ kind: "thinking", text: thought } as const]),
    ...said,
    ...(refusal === undefined || refusal === "" ? [] : [{ kind: "refusal", text: refusal } as const]),
    ...calls.flatMap((call, i) => readCall(call, `${message.at("tool_calls")}[${i}]`, reading)),
  ];
  reading.faults.noteOthers(message.left, ["annotations"], message.at("").slice(0, -1));
  return parts;
}

function readSaid(content: unknown, field: string, reading: MessagesReading): AssistantPart[] {
  if (!Array.isArray(content)) return readTexts(content, field, reading).filter(({ text }) => text !== "");
  return content.flatMap((part, i): AssistantPart[] => {
    if (textAt(part, "type") === "refusal") return [{ kind: "refusal", text: textAt(part, "refusal") ?? "" }];
    if (textAt(part, "type") === "text") return readTexts([part], `${field}[${i}]`, reading);
    return [vendorPart(DIALECT, part)];
  });
}

function readCall(call: unknown, field: string, reading: MessagesReading): (ToolCallPart | Extract<AssistantPart, { kind: "vendor" }>)[] {
  const [id, name] = [textAt(call, "id"), textAt(call, "function", "name")];
  if (name === undefined) return [vendorPart(DIALECT, call)];
  if (id === undefined || id === "") return wrong(reading, `${field}.id`, "is not a text");
  reading.names.set(id, name);
  return [{ kind: "tool_call", id, name, arguments: argumentsOf(call) }];
}

/** `function` is the older word: the tool's name stands in place of the call's id. */
function readResult(fields: Readonly<Record<string, unknown>>, field: string, reading: MessagesReading): ToolResultPart {
  const callId = textAt(fields, "tool_call_id") ?? textAt(fields, "name");
  reading.faults.noteOthers(fields, ["role", "content", "tool_call_id", "name", "cache_control"], field);
  if (callId === undefined) reading.faults.wrong(`${field}.tool_call_id`, "is not a text");
  const name = reading.names.get(callId ?? "") ?? textAt(fields, "name");
  const at = `${field}.content`;
  const inner = listAt(fields, "content");
  const content =
    inner.length === 0
      ? readTexts(fields["content"], at, reading)
      : inner.flatMap((part, i) => answerParts(readUserPart(part, `${at}[${i}]`, reading), `${at}[${i}]`, reading.faults));
  return { kind: "tool_result", callId: callId ?? "", ...named(name), content, ...cacheMark(fields) };
}
