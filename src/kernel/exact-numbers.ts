/** A text of JSON in which every number survives that a program reads and writes it. */
export interface ExactText {
  /** Numbers that no double holds as they are written stand in it as texts. */
  readonly text: string;
  /** A text that was written from the value of `text`: with the numbers as they were. */
  restored(written: string): string;
}

const TEXT_OR_NUMBER = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?\d[-+.\deE]*/g;

/** For a text that parses as strict JSON: 12345678901234567890 and 1e999 come through. */
export function withExactNumbers(text: string): ExactText {
  let mark = "\ue000number:";
  while (text.includes(mark)) mark = `\ue000${mark}`;
  const marked = text.replace(TEXT_OR_NUMBER, (token) => (token.startsWith('"') || isExact(token) ? token : `"${mark}${token}"`));
  const again = new RegExp(`"${mark}(-?\\d[-+.\\deE]*)"`, "g");
  return { text: marked, restored: (written) => written.replace(again, "$1") };
}

/** Whether reading and writing this JSON number gives the same number; how it is written does not matter. */
export function isExact(number: string): boolean {
  return decimal(number) === decimal(String(Number(number)));
}

/** The same text for all spellings of one number, but for its sign. */
function decimal(number: string): string {
  const [, whole = "", part = "", power = "0"] = /^-?(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/i.exec(number) ?? [];
  const digits = (whole + part).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  return significant === "" ? "0" : `${significant}e${Number(power) - part.length + digits.length - significant.length}`;
}
