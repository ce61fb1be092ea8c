import type { KeyPath } from "./loaded-config.ts";

/** `agents.list[0].id`, `models.providers["my lab"].baseUrl`: as `config get` takes it. */
export function keyPathText(path: KeyPath): string {
  return path.reduce<string>((written, key) => {
    if (typeof key === "number") return `${written}[${key}]`;
    const shown = key.length > 100 ? `${key.slice(0, 100)}…` : key;
    if (!/^[\w$-]+$/.test(key)) return `${written}[${JSON.stringify(shown)}]`;
    return written === "" ? shown : `${written}.${shown}`;
  }, "");
}

/** The keys of a path as a person writes it; undefined when a bracket or a quote is not closed. */
export function parseKeyPath(text: string): KeyPath | undefined {
  const path: (string | number)[] = [];
  const part = /\[\s*(\d+)\s*\]|\[\s*("(?:[^"\\]|\\.)*"|'[^']*')\s*\]|\.?([^.[\]]+)/y;
  const written = text.trim();
  while (part.lastIndex < written.length) {
    const match = part.exec(written);
    if (match === null) return undefined;
    const [, index, quoted, word] = match;
    if (index !== undefined) path.push(Number(index));
    else if (quoted !== undefined) path.push(unquoted(quoted));
    else path.push(/^\d+$/.test(word ?? "") ? Number(word) : (word ?? ""));
  }
  return path;
}

function unquoted(quoted: string): string {
  const inside = quoted.slice(1, -1);
  return quoted.startsWith("'") ? inside : inside.replace(/\\(.)/g, "$1");
}
