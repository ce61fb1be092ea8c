import type { AssistantPart, ChatMessage, TextPart, ToolResultPart, UserPart } from "../../chat/request.ts";
import { answerParts, type BodyFaults, mediaSource, type MessagesReading, otherPart, vendorPart } from "../body-reader.ts";
import { joinedToCalls, signatureIn } from "../carried-signature.ts";
import { at, listAt, objectAt, textAt } from "../../kernel/json-value.ts";
import { DIALECT } from "./items.ts";

/** A text, or items: those that follow each other and come from the same side are one message here. */
export function readInput(input: unknown, faults: BodyFaults): ChatMessage[] {
  if (typeof input === "string") return [{ role: "user", content: [{ kind: "text", text: input }] }];
  if (!Array.isArray(input) || input.length === 0) {
    faults.wrong("input", "is neither a text nor a list of items");
    return [];
  }
  const reading: MessagesReading = { faults, names: new Map() };
  return joined(input.flatMap((item, i) => readItem(item, `input[${i}]`, reading)));
}

/** Instructions and what a user says stay as they were written: only the model's items and the outputs of tools belong together. */
function joined(messages: readonly ChatMessage[]): ChatMessage[] {
  const all: ChatMessage[] = [];
  for (const message of messages) {
    const last = all.at(-1);
    if (message.role === "assistant" && last?.role === "assistant")
      all.splice(-1, 1, { ...last, content: joinedToCalls([...last.content, ...message.content]) });
    else if (message.role === "tool" && last?.role === "tool") all.splice(-1, 1, { ...last, content: [...last.content, ...message.content] });
    else all.push(message);
  }
  return all;
}

/** What the vendor says of an item: the one language has no place for it, and nobody else any use. */
const OF_EVERY_ITEM = ["type", "id", "status"];

function readItem(item: unknown, field: string, reading: MessagesReading): ChatMessage[] {
  switch (textAt(item, "type") ?? "message") {
    case "message":
      return readMessage(item, field, reading);
    case "function_call":
      return said(readCall(item, field, reading));
    case "function_call_output":
      return [{ role: "tool", content: [readOutput(item, field, reading)] }];
    case "reasoning":
      return said([readReasoning(item)]);
    default:
      return said([vendorPart(DIALECT, item)]);
  }
}

function said(content: readonly AssistantPart[]): ChatMessage[] {
  return [{ role: "assistant", content }];
}

function readMessage(item: unknown, field: string, reading: MessagesReading): ChatMessage[] {
  const role = textAt(item, "role");
  const content = at(item, "content");
  const parts: readonly unknown[] = typeof content === "string" ? [{ type: "input_text", text: content }] : listAt(content);
  reading.faults.noteOthers(item, [...OF_EVERY_ITEM, "role", "content"], field);
  switch (role) {
    case "system":
    case "developer":
      return [{ role, content: parts.flatMap((part, i) => readText(part, `${field}.content[${i}]`, reading)) }];
    case "user":
      return [{ role, content: parts.flatMap((part, i) => readPart(part, `${field}.content[${i}]`, reading)) }];
    case "assistant":
      return said(parts.flatMap((part, i) => readSaid(part, `${field}.content[${i}]`, reading)));
    case undefined:
    default:
      reading.faults.wrong(`${field}.role`, "is none of system, developer, user and assistant");
      return [];
  }
}

function readText(part: unknown, field: string, { faults }: MessagesReading): TextPart[] {
  const text = textAt(part, "text");
  faults.noteOthers(part, ["type", "text"], field);
  if (text !== undefined) return [{ kind: "text", text }];
  faults.wrong(field, "is no text");
  return [];
}

function readSaid(part: unknown, field: string, reading: MessagesReading): AssistantPart[] {
  if (textAt(part, "type") === "refusal") return [{ kind: "refusal", text: textAt(part, "refusal") ?? "" }];
  return readText(part, field, reading);
}

function readPart(part: unknown, field: string, reading: MessagesReading): UserPart[] {
  switch (textAt(part, "type")) {
    case "input_text":
    case "output_text":
      return readText(part, field, reading);
    case "input_image":
      return [readImage(part)];
    case "input_file":
      return [readFile(part)];
    case "input_audio": {
      const [base64, format] = [textAt(part, "input_audio", "data"), textAt(part, "input_audio", "format")];
      return base64 === undefined || format === undefined ? [vendorPart(DIALECT, part)] : [{ kind: "audio", base64, format }];
    }
    case undefined:
    default:
      return otherPart(part, field, reading.faults, DIALECT);
  }
}

function readImage(part: unknown): UserPart {
  const [url, id] = [textAt(part, "image_url"), textAt(part, "file_id")];
  const source = url !== undefined ? mediaSource(url) : id === undefined ? undefined : ({ kind: "file", id, dialect: DIALECT } as const);
  if (source === undefined) return vendorPart(DIALECT, part);
  const detail = (["low", "high", "original"] as const).find((known) => known === textAt(part, "detail"));
  return { kind: "image", source, ...(detail === undefined ? {} : { detail }) };
}

function readFile(part: unknown): UserPart {
  const [url, data, id, name] = ["file_url", "file_data", "file_id", "filename"].map((field) => textAt(part, field));
  const held = data === undefined ? undefined : mediaSource(data);
  const source =
    held?.kind === "data"
      ? held
      : url !== undefined
        ? ({ kind: "url", url } as const)
        : id === undefined
          ? undefined
          : ({ kind: "file", id, dialect: DIALECT } as const);
  return source === undefined ? vendorPart(DIALECT, part) : { kind: "document", source, ...(name === undefined ? {} : { name }) };
}

function readCall(item: unknown, field: string, reading: MessagesReading): AssistantPart[] {
  const [id, name] = [textAt(item, "call_id"), textAt(item, "name")];
  if (id === undefined || name === undefined) {
    reading.faults.wrong(field, "has no call_id or no name");
    return [];
  }
  reading.names.set(id, name);
  reading.faults.noteOthers(item, [...OF_EVERY_ITEM, "call_id", "name", "arguments"], field);
  return [{ kind: "tool_call", id, name, arguments: textAt(item, "arguments") ?? "" }];
}

function readOutput(item: unknown, field: string, reading: MessagesReading): ToolResultPart {
  const callId = textAt(item, "call_id");
  if (callId === undefined) reading.faults.wrong(`${field}.call_id`, "is missing");
  reading.faults.noteOthers(item, [...OF_EVERY_ITEM, "call_id", "output"], field);
  const output = at(item, "output");
  const parts: readonly unknown[] = typeof output === "string" ? [{ type: "input_text", text: output }] : listAt(output);
  const name = reading.names.get(callId ?? "");
  const content = parts.flatMap((part, i) => {
    const at = `${field}.output[${i}]`;
    return answerParts(readPart(part, at, reading), at, reading.faults);
  });
  return { kind: "tool_result", callId: callId ?? "", ...(name === undefined ? {} : { name }), content };
}

/** Without what seals it, reasoning of this format can go back to nobody. */
function readReasoning(item: unknown): AssistantPart {
  const text = [...listAt(item, "summary"), ...listAt(item, "content")].flatMap((part) => textAt(part, "text") ?? []).join("\n\n");
  const [value, id] = [textAt(item, "encrypted_content") ?? "", textAt(item, "id")];
  if (value === "" && objectAt(item) !== undefined && id !== undefined) return vendorPart(DIALECT, item);
  if (value === "") return { kind: "thinking", text };
  return { kind: "thinking", text, signature: signatureIn(value, { dialect: DIALECT, value, ...(id === undefined ? {} : { id }) }) };
}
