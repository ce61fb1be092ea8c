import type { AssistantPart, ChatMessage, DocumentPart, ImagePart, ThinkingPart, ToolResultPart, UserPart } from "../../chat/request.ts";
import { assertNever } from "../../kernel/errors.ts";
import { callIdIn } from "../call-id.ts";
import { objectAt } from "../../kernel/json-value.ts";
import { parseExact } from "../exact-json.ts";
import { type Losses, noteSignature, ownAlone } from "../losses.ts";
import { inTurns, type WrittenConversation } from "../turns.ts";

export const DIALECT = "bedrock-converse";

type Written = Record<string, unknown>;

export function writeConversation(all: readonly ChatMessage[], losses: Losses): WrittenConversation {
  return inTurns(all, losses, (message, field) => writeContent(message, field, losses));
}

function writeContent(message: ChatMessage, field: string, losses: Losses): Written[] {
  const at = (i: number): string => `${field}.content[${i}]`;
  switch (message.role) {
    case "system":
    case "developer":
      return message.content.flatMap((part, i) => marked(writePart(part, at(i), losses), part));
    case "user":
      if (message.name !== undefined) losses.lost(`${field}.name`, "the format has no names of users");
      return message.content.flatMap((part, i) => marked(writePart(part, at(i), losses), part));
    case "assistant":
      return message.content.flatMap((part, i) => marked(writeSpoken(part, at(i), losses), part));
    case "tool":
      return message.content.flatMap((part, i) => marked([writeResult(part, at(i), losses)], part));
    default:
      return assertNever(message);
  }
}

/** A mark for caching is a block of its own there, after what may be kept. */
export function marked(written: Written[], part: object): Written[] {
  const cache = "cache" in part ? (part as { readonly cache?: { readonly ttl?: string } }).cache : undefined;
  if (cache === undefined || written.length === 0) return written;
  return [...written, { cachePoint: { type: "default", ...(cache.ttl === undefined ? {} : { ttl: cache.ttl }) } }];
}

function writePart(part: UserPart, field: string, losses: Losses): Written[] {
  switch (part.kind) {
    case "text":
      return part.text === "" ? [] : [{ text: part.text }];
    case "image":
      return writeImage(part, field, losses);
    case "document":
      return writeDocument(part, field, losses);
    case "audio":
      losses.lost(field, "the format takes no audio");
      return [];
    case "vendor":
      return ownAlone(part, DIALECT, field, losses);
    default:
      return assertNever(part);
  }
}

function writeSpoken(part: AssistantPart, field: string, losses: Losses): Written[] {
  noteSignature(part, field, DIALECT, losses);
  switch (part.kind) {
    case "thinking":
      return writeThinking(part, field, losses);
    case "tool_call": {
      const input = objectAt(parseExact(part.arguments));
      if (input === undefined && part.arguments.trim() !== "") losses.lost(`${field}.arguments`, "the model's arguments are no JSON object");
      return [{ toolUse: { toolUseId: callIdIn(DIALECT, part.id), name: part.name, input: input ?? {} } }];
    }
    case "refusal":
      losses.changed(field, "the format has no refusals: it goes as text");
      return writePart({ kind: "text", text: part.text }, field, losses);
    case "text":
    case "image":
    case "vendor":
      return writePart(part, field, losses);
    default:
      return assertNever(part);
  }
}

function writeThinking({ text, signature }: ThinkingPart, field: string, losses: Losses): Written[] {
  if (signature?.dialect !== DIALECT) {
    losses.lost(field, "reasoning can go back only to who made and signed it");
    return [];
  }
  if (signature.isHidden === true) return [{ reasoningContent: { redactedContent: signature.value } }];
  return [{ reasoningContent: { reasoningText: { text, signature: signature.value } } }];
}

function writeImage({ source, detail }: ImagePart, field: string, losses: Losses): Written[] {
  if (detail !== undefined && detail !== "auto") losses.lost(`${field}.detail`, "the format has no such setting");
  if (source.kind === "data") return [{ image: { format: formatOf(source.mediaType), source: { bytes: source.base64 } } }];
  losses.lost(field, "the format takes an image's bytes only");
  return [];
}

/** Names there are letters, digits, single spaces, hyphens and brackets. */
function writeDocument({ source, name = "document" }: DocumentPart, field: string, losses: Losses): Written[] {
  const allowed = name.replace(/[^\p{L}\p{N}\s()[\]-]+/gu, "-").replace(/\s+/g, " ");
  if (allowed !== name) losses.changed(`${field}.name`, "the format allows fewer characters in names");
  if (source.kind === "data") return [{ document: { format: formatOf(source.mediaType), name: allowed, source: { bytes: source.base64 } } }];
  if (source.kind === "text") return [{ document: { format: "txt", name: allowed, source: { text: source.text } } }];
  losses.lost(field, "the format takes a document's bytes only");
  return [];
}

const FORMATS: Readonly<Record<string, string>> = {
  "text/plain": "txt",
  "text/markdown": "md",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.ms-excel": "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
};

/** `image/png` → `png`, `application/pdf` → `pdf`. */
function formatOf(mediaType: string): string {
  return FORMATS[mediaType] ?? mediaType.slice(mediaType.indexOf("/") + 1);
}

function writeResult({ callId, content, isError }: ToolResultPart, field: string, losses: Losses): Written {
  const written = content.flatMap((part, i) => {
    const at = `${field}.content[${i}]`;
    if (part.cache !== undefined) losses.lost(`${at}.cache`, "the format has no marks for caching within a tool's answer");
    return writePart(part, at, losses);
  });
  return {
    toolResult: { toolUseId: callIdIn(DIALECT, callId), content: written, ...(isError === undefined ? {} : { status: isError ? "error" : "success" }) },
  };
}
