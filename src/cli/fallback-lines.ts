import type { FallbackFacts } from "../routing/fallback-list.ts";
import type { ChoiceKind } from "../routing/model-choice.ts";
import { hang } from "./hanging-text.ts";
import type { Style } from "./style.ts";
import { wrap } from "./text-width.ts";

/** What every command that changes a list of fallbacks answers with. */
export interface FallbacksEdited {
  /** As written, in the order that counts now; also for images. */
  fallbacks: string[];
  role: "fallback" | "image-fallback";
  /** Whose list it is; null: of all agents. */
  agentId: string | null;
  /** The agent had no list of its own before: it begins as what the agent used so far. */
  startedOwn: boolean;
}

export function fallbacksEdited(kind: ChoiceKind, { fallbacks, agentId, startedOwn }: FallbackFacts): FallbacksEdited {
  return { fallbacks: [...fallbacks], role: kind === "model" ? "fallback" : "image-fallback", agentId: agentId ?? null, startedOwn };
}

/** "Fallbacks: a, b", and what an agent's own list means. */
export function listLines({ fallbacks, role, agentId, startedOwn }: FallbacksEdited, style: Style): string[] {
  const title = `${role === "fallback" ? "Fallbacks" : "Image fallbacks"}${agentId === null ? "" : ` of ${agentId}`}`;
  const list = hang("", `${title}: ${fallbacks.length === 0 ? "none" : fallbacks.map((text) => style.accent(text)).join(", ")}`, style.width);
  if (agentId === null) return [list];
  if (fallbacks.length === 0) return [list, wrap(`Its own empty list counts: the common fallbacks answer nothing for ${agentId}.`, style.width)];
  return startedOwn ? [list, wrap(`${agentId} has a list of its own now; the common one does not count for it any more.`, style.width)] : [list];
}
