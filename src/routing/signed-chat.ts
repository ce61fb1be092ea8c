import type { AssistantPart, ChatMessage, ChatRequest, Signature } from "../chat/request.ts";
import type { Loss } from "../protocols/protocol.ts";
import type { ProtocolId } from "../provider/protocol-id.ts";
import type { ReasoningSetting } from "./limits.ts";

/** A request whose signed reasoning fits who is asked. */
export interface Fitted {
  readonly chat: ChatRequest;
  readonly losses: readonly Loss[];
}

export interface Fitting {
  /** The format of who is asked. */
  readonly dialect: ProtocolId;
  readonly isTaken: (signature: string) => boolean;
  /** Why it is taken, as a sentence. */
  readonly why: string;
  readonly as: ReasoningSetting;
}

/** Google's own word for a call that another model made. Docs: ai.google.dev/gemini-api/docs/thought-signatures, checked on 2026-11-21. */
const STAND_IN: Signature = { dialect: "google-generate", value: "skip_thought_signature_validator" };

/** Without the signatures that are taken: reasoning goes with them, or stays as text; texts and calls stay. */
export function fitChat(chat: ChatRequest, fitting: Fitting): Fitted {
  const losses: Loss[] = [];
  const messages = chat.messages.map((message, at): ChatMessage => {
    if (message.role !== "assistant" || !message.content.some((part) => isTouched(part, fitting))) return message;
    return { role: "assistant", content: message.content.flatMap((part, i) => fitPart(part, `messages[${at}].content[${i}]`, fitting, losses)) };
  });
  if (losses.length === 0) return { chat, losses };
  const fitted = { ...chat, messages };
  if (fitting.dialect !== "anthropic-messages" || !isOpenTurnTouched(chat.messages, messages)) return { chat: fitted, losses };
  return { ...withoutReasoning(fitted, losses) };
}

/** Every signature of that format in a request. */
export function signaturesOf(chat: ChatRequest, dialect: string): string[] {
  const parts = chat.messages.flatMap((message): readonly AssistantPart[] => (message.role === "assistant" ? message.content : []));
  return parts.flatMap((part) => ("signature" in part && part.signature?.dialect === dialect ? [part.signature.value] : []));
}

/** Each answer's first call has a signature; undefined where all have one. */
export function withStandIns(chat: ChatRequest): ChatRequest | undefined {
  let isChanged = false;
  const messages = chat.messages.map((message): ChatMessage => {
    if (message.role !== "assistant") return message;
    const first = message.content.findIndex(({ kind }) => kind === "tool_call");
    const part = message.content[first];
    if (part?.kind !== "tool_call" || part.signature?.dialect === STAND_IN.dialect) return message;
    isChanged = true;
    return { role: "assistant", content: message.content.with(first, { ...part, signature: STAND_IN }) };
  });
  return isChanged ? { ...chat, messages } : undefined;
}

function isTouched(part: AssistantPart, { dialect, isTaken, as }: Fitting): boolean {
  const signature = "signature" in part ? part.signature : undefined;
  if (signature?.dialect === dialect) return isTaken(signature.value);
  return as === "text" && part.kind === "thinking" && part.text !== "";
}

function fitPart(part: AssistantPart, field: string, fitting: Fitting, losses: Loss[]): AssistantPart[] {
  if (!isTouched(part, fitting) || !("signature" in part || part.kind === "thinking")) return [part];
  if (part.kind === "thinking") {
    const isText = fitting.as === "text" && part.text !== "";
    losses.push({ field, how: isText ? "changed" : "lost", why: isText ? "reasoning goes as text (gateway.reasoning)" : fitting.why });
    return isText ? [{ kind: "text", text: part.text }] : [];
  }
  losses.push({ field, how: "changed", why: fitting.why });
  const { signature: _, ...rest } = part;
  return [rest];
}

/** A call still waits for what was answered to it, and its message has lost what it began with. */
function isOpenTurnTouched(before: readonly ChatMessage[], after: readonly ChatMessage[]): boolean {
  const last = before.findLastIndex(({ role }) => role !== "tool");
  const message = after[last];
  return message?.role === "assistant" && message !== before[last] && message.content.some(({ kind }) => kind === "tool_call");
}

/** With a budget the format wants reasoning at the head of such a turn: without it there is none for this answer. */
function withoutReasoning(chat: ChatRequest, losses: readonly Loss[]): Fitted {
  if (chat.reasoning?.kind !== "on" || chat.reasoning.budgetTokens === undefined) return { chat, losses };
  const why = "with a budget the format wants the reasoning before a call, and it is another route's";
  return { chat: { ...chat, reasoning: { kind: "off" } }, losses: [...losses, { field: "reasoning", how: "lost", why }] };
}
