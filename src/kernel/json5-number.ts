import { CODE, isDigit, isHexadecimal } from "./json5-characters.ts";
import type { Scanner } from "./json5-scanner.ts";

/** What most numbers look like: the engine reads them faster than a loop. */
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;

/** A number with its sign; the scanner is on its first unit, and afterwards behind it. */
export function readNumber(scanner: Scanner): number {
  const { text } = scanner;
  PLAIN.lastIndex = scanner.at;
  if (!PLAIN.test(text)) return readOtherNumber(scanner);
  const start = scanner.at;
  scanner.at = PLAIN.lastIndex;
  return Number(text.slice(start, scanner.at));
}

function readOtherNumber(scanner: Scanner): number {
  const { text, dialect, at: start } = scanner;
  const sign = text.charCodeAt(start);
  if (sign === CODE.minus || (sign === CODE.plus && dialect === "json5")) scanner.at++;
  const factor = sign === CODE.minus ? -1 : 1;
  if (dialect === "json5") {
    if (text.startsWith("Infinity", scanner.at)) return past(scanner, 8, factor * Number.POSITIVE_INFINITY);
    if (text.startsWith("NaN", scanner.at)) return past(scanner, 3, Number.NaN);
    const prefix = text.slice(scanner.at, scanner.at + 2);
    if (prefix === "0x" || prefix === "0X") return factor * readHexadecimal(scanner, start);
  }
  return factor * readDecimal(scanner, start);
}

function past(scanner: Scanner, length: number, value: number): number {
  scanner.at += length;
  return value;
}

function readHexadecimal(scanner: Scanner, start: number): number {
  const from = scanner.at;
  scanner.at += 2;
  while (isHexadecimal(scanner.text.charCodeAt(scanner.at))) scanner.at++;
  if (scanner.at === from + 2) throw scanner.fault("expected hexadecimal digits after 0x", start);
  return Number(scanner.text.slice(from, scanner.at));
}

function readDecimal(scanner: Scanner, start: number): number {
  const { text, dialect, at: from } = scanner;
  const whole = skipDigits(scanner);
  if (whole > 1 && text.charCodeAt(from) === CODE.zero) throw scanner.fault("a number does not begin with 0 unless a dot follows", start);
  let fraction = 0;
  if (text.charCodeAt(scanner.at) === CODE.dot) {
    scanner.at++;
    fraction = skipDigits(scanner);
    if (dialect === "json" && (whole === 0 || fraction === 0)) throw scanner.fault("expected digits on both sides of the dot", start);
  }
  if (whole + fraction === 0) throw scanner.fault(dialect === "json" ? "expected a digit" : "expected a number", start);
  if (text[scanner.at] === "e" || text[scanner.at] === "E") {
    scanner.at++;
    if (text[scanner.at] === "+" || text[scanner.at] === "-") scanner.at++;
    if (skipDigits(scanner) === 0) throw scanner.fault("expected digits in the exponent of this number", start);
  }
  return Number(text.slice(from, scanner.at));
}

/** How many there were. */
function skipDigits(scanner: Scanner): number {
  const from = scanner.at;
  while (isDigit(scanner.text.charCodeAt(scanner.at))) scanner.at++;
  return scanner.at - from;
}
