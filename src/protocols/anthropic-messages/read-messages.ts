import type { AssistantPart, ChatMessage, DocumentPart, ImagePart, MediaSource, TextPart, ToolResultPart, UserPart } from "../../chat/request.ts";
import { answerParts, type BodyFaults, cacheMark, type MessagesReading, otherPart, vendorPart } from "../body-reader.ts";
import { joinedToCalls, signatureIn } from "../carried-signature.ts";
import { at, listAt, objectAt, textAt } from "../../kernel/json-value.ts";
import { writeExact } from "../exact-json.ts";
import { DIALECT } from "./messages.ts";

/** What stands before the conversation: a text, or several. */
export function readSystem(system: unknown, faults: BodyFaults): ChatMessage[] {
  if (system === undefined) return [];
  if (typeof system === "string") return [{ role: "system", content: [{ kind: "text", text: system }] }];
  if (!Array.isArray(system)) faults.wrong("system", "is neither a text nor a list of texts");
  const parts = listAt(system);
  return parts.length === 0 ? [] : [{ role: "system", content: parts.flatMap((part, i) => readText(part, `system[${i}]`, faults)) }];
}

/** The conversation as a caller wrote it. What a user says and what tools answered stand in one message there; here they are two. */
export function readMessages(messages: readonly unknown[], faults: BodyFaults): ChatMessage[] {
  const reading: MessagesReading = { faults, names: new Map() };
  return messages.flatMap((message, i) => readMessage(message, `messages[${i}]`, reading));
}

function readMessage(message: unknown, field: string, reading: MessagesReading): ChatMessage[] {
  const role = textAt(message, "role");
  const content = at(message, "content");
  const parts: readonly unknown[] = typeof content === "string" ? [{ type: "text", text: content }] : listAt(content);
  if (typeof content !== "string" && !Array.isArray(content)) reading.faults.wrong(`${field}.content`, "is neither a text nor a list");
  if (role === "assistant") return [{ role, content: joinedToCalls(parts.flatMap((part, i) => readAssistant(part, `${field}.content[${i}]`, reading))) }];
  if (role === "system") return [{ role, content: parts.flatMap((part, i) => readText(part, `${field}.content[${i}]`, reading.faults)) }];
  if (role === "user") return readUserTurn(parts, field, reading);
  reading.faults.wrong(`${field}.role`, "is neither user nor assistant");
  return [];
}

function readUserTurn(parts: readonly unknown[], field: string, reading: MessagesReading): ChatMessage[] {
  const messages: ChatMessage[] = [];
  for (const [i, part] of parts.entries()) {
    const at = `${field}.content[${i}]`;
    const last = messages.at(-1);
    if (textAt(part, "type") === "tool_result") {
      const result = readResult(part, at, reading);
      if (last?.role === "tool") messages.splice(-1, 1, { ...last, content: [...last.content, result] });
      else messages.push({ role: "tool", content: [result] });
    } else {
      const said = readUser(part, at, reading);
      if (last?.role === "user") messages.splice(-1, 1, { ...last, content: [...last.content, ...said] });
      else messages.push({ role: "user", content: said });
    }
  }
  return messages.length === 0 ? [{ role: "user", content: [] }] : messages;
}

function readText(part: unknown, field: string, faults: BodyFaults): TextPart[] {
  const text = textAt(part, "text");
  if (textAt(part, "type") !== "text" || text === undefined) {
    faults.wrong(field, "is no text");
    return [];
  }
  faults.noteOthers(part, ["type", "text", "cache_control"], field);
  return [{ kind: "text", text, ...cacheMark(part) }];
}

function readUser(part: unknown, field: string, reading: MessagesReading): UserPart[] {
  switch (textAt(part, "type")) {
    case "text":
      return readText(part, field, reading.faults);
    case "image": {
      const source = readSource(at(part, "source"));
      return source === undefined ? [vendorPart(DIALECT, part)] : [{ kind: "image", source, ...cacheMark(part) } satisfies ImagePart];
    }
    case "document": {
      const source = textAt(part, "source", "type") === "text" ? textSource(part) : readSource(at(part, "source"));
      const title = textAt(part, "title");
      if (source === undefined || at(part, "citations") !== undefined || at(part, "context") !== undefined) return [vendorPart(DIALECT, part)];
      return [{ kind: "document", source, ...(title === undefined ? {} : { name: title }), ...cacheMark(part) } satisfies DocumentPart];
    }
    case undefined:
    default:
      return otherPart(part, field, reading.faults, DIALECT);
  }
}

