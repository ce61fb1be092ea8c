import { parseExact } from "./exact-json.ts";

/** The value of `leadingJson`. */
export function parseLeadingJson(text: string): unknown {
  const json = leadingJson(text);
  return json === undefined ? undefined : parseExact(json);
}

/** The first object or array of a text that something follows; undefined when it does not end. */
export function leadingJson(text: string): string | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') i = endOfString(text, i);
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") {
      depth--;
      if (depth === 0) return text.slice(0, i + 1);
    } else if (depth === 0 && character !== undefined && character.trim() !== "") return undefined;
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}
