import type {
  AssistantPart,
  ChatMessage,
  ChatRequest,
  DocumentPart,
  FunctionTool,
  ImagePart,
  TextPart,
  Tool,
  ToolResultPart,
  UserPart,
} from "../chat/request.ts";
import { assertNever } from "../kernel/errors.ts";
import type { RouteNeeds } from "../routing/route-request.ts";
import { checkValue, invalid } from "./given-value.ts";
import { checkPart, checkTool, type PartPlace } from "./request-part.ts";
import { checkSettings } from "./request-shape.ts";

/** What is asked, of whom. All that `ChatRequest` has, and shorter ways to say the usual. */
export interface SignalboxRequest extends Omit<ChatRequest, "messages" | "tools" | "stream"> {
  /** `default` (also unless told), `agent:<id>`, an alias, `provider/model`, or `provider/model@account`, which nobody else answers. */
  readonly model?: string;
  /** One message of the user: in place of `messages`, or after them. */
  readonly prompt?: string;
  readonly messages?: readonly MessageInput[];
  /** Instructions before everything else. */
  readonly system?: string;
  /** A function's `kind` may be left out. */
  readonly tools?: readonly (Tool | Omit<FunctionTool, "kind">)[];
  /** Nobody but the model that is asked for may answer; its accounts still take turns. */
  readonly strict?: boolean;
  /** A name that stays the same from turn to turn: then the account does too, as far as possible, and prompt caches stay warm. */
  readonly conversation?: string;
  /**
   * Where a vendor's format has no word for something: `named`, it goes without and `lost` says so; `refused`, the candidate is passed over. Unless told,
   * what `gateway.translation` in the config says.
   */
  readonly losses?: "named" | "refused";
}

/** A message, with a text where it is nothing but that. */
export type MessageInput =
  | ChatMessage
  | { readonly role: "system" | "developer"; readonly content: string }
  | { readonly role: "user"; readonly content: string | readonly (string | UserPart)[]; readonly name?: string }
  | { readonly role: "assistant"; readonly content: string | readonly (string | AssistantPart)[] }
  | ToolAnswer;

/** What one tool call came to. */
export interface ToolAnswer {
  readonly role: "tool";
  readonly callId: string;
  /** The tool's name: formats without ids need it. */
  readonly name?: string;
  readonly content: string | readonly (string | TextPart | ImagePart | DocumentPart)[];
  readonly isError?: boolean;
}

/** A request in the one language, and what it needs of who answers it. */
export interface Understood {
  readonly model: string;
  readonly chat: ChatRequest;
  readonly needs: RouteNeeds;
  readonly losses: SignalboxRequest["losses"];
}

/** Throws REQUEST_INVALID, which names the field. */
export function understood(request: SignalboxRequest): Understood {
  if (typeof request !== "object" || request === null) throw invalid("the request", "is no object");
  const { model = "default", prompt, messages = [], system, tools, strict = false, conversation, losses, ...rest } = request;
  if (typeof model !== "string" || model.trim() === "") throw invalid("model", "is no text");
  if (!Array.isArray(messages)) throw invalid("messages", "is no list");
  if (tools !== undefined && !Array.isArray(tools)) throw invalid("tools", "is no list");
  checkSettings(request);
  const all: ChatMessage[] = [
    ...(system === undefined ? [] : [{ role: "system" as const, content: [textPart(system, "system")] }]),
    ...messages.map(messageOf),
    ...(prompt === undefined ? [] : [{ role: "user" as const, content: [textPart(prompt, "prompt")] }]),
  ];
  if (!all.some(({ role }) => role !== "system" && role !== "developer")) throw invalid("messages", "holds nothing to answer: give `messages` or a `prompt`");
  const chat: ChatRequest = { ...rest, messages: all, ...(tools !== undefined && { tools: tools.map((tool, index) => toolOf(tool, `tools[${index}]`)) }) };
  const image = all.some(({ content }) => content.some(showsImage));
  const needs: RouteNeeds = { serves: "chat", image, strict, ...(conversation !== undefined && { conversation }) };
  return { model, chat, needs, losses };
}

const ROLES: ReadonlySet<unknown> = new Set(["system", "developer", "user", "assistant", "tool"]);

function messageOf(message: MessageInput, index: number): ChatMessage {
  const field = `messages[${index}]`;
  if (!ROLES.has(message?.role)) throw invalid(`${field}.role`, "is none of system, developer, user, assistant and tool");
  if ("name" in message && message.name !== undefined) checkValue(message.name, "a text", `${field}.name`);
  switch (message.role) {
    case "system":
    case "developer":
      return { role: message.role, content: parts<TextPart>(message.content, field, message.role) };
    case "user":
      return { role: "user", content: parts<UserPart>(message.content, field, "user"), ...(message.name !== undefined && { name: message.name }) };
    case "assistant":
      return { role: "assistant", content: parts<AssistantPart>(message.content, field, "assistant") };
    case "tool":
      return { role: "tool", content: "callId" in message ? [resultOf(message, field)] : results(message.content, field) };
    default:
      return assertNever(message);
  }
}

function resultOf({ callId, name, content, isError }: ToolAnswer, field: string): ToolResultPart {
  if (typeof callId !== "string") throw invalid(`${field}.callId`, "is no text");
  const said = { ...(name !== undefined && { name }), ...(isError !== undefined && { isError }) };
  return { kind: "tool_result", callId, content: parts<TextPart | ImagePart | DocumentPart>(content, field, "result"), ...said };
}

function results(content: readonly ToolResultPart[], field: string): readonly ToolResultPart[] {
  if (!Array.isArray(content)) throw invalid(field, "answers no call: give `callId` and `content`");
  content.forEach((part: unknown, index) => checkPart(part, "tool", `${field}.content[${index}]`));
  return content;
}

/** Texts among them become parts. */
function parts<P extends { readonly kind: string }>(content: unknown, field: string, place: PartPlace): (P | TextPart)[] {
  if (typeof content === "string") return [textPart(content, field)];
  if (!Array.isArray(content)) throw invalid(`${field}.content`, "is neither a text nor a list of parts");
  return content.map((part: unknown, index) => {
    if (typeof part === "string") return textPart(part, field);
    checkPart(part, place, `${field}.content[${index}]`);
    return part as P;
  });
}

function textPart(text: string, field: string): TextPart {
  if (typeof text !== "string") throw invalid(field, "is no text");
  return { kind: "text", text };
}

function toolOf(tool: Tool | Omit<FunctionTool, "kind">, field: string): Tool {
  checkTool(tool, field);
  return "kind" in tool ? tool : { kind: "function", ...tool };
}

function showsImage(part: ChatMessage["content"][number]): boolean {
  if (part.kind === "tool_result") return part.content.some(({ kind }) => kind === "image");
  return part.kind === "image";
}
