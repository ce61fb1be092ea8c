/** A header has room for so much. */
const MOST_CHARACTERS = 480;

/**
 * Fields that were lost, in one line. Where they are too many for it, those that differ by their place alone are one, with their number:
 * `messages[*].content[*].cache (40)`.
 */
export function lostText(fields: readonly string[]): string {
  const all = fields.join(", ");
  if (all.length <= MOST_CHARACTERS) return all;
  const counts = new Map<string, number>();
  for (const field of fields) {
    const kind = field.replace(/\[\d+\]/g, "[*]");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const kinds = [...counts].map(([kind, count]) => (count === 1 ? kind : `${kind} (${count})`));
  const shown: string[] = [];
  for (const [i, kind] of kinds.entries()) {
    const rest = `and ${kinds.length - i} more`;
    if ([...shown, kind, rest].join(", ").length > MOST_CHARACTERS) return [...shown, rest].join(", ");
    shown.push(kind);
  }
  return shown.join(", ");
}
