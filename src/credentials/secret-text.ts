import { Secret } from "../kernel/secret.ts";

/** Line breaks get into keys when they are pasted; no vendor's key has any. */
export function toSecret(text: string): Secret {
  return new Secret(text.replace(/[\r\n\u2028\u2029]+/g, "").trim());
}

/** A key that a config holds, without the line breaks and blanks that came with it. */
export function cleaned(secret: Secret): Secret {
  return toSecret(secret.reveal());
}
