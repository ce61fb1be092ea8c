/** Number of single-character insertions, deletions, replacements and swaps of neighbours between two words. */
export function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, (older[column - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    older = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The known words nearest to what was typed, nearest first, at most `most`; none when nothing is near. Case is ignored. */
export function nearest(typed: string, known: Iterable<string>, most = 3): string[] {
  const word = typed.toLowerCase().slice(0, 100);
  // Of a word of two letters, any other one would be two changes away.
  const limit = word.length < 3 ? 1 : Math.max(2, Math.floor(word.length / 3));
  const found: { name: string; distance: number }[] = [];
  for (const name of known) {
    const other = name.toLowerCase();
    const starts = word.length >= 3 && other.startsWith(word);
    if (!starts && Math.abs(other.length - word.length) > limit) continue;
    const distance = starts ? 1 : editDistance(word, other);
    if (distance <= limit) found.push({ name, distance });
  }
  found.sort((a, b) => a.distance - b.distance || a.name.length - b.name.length || (a.name < b.name ? -1 : 1));
  return found.slice(0, most).map(({ name }) => name);
}

/** ` Did you mean "a" or "b"?` with a leading space; empty when nothing is near. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const names = nearest(typed, known);
  if (names.length === 0) return "";
  const quoted = names.map((name) => `"${name}"`);
  const last = quoted.pop() ?? "";
  return ` Did you mean ${quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`}?`;
}
