import type { AssistantPart, Signature } from "../chat/request.ts";

/**
 * A signature in the place that another format has for its own: clients send it back as they got it, and with it the reasoning goes back to who made
 * it. Written as `signalbox:<format>:<shown or hidden>:<id>:<value>`. Gemini signs calls, which have no such place: an empty thought behind the call
 * has. It signs texts too, which nobody demands back: those are not carried.
 */
const MARK = "signalbox:";
const OF_REASONING: ReadonlySet<string> = new Set(["anthropic-messages", "openai-responses", "bedrock-converse"]);
const OF_CALLS = "google-generate";

/** `of`: what is signed. */
export function isCarriable({ dialect }: Signature, of: string | undefined): boolean {
  return OF_REASONING.has(dialect) || (dialect === OF_CALLS && (of === "tool_call" || of === "thinking"));
}

/** What stood behind a call belongs to it again. */
export function joinedToCalls(parts: readonly AssistantPart[]): AssistantPart[] {
  const joined: AssistantPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    const isBehind = part.kind === "thinking" && part.text === "" && part.signature?.dialect === OF_CALLS;
    if (isBehind && part.signature !== undefined && last?.kind === "tool_call") joined.splice(-1, 1, { ...last, signature: part.signature });
    else joined.push(part);
  }
  return joined;
}

/** What stands before the value. A signature that comes in parts has it once. */
export function carriedHead({ dialect, id = "", isHidden }: Signature): string {
  return `${MARK}${dialect}:${isHidden === true ? "hidden" : "shown"}:${encodeURIComponent(id)}:`;
}

export function isCarried(value: string): boolean {
  return value.startsWith(MARK);
}

/** The signature that was carried; as one of the format itself where none was. */
export function signatureIn(value: string, own: Signature): Signature {
  if (!isCarried(value)) return own;
  const [, dialect = "", shown, id = "", ...rest] = value.split(":");
  if (!OF_REASONING.has(dialect) && dialect !== OF_CALLS) return own;
  return { dialect, value: rest.join(":"), ...(id !== "" && { id: decoded(id) }), ...(shown === "hidden" && { isHidden: true }) };
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
