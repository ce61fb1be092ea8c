import { mayHoldSecret, redact } from "../kernel/redact.ts";

/**
 * What must never reach a terminal from outside: C0 and C1 controls, DEL, line separators, zero-width and bidirectional
 * characters, tags and other invisible ones. `util.stripVTControlCharacters` leaves most of these in place.
 */
const HARMFUL =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;
const ANY_HARMFUL = new RegExp(HARMFUL.source, "u");

/** One line of text that a terminal shows as it is: no secret is in it, and every harmful character becomes visible, as `\u{1b}`. */
export function harmless(text: string): string {
  return visible(redact(text));
}

/** Most text holds none of it, and the class above takes longer to prepare than a report to look through. Our fingerprints have a `…` in them. */
const BEYOND_PRINTABLE = /[^\u0020-\u007e\u2010-\u2027]/;

function visible(text: string): string {
  return BEYOND_PRINTABLE.test(text) && ANY_HARMFUL.test(text) ? text.replace(HARMFUL, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`) : text;
}

/** The same for what JSON text stands for. */
const BEYOND_PLAIN_JSON = /[^\u0020-\u007e\u2010-\u2027]|\\[bfnrtu]/;

/** The report with every string in it, keys included, harmless: itself where they are. Secrets are looked for before a table cuts or wraps them. */
export function harmlessReport<T>(report: T, shows: "secrets" | "no-secrets" = "no-secrets"): T {
  const json = JSON.stringify(report) ?? "";
  if (shows === "no-secrets" && mayHoldSecret(json)) return walk(report, harmless) as T;
  return BEYOND_PLAIN_JSON.test(json) ? (walk(report, visible) as T) : report;
}

function walk(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((item) => walk(item, clean));
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> = Object.create(null);
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(fields)) copy[clean(key)] = walk(fields[key], clean);
  return copy;
}

interface JsonLook {
  /** `line`: without a line break in it. */
  readonly layout?: "document" | "line";
  readonly shows?: "secrets" | "no-secrets";
}

/** JSON text without secrets, in which harmful characters are written as JSON escapes: else the same document, safe to look at. */
export function harmlessJson(value: unknown, { layout = "document", shows = "no-secrets" }: JsonLook = {}): string {
  const indent = layout === "document" ? 2 : undefined;
  const whole = JSON.stringify(value, null, indent);
  const text = shows === "secrets" ? whole : withoutSecrets(whole, indent);
  if (isAscii(text) || !BEYOND_PLAIN.test(text)) return text;
  return text.replace(JSON_HARMFUL, (found) => [...found].map(escapeUnits).join(""));
}

/** Text by text: a document that was shown to hold a secret stays a document. */
function withoutSecrets(json: string, indent: number | undefined): string {
  return mayHoldSecret(json) ? JSON.stringify(walk(JSON.parse(json), redact), null, indent) : json;
}

/** Without DEL. A page of the catalogue is counted in a fraction of the time in which a pattern goes through it. */
function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length && !text.includes("\u007f");
}

/** Most documents hold none of it: this simple class is looked for first. */
const BEYOND_PLAIN = /[\u007f-\u200f\u2028-\uffff]/;

/** As HARMFUL, without the line feeds of the layout; JSON.stringify has escaped all other C0 characters and lone surrogates. */
const JSON_HARMFUL = /[\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu;

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`).join("");
}
