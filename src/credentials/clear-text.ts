import { isPlaceholderKey } from "../config/placeholder-key.ts";
import { assertNever } from "../kernel/errors.ts";
import type { ProviderId } from "../kernel/ids.ts";
import type { Place } from "../kernel/place.ts";
import { Secret } from "../kernel/secret.ts";
import type { Credential } from "./profile.ts";

/** A secret that lies in a file as it is. */
export interface FoundSecret {
  readonly place: Place;
  /** The variable or the path of keys that holds it; undefined where the secret alone gave itself away. */
  readonly called: string | undefined;
  /** undefined where nothing says whose it is. */
  readonly provider: ProviderId | undefined;
  readonly credential: Credential;
}

/** What is no secret though it stands where one belongs: an example, or the word that leads to the secret. */
const EXAMPLE =
  /^(?:your[-_ ]?|insert[-_ ]|replace[-_ ]|change[-_ ]?me|example|placeholder|dummy|redacted|no[-_]|not[-_]|ollama|lm[-_]?studio|local|unused|\[?secret\]?$|\[removed\]$)|x{4,}|\.{3}|…|\*{3}|[-_]here$/i;
const REFERENCE = /^(?:[$!<{`]|(?:env|file|exec|keyring|keychain|op):|~?\.{0,2}\/)/;
const VARIABLE_NAME = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
const SHORTEST = 8;

/** Whether a text can be the secret itself: no reference, no name of a variable, no example, and not too short to be one. */
export function isLiteralSecret(text: string): boolean {
  const written = text.trim();
  if (written.length < SHORTEST || /\s/.test(written) || isPlaceholderKey(written)) return false;
  return !REFERENCE.test(written) && !VARIABLE_NAME.test(written) && !EXAMPLE.test(written);
}

/** As above, of a secret that was read before. */
export function isLiteral(secret: Secret): boolean {
  return isLiteralSecret(secret.reveal());
}

/** `Bearer …` and the like: the secret without the word before it. */
export function withoutScheme(secret: Secret): Secret {
  return new Secret(secret.reveal().replace(/^\s*(?:bearer|basic|token)\s+/i, ""));
}

/** The secrets of a credential that are there: of a login both tokens. */
export function secretsOf(credential: Credential): Secret[] {
  return allSecrets(credential).filter((secret) => !secret.isBlank);
}

function allSecrets(credential: Credential): Secret[] {
  switch (credential.kind) {
    case "api_key":
      return [credential.key];
    case "token":
      return [credential.token];
    case "oauth":
      return [credential.access, credential.refresh];
    default:
      return assertNever(credential);
  }
}

/** Whether a vendor would be sent the same by both, at one time or another. */
export function sharesSecret(one: Credential, other: Credential): boolean {
  const texts = secretsOf(one).map((secret) => secret.reveal());
  return secretsOf(other).some((secret) => texts.includes(secret.reveal()));
}

/** As it is, or as JSON writes it. Nothing that could as well be part of a longer word. */
export function holdsSecret(text: string, secret: Secret): boolean {
  const plain = secret.reveal();
  const escaped = JSON.stringify(plain).slice(1, -1);
  return standsIn(text, plain) || (escaped !== plain && standsIn(text, escaped));
}

/** The text with something else wherever the secret stands, as it is or as JSON writes it, and where the text was cut off in the middle of it. */
export function withoutSecret(text: string, secret: Secret): string {
  const plain = secret.reveal();
  const without = (from: string, word: string): string => {
    const rest = from.replaceAll(word, (found, at: number, whole: string) => (standsAt(whole, at, word) ? REMOVED : found));
    const cut = cutOff(rest, word);
    return cut === 0 ? rest : rest.slice(0, -cut) + REMOVED;
  };
  return without(without(text, plain), JSON.stringify(plain).slice(1, -1));
}

const REMOVED = "[removed]";
/** Beginnings that vendors publish are shorter. */
const TELLING = 16;

/** With how many characters of the word the text ends, where those tell something of it. */
function cutOff(text: string, word: string): number {
  for (let length = word.length - 1; length >= TELLING; length--) if (text.endsWith(word.slice(0, length))) return length;
  return 0;
}

function standsIn(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) if (standsAt(text, at, word)) return true;
  return false;
}

function standsAt(text: string, at: number, word: string): boolean {
  return word.length >= 16 || (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + word.length]));
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character);
}