function textSource(part: unknown): DocumentPart["source"] | undefined {
  const text = textAt(part, "source", "data");
  return text === undefined ? undefined : { kind: "text", text };
}

function readSource(source: unknown): MediaSource | undefined {
  const [url, base64, mediaType, id] = ["url", "data", "media_type", "file_id"].map((name) => textAt(source, name));
  switch (textAt(source, "type")) {
    case "url":
      return url === undefined ? undefined : { kind: "url", url };
    case "base64":
      return base64 === undefined || mediaType === undefined ? undefined : { kind: "data", mediaType, base64 };
    case "file":
      return id === undefined ? undefined : { kind: "file", id, dialect: DIALECT };
    case undefined:
    default:
      return undefined;
  }
}

function readAssistant(part: unknown, field: string, reading: MessagesReading): AssistantPart[] {
  switch (textAt(part, "type")) {
    case "text":
      return at(part, "citations") === undefined || at(part, "citations") === null ? readText(part, field, reading.faults) : [vendorPart(DIALECT, part)];
    case "thinking": {
      const value = textAt(part, "signature") ?? "";
      return [
        { kind: "thinking", text: textAt(part, "thinking") ?? "", ...(value === "" ? {} : { signature: signatureIn(value, { dialect: DIALECT, value }) }) },
      ];
    }
    case "redacted_thinking":
      return [{ kind: "thinking", text: "", signature: { dialect: DIALECT, value: textAt(part, "data") ?? "", isHidden: true } }];
    case "tool_use":
      return readCall(part, field, reading);
    case undefined:
    default:
      return otherPart(part, field, reading.faults, DIALECT);
  }
}

function readCall(part: unknown, field: string, reading: MessagesReading): AssistantPart[] {
  const [id, name] = [textAt(part, "id"), textAt(part, "name")];
  if (id === undefined || name === undefined) {
    reading.faults.wrong(field, "has no id or no name");
    return [];
  }
  reading.names.set(id, name);
  reading.faults.noteOthers(part, ["type", "id", "name", "input", "cache_control"], field);
  return [{ kind: "tool_call", id, name, arguments: writeExact(objectAt(part, "input") ?? {}), ...cacheMark(part) }];
}

function readResult(part: unknown, field: string, reading: MessagesReading): ToolResultPart {
  const callId = textAt(part, "tool_use_id");
  if (callId === undefined) reading.faults.wrong(`${field}.tool_use_id`, "is missing");
  const content = at(part, "content");
  const parts: readonly unknown[] = typeof content === "string" ? [{ type: "text", text: content }] : listAt(content);
  const name = reading.names.get(callId ?? "");
  reading.faults.noteOthers(part, ["type", "tool_use_id", "content", "is_error", "cache_control"], field);
  return {
    kind: "tool_result",
    callId: callId ?? "",
    ...(name === undefined ? {} : { name }),
    content: parts.flatMap((inner, i) => readAnswered(inner, `${field}.content[${i}]`, reading)),
    ...(at(part, "is_error") === true ? { isError: true } : {}),
    ...cacheMark(part),
  };
}

function readAnswered(part: unknown, field: string, reading: MessagesReading): ToolResultPart["content"] {
  if (textAt(part, "type") === "search_result") return [readFound(part, field, reading.faults)];
  return answerParts(readUser(part, field, reading), field, reading.faults);
}

/** What a search of the caller's own has found. Other formats have no such part, and a model can read it all the same. */
function readFound(part: unknown, field: string, faults: BodyFaults): TextPart {
  const texts = listAt(part, "content").flatMap((inner, i) => readText(inner, `${field}.content[${i}]`, faults));
  const lines = [textAt(part, "title"), textAt(part, "source"), ...texts.map(({ text }) => text)];
  faults.noteOthers(part, ["type", "title", "source", "content", "cache_control"], field);
  faults.losses.changed(field, "only the dialect that it comes from knows results of a search: it is a text");
  return { kind: "text", text: lines.filter((line) => line !== undefined && line !== "").join("\n"), ...cacheMark(part) };
}
