/** UTF-16 units that JSON5 gives a meaning. */
export const CODE = {
  tab: 9,
  lineFeed: 10,
  return: 13,
  space: 32,
  doubleQuote: 34,
  dollar: 36,
  quote: 39,
  star: 42,
  plus: 43,
  comma: 44,
  minus: 45,
  dot: 46,
  slash: 47,
  zero: 48,
  nine: 57,
  colon: 58,
  openList: 91,
  backslash: 92,
  closeList: 93,
  underscore: 95,
  openObject: 123,
  closeObject: 125,
  lineSeparator: 0x2028,
  paragraphSeparator: 0x2029,
} as const;

export function isDigit(code: number): boolean {
  return code >= CODE.zero && code <= CODE.nine;
}

export function isHexadecimal(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
}

export function isLineEnd(code: number): boolean {
  return code === CODE.lineFeed || code === CODE.return || code === CODE.lineSeparator || code === CODE.paragraphSeparator;
}

/** The byte order mark, no-break space, the line separators and the Unicode category Zs. */
export function isWideSpace(code: number): boolean {
  return code === 0xa0 || code === 0xfeff || isLineEnd(code) || /\p{Zs}/u.test(String.fromCharCode(code));
}

export function isPlainWordUnit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === CODE.underscore || code === CODE.dollar;
}

/** Where in a word a character stands. */
export type WordPart = "first" | "later";

/** ECMAScript 5.1, 7.6: letters first; marks, digits, connectors and joiners later. */
export function isWordCharacter(character: string, where: WordPart): boolean {
  return where === "first" ? /^[\p{L}\p{Nl}]$/u.test(character) : /^[\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}\u200c\u200d]$/u.test(character);
}
