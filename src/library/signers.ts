import type { AssistantPart, ChatMessage, ChatRequest } from "../chat/request.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { Loss } from "../protocols/protocol.ts";

/** Which provider signed what: its signature is of worth there alone, also where another one speaks the same format. */
export interface Signers {
  learn(signatures: readonly string[], provider: ProviderId): void;
  /** Without the reasoning that another provider signed. What nobody here has seen being made stays. */
  fitting(chat: ChatRequest, provider: ProviderId): Fitted;
}

export interface Fitted {
  readonly chat: ChatRequest;
  readonly losses: readonly Loss[];
}

const MOST_REMEMBERED = 10_000;
const FOREIGN = "another provider signed it";
const REFUSED = "the vendor did not accept what was signed";

export function openSigners(): Signers {
  const makers = new Map<string, ProviderId>();
  return {
    learn: (signatures, provider) => {
      for (const signature of signatures) {
        makers.delete(signature);
        makers.set(signature, provider);
      }
      for (const [oldest] of makers) {
        if (makers.size <= MOST_REMEMBERED) break;
        makers.delete(oldest);
      }
    },
    fitting: (chat, provider) => unsigned(chat, (signature) => (makers.get(signature) ?? provider) !== provider, FOREIGN),
  };
}

/** Without any signature; undefined where there is none. */
export function withoutSignatures(chat: ChatRequest): Fitted | undefined {
  const fitted = unsigned(chat, () => true, REFUSED);
  return fitted.losses.length === 0 ? undefined : fitted;
}

function unsigned(chat: ChatRequest, isTaken: (signature: string) => boolean, why: string): Fitted {
  const losses: Loss[] = [];
  const messages = chat.messages.map((message, at): ChatMessage => {
    if (message.role !== "assistant" || !message.content.some((part) => signatureOf(part) !== undefined)) return message;
    const content = message.content.flatMap((part, index): AssistantPart[] => {
      const signature = signatureOf(part);
      if (signature === undefined || !isTaken(signature)) return [part];
      losses.push({ field: `messages[${at}].content[${index}]`, how: part.kind === "thinking" ? "lost" : "changed", why });
      if (part.kind === "thinking" || !("signature" in part)) return [];
      const { signature: _, ...rest } = part;
      return [rest];
    });
    return { role: "assistant", content };
  });
  return losses.length === 0 ? { chat, losses } : { chat: { ...chat, messages }, losses };
}

function signatureOf(part: AssistantPart): string | undefined {
  return "signature" in part ? part.signature?.value : undefined;
}
