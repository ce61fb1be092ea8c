import type { AssistantPart, ChatMessage, ImagePart, ThinkingPart, ToolResultPart, UserPart } from "../../chat/request.ts";
import { assertNever } from "../../kernel/errors.ts";
import { callIdIn } from "../call-id.ts";
import { type Losses, noteCacheMark, noteName, noteSignature, OTHER_DIALECT, ownAlone } from "../losses.ts";

export const DIALECT = "openai-responses";

type Written = Record<string, unknown>;

/** The conversation as items, `from` a message on: messages, reasoning, calls and their outputs each are one. */
export function writeItems(messages: readonly ChatMessage[], losses: Losses, { from = 0 }: { readonly from?: number } = {}): Written[] {
  return messages.slice(from).flatMap((message, i) => writeMessage(message, `messages[${i + from}]`, losses));
}

function writeMessage(message: ChatMessage, field: string, losses: Losses): Written[] {
  switch (message.role) {
    case "system":
    case "developer":
      return [{ role: message.role, content: inputContent(message.content, field, losses) }];
    case "user":
      if (message.name !== undefined) losses.lost(`${field}.name`, "the format has no names of users");
      return writeUser(message.content, field, losses);
    case "assistant":
      return writeAssistant(message.content, field, losses);
    case "tool":
      return message.content.map((result, i) => writeResult(result, `${field}.content[${i}]`, losses));
    default:
      return assertNever(message);
  }
}

/** A message of which nothing is left is none: nobody takes an empty one. */
function writeUser(parts: readonly UserPart[], field: string, losses: Losses): Written[] {
  const content = inputContent(parts, field, losses);
  return typeof content !== "string" && content.length === 0 && parts.length > 0 ? [] : [{ role: "user", content }];
}

function inputContent(parts: readonly UserPart[], field: string, losses: Losses): string | Written[] {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "text") {
    noteCacheMark(only, `${field}.content[0]`, losses);
    return only.text;
  }
  return parts.map((part, i) => writeInput(part, `${field}.content[${i}]`, losses)).filter((part) => part !== undefined);
}

function writeInput(part: UserPart, field: string, losses: Losses): Written | undefined {
  noteCacheMark(part, field, losses);
  switch (part.kind) {
    case "text":
      return { type: "input_text", text: part.text };
    case "image":
      return writeImage(part, field, losses);
    case "document":
      return writeDocument(part, field, losses);
    case "audio":
      losses.lost(field, "the format takes no audio");
      return undefined;
    case "vendor":
      return ownAlone(part, DIALECT, field, losses)[0];
    default:
      return assertNever(part);
  }
}

function writeImage({ source, detail = "auto" }: ImagePart, field: string, losses: Losses): Written | undefined {
  if (source.kind !== "file")
    return { type: "input_image", detail, image_url: source.kind === "url" ? source.url : `data:${source.mediaType};base64,${source.base64}` };
  if (source.dialect.startsWith("openai")) return { type: "input_image", detail, file_id: source.id };
  losses.lost(field, OTHER_DIALECT);
  return undefined;
}

function writeDocument({ source, name }: Extract<UserPart, { kind: "document" }>, field: string, losses: Losses): Written | undefined {
  switch (source.kind) {
    case "text":
      losses.changed(field, "a document of plain text goes as text");
      noteName(name, field, losses);
      return { type: "input_text", text: source.text };
    case "data":
      return { type: "input_file", filename: name ?? "document", file_data: `data:${source.mediaType};base64,${source.base64}` };
    case "url":
      noteName(name, field, losses);
      return { type: "input_file", file_url: source.url };
    case "file":
      if (!source.dialect.startsWith("openai")) {
        losses.lost(field, OTHER_DIALECT);
        return undefined;
      }
      noteName(name, field, losses);
      return { type: "input_file", file_id: source.id };
    default:
      return assertNever(source);
  }
}

/** Each part is an item of its own: a message of the model that names no id of the vendor's holds one text. */
function writeAssistant(parts: readonly AssistantPart[], field: string, losses: Losses): Written[] {
  return parts.flatMap((part, i): Written[] => {
    const at = `${field}.content[${i}]`;
    noteCacheMark(part, at, losses);
    noteSignature(part, at, DIALECT, losses);
    const item = writeOwnItem(part, at, losses);
    return item === undefined ? [] : [item];
  });
}

function writeOwnItem(part: AssistantPart, field: string, losses: Losses): Written | undefined {
  switch (part.kind) {
    case "text":
      return { role: "assistant", content: part.text };
    case "refusal":
      return writeRefusal(part.text, field);
    case "tool_call":
      return { type: "function_call", call_id: callIdIn(DIALECT, part.id), name: part.name, arguments: part.arguments || "{}" };
    case "thinking":
      return writeThinking(part, field, losses);
    case "vendor":
      return ownAlone(part, DIALECT, field, losses)[0];
    case "image":
      losses.lost(field, "the format takes no image back that a model made");
      return undefined;
    default:
      return assertNever(part);
  }
}

/** Goes back only as an item that has an id: one is made of its place. */
function writeRefusal(refusal: string, field: string): Written {
  const id = `msg${field.replaceAll(/\D+/g, "_")}`;
  return { type: "message", id, status: "completed", role: "assistant", content: [{ type: "refusal", refusal }] };
}

function writeThinking({ text, signature }: ThinkingPart, field: string, losses: Losses): Written | undefined {
  if (signature?.dialect !== DIALECT) {
    losses.lost(field, "reasoning can go back only to who made and signed it");
    return undefined;
  }
  const summary = text === "" ? [] : [{ type: "summary_text", text }];
  return { type: "reasoning", ...(signature.id === undefined ? {} : { id: signature.id }), summary, encrypted_content: signature.value };
}

function writeResult(result: ToolResultPart, field: string, losses: Losses): Written {
  noteCacheMark(result, field, losses);
  const output = inputContent(result.content, field, losses);
  if (result.isError !== true) return { type: "function_call_output", call_id: callIdIn(DIALECT, result.callId), output };
  losses.changed(`${field}.isError`, "the format has no mark for a tool's failure: its text says so");
  const marked = typeof output === "string" ? `Error: ${output}` : [{ type: "input_text", text: "Error:" }, ...output];
  return { type: "function_call_output", call_id: callIdIn(DIALECT, result.callId), output: marked };
}
