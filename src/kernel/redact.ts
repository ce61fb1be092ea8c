import { KnownSecrets } from "./known-secrets.ts";
import { holdsShape, withoutShapes } from "./secret-shapes.ts";

export const REDACTED = "[secret]";

/**
 * Every secret that this process has had in hand, so that none gets out by another way than `reveal()`: quoted in an error, echoed by a vendor or a
 * program. A last line of defence, at the one place where text leaves.
 */
const inHand = new KnownSecrets();

/** Called by `Secret` for every value. */
export function register(value: string): void {
  inHand.add(value);
}

/** Whether this very value is a secret that was in hand. */
export function isInHand(value: string): boolean {
  return inHand.has(value);
}

/** With `[secret]` in place of every secret: raw, in base64, percent-encoded or escaped as in JSON, and of every key of a published shape. */
export function redact(text: string): string {
  return mayHoldSecret(text) ? withoutShapes(struckOut(text)) : text;
}

/** A longer key may begin with one that is known: what goes on in the characters of keys goes with it. */
const CONTINUED = /\[secret\][\w-]+/g;

function struckOut(text: string): string {
  return inHand.strikeOut(text, "key", REDACTED).replace(CONTINUED, REDACTED);
}

/** For what vendors and programs say: also pieces of a secret of twelve characters and more, and secrets that could as well be words. */
export function redactStrictly(text: string): string {
  const whole = inHand.strikeOut(struckOut(text), "doubtful", REDACTED);
  // A key that is not known may begin as a piece of one that is: without that it has no shape any more.
  return withoutShapes(inHand.strikeOutPieces(whole, REDACTED).replace(CONTINUED, REDACTED));
}

/** A quick look that may be wrong in one way only: it finds what is none. */
export function mayHoldSecret(text: string): boolean {
  return text.length >= SHORTEST && (inHand.mayBeIn(text) || holdsShape(text));
}

const SHORTEST = 10;
