import type { AssistantPart, CacheMark, ChatMessage, DocumentPart, ImagePart, TextPart, ToolResultPart, UserPart } from "../../chat/request.ts";
import { assertNever } from "../../kernel/errors.ts";
import { callIdIn } from "../call-id.ts";
import { objectAt } from "../../kernel/json-value.ts";
import { parseExact } from "../exact-json.ts";
import { type Losses, noteSignature, OTHER_DIALECT, ownAlone } from "../losses.ts";
import { inTurns, type WrittenConversation } from "../turns.ts";

export const DIALECT = "anthropic-messages";

type Written = Record<string, unknown>;

export function writeConversation(all: readonly ChatMessage[], losses: Losses): WrittenConversation {
  return inTurns(all, losses, (message, field) => writeContent(message, field, losses));
}

function writeContent(message: ChatMessage, field: string, losses: Losses): Written[] {
  switch (message.role) {
    case "system":
    case "developer":
      return message.content.flatMap((part) => writeText(part));
    case "user":
      if (message.name !== undefined) losses.lost(`${field}.name`, "the format has no names of users");
      return message.content.flatMap((part, i) => writeUserPart(part, `${field}.content[${i}]`, losses));
    case "assistant":
      return message.content.flatMap((part, i) => writeAssistantPart(part, `${field}.content[${i}]`, losses));
    case "tool":
      return message.content.map((result, i) => writeResult(result, `${field}.content[${i}]`, losses));
    default:
      return assertNever(message);
  }
}

/** An empty text is refused there: it says nothing and is left out. */
function writeText(part: TextPart): Written[] {
  return part.text === "" ? [] : [{ type: "text", text: part.text, ...mark(part.cache) }];
}

function writeUserPart(part: UserPart, field: string, losses: Losses): Written[] {
  switch (part.kind) {
    case "text":
      return writeText(part);
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

function writeAssistantPart(part: AssistantPart, field: string, losses: Losses): Written[] {
  noteSignature(part, field, DIALECT, losses);
  switch (part.kind) {
    case "text":
      return writeText(part);
    case "thinking": {
      const { signature, text } = part;
      if (signature?.dialect === DIALECT) {
        return [
          signature.isHidden === true ? { type: "redacted_thinking", data: signature.value } : { type: "thinking", thinking: text, signature: signature.value },
        ];
      }
      losses.lost(field, "reasoning can go back only to who made and signed it");
      return [];
    }
    case "tool_call":
      return [{ type: "tool_use", id: callIdIn(DIALECT, part.id), name: part.name, input: inputOf(part.arguments, field, losses), ...mark(part.cache) }];
    case "refusal":
      losses.changed(field, "the format has no refusals: it goes as text");
      return writeText({ kind: "text", text: part.text });
    case "image":
      losses.lost(field, "an image that a model made cannot go back as the model's own");
      return [];
    case "vendor":
      return ownAlone(part, DIALECT, field, losses);
    default:
      return assertNever(part);
  }
}

function inputOf(json: string, field: string, losses: Losses): unknown {
  const input = objectAt(parseExact(json));
  if (input !== undefined) return input;
  if (json.trim() !== "") losses.lost(`${field}.arguments`, "the model's arguments are no JSON object");
  return {};
}

function writeImage({ source, cache, detail }: ImagePart, field: string, losses: Losses): Written[] {
  if (detail !== undefined && detail !== "auto") losses.lost(`${field}.detail`, "the format has no such setting");
  if (source.kind === "file" && source.dialect !== DIALECT) {
    losses.lost(field, OTHER_DIALECT);
    return [];
  }
  return [{ type: "image", source: sourceOf(source), ...mark(cache) }];
}

function writeDocument({ source, name, cache }: DocumentPart, field: string, losses: Losses): Written[] {
  if (source.kind === "file" && source.dialect !== DIALECT) {
    losses.lost(field, OTHER_DIALECT);
    return [];
  }
  const written = source.kind === "text" ? { type: "text", media_type: "text/plain", data: source.text } : sourceOf(source);
  return [{ type: "document", source: written, ...(name === undefined ? {} : { title: name }), ...mark(cache) }];
}

function sourceOf(source: ImagePart["source"]): Written {
  switch (source.kind) {
    case "url":
      return { type: "url", url: source.url };
    case "data":
      return { type: "base64", media_type: source.mediaType, data: source.base64 };
    case "file":
      return { type: "file", file_id: source.id };
    default:
      return assertNever(source);
  }
}

function writeResult({ callId, content, isError, cache }: ToolResultPart, field: string, losses: Losses): Written {
  const written = content.flatMap((part, i) => writeUserPart(part, `${field}.content[${i}]`, losses));
  return { type: "tool_result", tool_use_id: callIdIn(DIALECT, callId), content: written, ...(isError === true ? { is_error: true } : {}), ...mark(cache) };
}

export function mark(cache: CacheMark | undefined): { cache_control?: Written } {
  if (cache === undefined) return {};
  return { cache_control: { type: "ephemeral", ...(cache.ttl === undefined ? {} : { ttl: cache.ttl }) } };
}
