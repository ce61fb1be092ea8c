/** Older agents put one of these where a key belongs, and the login's token in its place when they call. */
const PLACEHOLDERS: ReadonlySet<string> = new Set(["qwen-oauth", "minimax-oauth", "n/a"]);

/** Whether a text stands where a key belongs and is none. */
export function isPlaceholderKey(text: string): boolean {
  return text.length < 20 && PLACEHOLDERS.has(text.trim().toLowerCase());
}
