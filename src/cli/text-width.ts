/** Columns that text takes in a terminal: 2 for East Asian wide characters and emoji, 0 for combining marks and our own styling. */
export function textWidth(text: string): number {
  const bare = unstyled(text);
  if (!BEYOND_NARROW.test(bare)) return bare.length;
  let width = 0;
  for (const character of bare) width += characterWidth(character.codePointAt(0) ?? 0);
  return width;
}

/** What most text holds none of: it is as wide as it is long. Letters of Latin, and dashes, quotes, bullets and `…`, are as narrow as ASCII. */
const BEYOND_NARROW = /[^\u0020-\u02ff\u2010-\u2027]/;

/** Without the sequences that `Style` writes. */
export function unstyled(text: string): string {
  return text.includes("\u001b") ? text.replace(/\u001b\[[0-9]+m/g, "") : text;
}

/** Ranges from Unicode 16 EastAsianWidth.txt (W and F), coarse at their edges. */
function characterWidth(code: number): number {
  if (code < 0x300) return 1;
  if (code <= 0x36f || (code >= 0x1ab0 && code <= 0x1aff) || (code >= 0x20d0 && code <= 0x20ff)) return 0;
  if (code < 0x1100) return 1;
  const wide =
    code <= 0x115f ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

/** Cut in the middle to `width` columns, with `…` where something is missing: both ends of a long id tell it apart. */
export function cutMiddle(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const styled = /^(\u001b\[[0-9]+m)([^\u001b]*)(\u001b\[[0-9]+m)$/.exec(text);
  if (styled !== null) return `${styled[1]}${cutMiddle(styled[2] ?? "", width)}${styled[3]}`;
  const bare = unstyled(text);
  const room = Math.max(1, width - 1);
  if (!BEYOND_NARROW.test(bare)) return `${bare.slice(0, Math.ceil(room / 2))}…${bare.slice(bare.length - Math.floor(room / 2))}`;
  const characters = [...bare];
  const head = takeColumns(characters, Math.ceil(room / 2));
  const tail = takeColumns(characters.toReversed(), Math.floor(room / 2));
  return `${head.join("")}…${tail.toReversed().join("")}`;
}

/** The same for ids and paths, which are whole where no terminal shows them. */
export function cutId(text: string, width: number, { ids }: { readonly ids?: "cut" | "whole" }): string {
  return ids === "whole" ? text : cutMiddle(text, width);
}

function takeColumns(characters: readonly string[], columns: number): string[] {
  let used = 0;
  const taken: string[] = [];
  for (const character of characters) {
    used += characterWidth(character.codePointAt(0) ?? 0);
    if (used > columns) break;
    taken.push(character);
  }
  return taken;
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - textWidth(text))) + text;
}

/** Words on lines of at most `width` columns; the second and later lines begin with `indent`. A longer word keeps a line of its own. */
export function wrap(text: string, width: number, indent = ""): string {
  if (!text.startsWith(" ") && textWidth(text) <= width) return text;
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const word of text.split(" ")) {
    const wordWidth = textWidth(word);
    const room = width - (lines.length === 0 ? 0 : indent.length);
    if (line !== "" && used + 1 + wordWidth <= room) {
      line += ` ${word}`;
      used += 1 + wordWidth;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    used = wordWidth;
  }
  lines.push(line);
  return lines.join(`\n${indent}`);
}
