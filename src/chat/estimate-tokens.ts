import { assertNever } from "../kernel/errors.ts";
import type { ChatMessage, ChatRequest, MediaSource, Tool } from "./request.ts";

/** Where nobody counts. */
const CHARACTERS_PER_TOKEN = 3.5;
const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_TOOL = 8;
/** What the largest image costs at most vendors. */
const TOKENS_PER_IMAGE = 1600;
const BYTES_PER_TOKEN_OF_FILES = 20;

/**
 * About how many tokens a request has, rather too many than too few: 3.5 characters of Latin script or code make one, and every other character one of
 * its own. No tokenizer: models differ from it by a fifth and more.
 */
export function estimateTokens({ messages, tools = [], output }: Pick<ChatRequest, "messages" | "tools" | "output">): number {
  const said = messages.reduce((sum, message) => sum + TOKENS_PER_MESSAGE + tokensOfMessage(message), 0);
  const offered = tools.reduce((sum, tool) => sum + TOKENS_PER_TOOL + tokensOfTool(tool), 0);
  return Math.ceil(said + offered + (output?.kind === "json_schema" ? tokensOfText(JSON.stringify(output.schema)) : 0));
}

export function estimateTextTokens(texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + tokensOfText(text), 0));
}

type Part = ChatMessage["content"][number];

function tokensOfMessage({ content }: ChatMessage): number {
  return (content as readonly Part[]).reduce((sum, part) => sum + tokensOfPart(part), 0);
}

function tokensOfPart(part: Part): number {
  switch (part.kind) {
    case "text":
    case "thinking":
    case "refusal":
      return tokensOfText(part.text);
    case "image":
      return TOKENS_PER_IMAGE;
    case "document":
      return part.source.kind === "text" ? tokensOfText(part.source.text) : tokensOfFile(part.source);
    case "audio":
      return part.base64.length / BYTES_PER_TOKEN_OF_FILES;
    case "tool_call":
      return tokensOfText(part.name) + tokensOfText(part.arguments);
    case "tool_result":
      return part.content.reduce((sum, inner) => sum + tokensOfPart(inner), TOKENS_PER_MESSAGE);
    case "vendor":
      return tokensOfText(JSON.stringify(part.value) ?? "");
    default:
      return assertNever(part);
  }
}

function tokensOfFile(source: MediaSource): number {
  return source.kind === "data" ? source.base64.length / BYTES_PER_TOKEN_OF_FILES : TOKENS_PER_IMAGE;
}

function tokensOfTool(tool: Tool): number {
  if (tool.kind === "vendor") return tokensOfText(JSON.stringify(tool.value) ?? "");
  return tokensOfText(tool.name) + tokensOfText(tool.description ?? "") + tokensOfText(JSON.stringify(tool.parameters));
}

function tokensOfText(text: string): number {
  let others = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x24f) others++;
  return others + (text.length - others) / CHARACTERS_PER_TOKEN;
}
