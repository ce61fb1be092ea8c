/** What the config says that a client's name for a model means; the name itself where it says nothing. The longest pattern that fits counts. */
export function mappedName(name: string, names: Readonly<Record<string, string>> | undefined): string {
  if (names === undefined) return name;
  if (Object.hasOwn(names, name)) return names[name] ?? name;
  const fitting = Object.keys(names).filter((pattern) => pattern.includes("*") && fits(name.toLowerCase(), pattern.toLowerCase()));
  const [longest] = fitting.toSorted((a, b) => b.length - a.length);
  return longest === undefined ? name : (names[longest] ?? name);
}

/** Each `*` stands for any characters, also none. Piece by piece: no pattern makes it slow. */
function fits(name: string, pattern: string): boolean {
  const pieces = pattern.split("*");
  const [first = ""] = pieces;
  const last = pieces.at(-1) ?? "";
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= name.length - last.length;
}
