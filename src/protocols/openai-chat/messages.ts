import type { AssistantPart, ChatMessage, ImagePart, TextPart, ToolResultPart, UserPart } from "../../chat/request.ts";
import { assertNever } from "../../kernel/errors.ts";
import { callIdIn } from "../call-id.ts";
import { type Losses, noteCacheMark, noteName, noteSignature, OTHER_DIALECT, ownAlone } from "../losses.ts";

export const DIALECT = "openai-chat";

type Written = Record<string, unknown>;

/**
 * One message of ours may be several there: each tool result is one, and behind the last of them their images follow in a message of the user. It is
 * none where nothing of it is left.
 */
export function writeMessages(messages: readonly ChatMessage[], losses: Losses): Written[] {
  const written: Written[] = [];
  let images: Written[] = [];
  for (const [i, message] of messages.entries()) {
    if (message.role === "tool") written.push(...writeResults(message.content, `messages[${i}]`, losses, images));
    else written.push(...writeMessage(message, `messages[${i}]`, losses));
    if (images.length === 0 || messages[i + 1]?.role === "tool") continue;
    written.push({ role: "user", content: images });
    images = [];
  }
  return written;
}

function writeMessage(message: Exclude<ChatMessage, { role: "tool" }>, field: string, losses: Losses): Written[] {
  switch (message.role) {
    case "system":
    case "developer":
      // OpenAI takes `system` for `developer`; most others know only `system`.
      return [{ role: "system", content: textContent(message.content, field, losses) }];
    case "user": {
      const content = userContent(message.content, field, losses);
      if (content.length === 0 && message.content.length > 0 && typeof content !== "string") return [];
      return [{ role: "user", content, ...(message.name === undefined ? {} : { name: message.name }) }];
    }
    case "assistant":
      return writeAssistant(message.content, field, losses);
    default:
      return assertNever(message);
  }
}

/** One text is written as such: older servers take no list. */
function textContent(parts: readonly TextPart[], field: string, losses: Losses): string | Written[] {
  for (const [i, part] of parts.entries()) noteCacheMark(part, `${field}.content[${i}]`, losses);
  const [only] = parts;
  if (parts.length <= 1) return only?.text ?? "";
  return parts.map(({ text }) => ({ type: "text", text }));
}

function userContent(parts: readonly UserPart[], field: string, losses: Losses): string | Written[] {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "text") return textContent([only], field, losses);
  return parts.map((part, i) => writeUserPart(part, `${field}.content[${i}]`, losses)).filter((part) => part !== undefined);
}

function writeUserPart(part: UserPart, field: string, losses: Losses): Written | undefined {
  noteCacheMark(part, field, losses);
  switch (part.kind) {
    case "text":
      return { type: "text", text: part.text };
    case "image":
      return writeImage(part, field, losses);
    case "document":
      return writeDocument(part, field, losses);
    case "audio":
      return { type: "input_audio", input_audio: { data: part.base64, format: part.format } };
    case "vendor":
      return ownAlone(part, DIALECT, field, losses)[0];
    default:
      return assertNever(part);
  }
}

function writeImage({ source, detail }: ImagePart, field: string, losses: Losses): Written | undefined {
  if (source.kind === "file") {
    losses.lost(field, "the format takes no image by a file's id");
    return undefined;
  }
  const url = source.kind === "url" ? source.url : `data:${source.mediaType};base64,${source.base64}`;
  return { type: "image_url", image_url: { url, ...(detail === undefined ? {} : { detail }) } };
}

function writeDocument({ source, name }: Extract<UserPart, { kind: "document" }>, field: string, losses: Losses): Written | undefined {
  switch (source.kind) {
    case "text":
      losses.changed(field, "a document of plain text goes as text");
      noteName(name, field, losses);
      return { type: "text", text: source.text };
    case "data":
      return { type: "file", file: { filename: name ?? "document", file_data: `data:${source.mediaType};base64,${source.base64}` } };
    case "file":
      if (!source.dialect.startsWith("openai")) {
        losses.lost(field, OTHER_DIALECT);
        return undefined;
      }
      noteName(name, field, losses);
      return { type: "file", file: { file_id: source.id } };
    case "url":
      losses.lost(field, "the format takes no document by its address");
      return undefined;
    default:
      return assertNever(source);
  }
}

/** An answer of which nothing is left goes too: nobody takes an empty one. */
function writeAssistant(parts: readonly AssistantPart[], field: string, losses: Losses): Written[] {
  const said: Written[] = [];
  const calls: Written[] = [];
  for (const [i, part] of parts.entries()) {
    const at = `${field}.content[${i}]`;
    noteCacheMark(part, at, losses);
    noteSignature(part, at, DIALECT, losses);
    if (part.kind === "tool_call") {
      calls.push({ id: callIdIn(DIALECT, part.id), type: "function", function: { name: part.name, arguments: part.arguments || "{}" } });
    } else if (part.kind === "text") said.push({ type: "text", text: part.text });
    else if (part.kind === "refusal") said.push({ type: "refusal", refusal: part.text });
    else if (part.kind === "vendor" && part.dialect === DIALECT) said.push(part.value as Written);
    else losses.lost(at, part.kind === "thinking" ? "the format takes no reasoning back" : OTHER_DIALECT);
  }
  const [only] = said;
  const content = said.length === 1 && only?.["type"] === "text" ? only["text"] : said.length === 0 ? null : said;
  if (content === null && calls.length === 0) return [];
  return [{ role: "assistant", content, ...(calls.length === 0 ? {} : { tool_calls: calls }) }];
}

function writeResults(results: readonly ToolResultPart[], field: string, losses: Losses, images: Written[]): Written[] {
  return results.map((result, i) => {
    const at = `${field}.content[${i}]`;
    noteCacheMark(result, at, losses);
    return { role: "tool", tool_call_id: callIdIn(DIALECT, result.callId), content: resultText(result, at, losses, images) };
  });
}

function resultText({ content, isError }: ToolResultPart, field: string, losses: Losses, images: Written[]): string {
  const texts: string[] = [];
  for (const [i, part] of content.entries()) {
    const at = `${field}.content[${i}]`;
    noteCacheMark(part, at, losses);
    if (part.kind === "text") texts.push(part.text);
    else {
      const written = part.kind === "image" ? writeImage(part, at, losses) : writeDocument(part, at, losses);
      if (written === undefined) continue;
      images.push(written);
      losses.changed(at, "a tool's answer holds text only: the rest follows as a message of the user");
    }
  }
  if (isError !== true) return texts.join("\n");
  losses.changed(`${field}.isError`, "the format has no mark for a tool's failure: its text says so");
  return `Error: ${texts.join("\n")}`;
}
