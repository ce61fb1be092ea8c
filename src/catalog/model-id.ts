import { type ModelId, type ProviderId, toModelId } from "../kernel/ids.ts";

/** Short names that installations write, by provider, in lower case. */
const ANTHROPIC: Readonly<Record<string, string>> = {
  "opus-4.6": "claude-opus-4-6",
  "opus-4.5": "claude-opus-4-5",
  "sonnet-4.5": "claude-sonnet-4-5",
};

/** Names without the suffix that the vendor still wants; exact case. */
const GOOGLE: Readonly<Record<string, string>> = {
  "gemini-3-pro": "gemini-3-pro-preview",
  "gemini-3-flash": "gemini-3-flash-preview",
};

/** OpenRouter's own models. Its ids always have a vendor before a slash, and here the vendor is itself. */
const OPENROUTER_OWN = new Set(["auto", "auto-beta", "auto-code", "free", "fusion", "pareto-code"]);

/** The model id that the vendor knows, from what a person or a config wrote. The case is kept. */
export function normaliseModelId(provider: ProviderId, written: string): ModelId {
  const id = written.trim();
  switch (provider as string) {
    case "anthropic":
      return toModelId(lookUp(ANTHROPIC, id.toLowerCase()) ?? id);
    case "google":
      return toModelId(lookUp(GOOGLE, id) ?? id);
    case "openrouter":
      return toModelId(OPENROUTER_OWN.has(id) ? `openrouter/${id}` : id);
    default:
      return toModelId(id);
  }
}

function lookUp(table: Readonly<Record<string, string>>, id: string): string | undefined {
  return Object.hasOwn(table, id) ? table[id] : undefined;
}
