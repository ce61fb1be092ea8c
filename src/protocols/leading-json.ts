import { parseJson } from "../kernel/json-value.ts";

/** The first JSON object or array of a text that something follows; undefined when it does not end. */
export function parseLeadingJson(text: string): unknown {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '"') i = endOfString(text, i);
    else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") {
      depth--;
      if (depth === 0) return parseJson(text.slice(0, i + 1));
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
