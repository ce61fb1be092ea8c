import type { ChatMessage } from "../chat/request.ts";
import type { Losses } from "./losses.ts";

type Written = Record<string, unknown>;

/** What one side says until the other one speaks. */
export interface Turn {
  readonly role: "user" | "assistant";
  readonly content: Written[];
}

export interface WrittenConversation {
  readonly system: Written[] | undefined;
  /** Roles alternate: neighbours of one role are one turn. */
  readonly messages: readonly Turn[];
}

/**
 * For formats with two sides and a place of its own for the system: instructions at the head go there; later ones have no place and go as text of the user,
 * as what tools answer does.
 */
export function inTurns(all: readonly ChatMessage[], losses: Losses, write: (message: ChatMessage, field: string) => Written[]): WrittenConversation {
  const system: Written[] = [];
  const messages: Turn[] = [];
  for (const [i, message] of all.entries()) {
    const field = `messages[${i}]`;
    const isInstruction = message.role === "system" || message.role === "developer";
    const content = write(message, field);
    if (isInstruction && messages.length === 0) {
      system.push(...content);
      continue;
    }
    if (isInstruction) losses.changed(field, "instructions within the conversation go as text of the user");
    const role = message.role === "assistant" ? "assistant" : "user";
    const last = messages.at(-1);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) messages.push({ role, content });
  }
  return { system: system.length === 0 ? undefined : system, messages };
}
