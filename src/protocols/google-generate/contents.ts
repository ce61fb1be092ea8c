import type { AssistantPart, ChatMessage, DocumentPart, ImagePart, Signature, ToolResultPart, UserPart } from "../../chat/request.ts";
import { assertNever } from "../../kernel/errors.ts";
import { objectAt } from "../../kernel/json-value.ts";
import { parseExact } from "../exact-json.ts";
import { type Losses, noteCacheMark, noteName, noteSignature, OTHER_DIALECT, ownAlone } from "../losses.ts";
import { inTurns } from "../turns.ts";

export const DIALECT = "google-generate";

type Written = Record<string, unknown>;

export interface WrittenContents {
  readonly systemInstruction: { readonly parts: Written[] } | undefined;
  /** Roles alternate: neighbours of one role are one content. */
  readonly contents: readonly { readonly role: "user" | "model"; readonly parts: Written[] }[];
}

export function writeContents(all: readonly ChatMessage[], losses: Losses): WrittenContents {
  const names = new Map<string, string>();
  const { system, messages } = inTurns(all, losses, (message, field) => writeMessage(message, field, losses, names));
  return {
    systemInstruction: system === undefined ? undefined : { parts: system },
    contents: messages.map(({ role, content }) => ({ role: role === "assistant" ? "model" : "user", parts: content })),
  };
}

function writeMessage(message: ChatMessage, field: string, losses: Losses, names: Map<string, string>): Written[] {
  switch (message.role) {
    case "system":
    case "developer":
      return message.content.flatMap((part, i) => writeUserPart(part, `${field}.content[${i}]`, losses));
    case "user":
      if (message.name !== undefined) losses.lost(`${field}.name`, "the format has no names of users");
      return message.content.flatMap((part, i) => writeUserPart(part, `${field}.content[${i}]`, losses));
    case "assistant":
      return message.content.flatMap((part, i) => writeModelPart(part, `${field}.content[${i}]`, losses, names));
    case "tool":
      return writeResults(message.content, field, losses, names);
    default:
      return assertNever(message);
  }
}

function writeUserPart(part: UserPart, field: string, losses: Losses): Written[] {
  noteCacheMark(part, field, losses);
  switch (part.kind) {
    case "text":
      return part.text === "" ? [] : [{ text: part.text }];
    case "image":
      return writeImage(part, field, losses);
    case "document":
      return writeDocument(part, field, losses);
    case "audio":
      return [{ inlineData: { mimeType: `audio/${part.format}`, data: part.base64 } }];
    case "vendor":
      return ownAlone(part, DIALECT, field, losses);
    default:
      return assertNever(part);
  }
}

function writeModelPart(part: AssistantPart, field: string, losses: Losses, names: Map<string, string>): Written[] {
  noteCacheMark(part, field, losses);
  noteSignature(part, field, DIALECT, losses);
  switch (part.kind) {
    case "text":
      return part.text === "" && part.signature === undefined ? [] : [{ text: part.text, ...seal(part.signature) }];
    case "thinking":
      if (part.signature?.dialect === DIALECT) return [{ text: part.text, thought: true, ...seal(part.signature) }];
      losses.lost(field, "reasoning can go back only to who made and signed it");
      return [];
    case "tool_call": {
      names.set(part.id, part.name);
      const args = objectAt(parseExact(part.arguments));
      if (args === undefined && part.arguments.trim() !== "") losses.lost(`${field}.arguments`, "the model's arguments are no JSON object");
      return [{ functionCall: { id: part.id, name: part.name, args: args ?? {} }, ...seal(part.signature) }];
    }
    case "refusal":
      losses.changed(field, "the format has no refusals: it goes as text");
      return [{ text: part.text }];
    case "image":
      return writeImage(part, field, losses);
    case "vendor":
      return ownAlone(part, DIALECT, field, losses);
    default:
      return assertNever(part);
  }
}

function writeImage({ source, detail }: ImagePart, field: string, losses: Losses): Written[] {
  if (detail !== undefined && detail !== "auto") losses.lost(`${field}.detail`, "the format has no such setting for one image");
  return writeMedia(source, field, losses);
}

function writeDocument({ source, name }: DocumentPart, field: string, losses: Losses): Written[] {
  noteName(name, field, losses);
  if (source.kind !== "text") return writeMedia(source, field, losses);
  losses.changed(field, "a document of plain text goes as text");
  return [{ text: source.text }];
}

function writeMedia(source: ImagePart["source"], field: string, losses: Losses): Written[] {
  switch (source.kind) {
    case "data":
      return [{ inlineData: { mimeType: source.mediaType, data: source.base64 } }];
    case "url":
      return [{ fileData: { fileUri: source.url, ...(source.mediaType === undefined ? {} : { mimeType: source.mediaType }) } }];
    case "file":
      if (source.dialect === DIALECT) return [{ fileData: { fileUri: source.id } }];
      losses.lost(field, OTHER_DIALECT);
      return [];
    default:
      return assertNever(source);
  }
}

/** All responses, as all calls were one turn; then the media of them, as parts of their own. */
function writeResults(results: readonly ToolResultPart[], field: string, losses: Losses, names: ReadonlyMap<string, string>): Written[] {
  const written = results.map((result, i) => writeResult(result, `${field}.content[${i}]`, losses, names));
  return [...written.flatMap(([response]) => (response === undefined ? [] : [response])), ...written.flatMap(([, ...media]) => media)];
}

/** The call is found by the tool's name; its media follow it. */
function writeResult(result: ToolResultPart, field: string, losses: Losses, names: ReadonlyMap<string, string>): Written[] {
  const { callId, name, content, isError } = result;
  noteCacheMark(result, field, losses);
  const texts = content.flatMap((part) => (part.kind === "text" ? [part.text] : []));
  const media = content.flatMap((part, i) => {
    if (part.kind === "text") {
      noteCacheMark(part, `${field}.content[${i}]`, losses);
      return [];
    }
    losses.changed(`${field}.content[${i}]`, "a tool's answer holds text only: the rest follows as a part of its own");
    return writeUserPart(part, `${field}.content[${i}]`, losses);
  });
  const response = isError === true ? { error: texts.join("\n") } : { output: texts.join("\n") };
  return [{ functionResponse: { id: callId, name: name ?? names.get(callId) ?? callId, response } }, ...media];
}

function seal(signature: Signature | undefined): { thoughtSignature?: string } {
  return signature?.dialect === DIALECT ? { thoughtSignature: signature.value } : {};
}
