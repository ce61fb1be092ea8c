import type { TextTree } from "../kernel/json5-edit.ts";
import type { TreeValue } from "../kernel/json5-tree.ts";
import { COMMENT, type Splice, spliced } from "../kernel/json5-trivia.ts";
import { linesOf } from "../kernel/line-changes.ts";
import { type LineRanges, unifiedDiff } from "../kernel/unified-diff.ts";
import type { ChangedText } from "./edit-layers.ts";
import type { KeyPath } from "./loaded-config.ts";
import { shownAddress } from "../kernel/shown-address.ts";
import { isSecretPath } from "./show-value.ts";

/** A text that names variables and holds nothing else that could be a secret. */
const REFERENCE = /^(?:(?:Bearer|Basic|Token) )?\$\{[A-Z_][A-Z0-9_]*\}$/;
/** What every secret in a comment has; the pattern below takes longer to prepare than most files to look through. */
const NAMING = /[:=]/;
/** `apiKey: "…"` in a comment. */
const SECRET_IN_COMMENT = /([\w-]*(?:key|token|secret|passw\w*|passphrase|credential|cookie|authorization)["']?\s*[:=]\s*).+/gi;

/**
 * What changes in a file of the config, without context lines. Texts at places for secrets are hidden. `roots`: where the file stands in the
 * config; when that is not known, every text is hidden.
 */
export function configDiff({ file, before, after }: ChangedText, roots: readonly KeyPath[] | undefined): string {
  const sides = { before: before?.text ?? "", after: after.text };
  return unifiedDiff(file, { ...sides, shown: (text, lines) => withoutSecrets(text === after.text ? after : (before ?? after), lines, roots) });
}

export function isReference(text: string): boolean {
  return REFERENCE.test(text.trim());
}

/** Only the lines that are shown are looked at. Each line stays a line. */
function withoutSecrets({ text, root }: TextTree, lines: LineRanges, roots: readonly KeyPath[] | undefined): string {
  const hider = new Hider(text, offsetsOf(text, lines));
  hider.comments(0, root.start);
  for (const path of roots ?? [undefined]) hider.value(root, path);
  hider.comments(root.end, text.length);
  return spliced(text, [...hider.splices.values()]);
}

class Hider {
  /** By offset: a file that stands in several places is walked several times. */
  readonly splices = new Map<number, Splice>();
  readonly #text: string;
  readonly #ranges: LineRanges;

  constructor(text: string, ranges: LineRanges) {
    this.#text = text;
    this.#ranges = ranges;
  }

  /** `path` undefined: it is not known where this stands. */
  value(value: TreeValue, path: KeyPath | undefined): void {
    const { start, end, kind, parts } = value;
    if (!this.#isShown(start, end)) return;
    if (kind === "text") this.#hideText(value, path);
    let from = start + 1;
    parts.forEach(({ key, start: keyStart, keyEnd, value: inner }, index) => {
      if (!this.#isShown(from, inner.end)) return void (from = inner.end);
      this.comments(from, keyStart);
      this.comments(keyEnd, inner.start);
      this.value(inner, path && [...path, keyEnd === keyStart ? index : key]);
      from = inner.end;
    });
    if (kind === "object" || kind === "list") this.comments(from, end);
  }

  comments(start: number, end: number): void {
    if (!this.#isShown(start, end)) return;
    const between = this.#text.slice(start, end);
    if (!between.includes("/") || !NAMING.test(between)) return;
    for (const { 0: comment, index } of between.matchAll(COMMENT)) {
      const shown = comment.replace(SECRET_IN_COMMENT, "$1[secret]");
      if (shown !== comment)
        this.#replace(start + index, start + index + comment.length, comment.endsWith("*/") && !shown.endsWith("*/") ? `${shown} */` : shown);
    }
  }

  #hideText({ start, end }: TreeValue, path: KeyPath | undefined): void {
    const token = this.#text.slice(start, end);
    const [quote, inside] = [token.slice(0, 1), token.slice(1, -1)];
    const isSecret = path === undefined || isSecretPath(path);
    const shown = isSecret && !isReference(inside) ? "[secret]" : shownAddress(inside);
    if (shown !== inside) this.#replace(start, end, quote + shown + quote);
  }

  #replace(start: number, end: number, text: string): void {
    const lines = linesOf(this.#text.slice(start, end)).length - linesOf(text).length;
    this.splices.set(start, { start, end, text: text + "\n".repeat(Math.max(0, lines)) });
  }

  #isShown(start: number, end: number): boolean {
    return this.#ranges.some(([from, to]) => start < to && end > from);
  }
}

function offsetsOf(text: string, ranges: LineRanges): LineRanges {
  const starts = [0];
  for (const line of linesOf(text)) starts.push((starts.at(-1) ?? 0) + line.length);
  return ranges.map(([start, end]) => [starts[start] ?? text.length, starts[end] ?? text.length] as const);
}
