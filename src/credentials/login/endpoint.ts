import { AppError } from "../../kernel/errors.ts";

const LONGEST = 2048;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/;

/** An address that logins may use: https, or http within this machine, with nothing in it that hides where it leads. undefined for any other. */
export function trustedUrl(text: unknown): URL | undefined {
  if (typeof text !== "string" || text.length > LONGEST || !/^[\u0021-\u007e\u00a1-\uffff]+$/.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
  return isSafe && url.username === "" && url.password === "" && !/[{}]/.test(url.hostname) ? url : undefined;
}

/** This very machine; the private network is another one. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}

/** Throws LOGIN_ISSUER_INVALID. `what`: "the token endpoint". */
export function endpoint(text: string | undefined, what: string): string {
  const url = trustedUrl(text);
  if (url !== undefined && url.hash === "") return url.href;
  throw issuerInvalid(text === undefined ? `${what} is not known` : `${what} is no address that a login may be sent to`);
}

export function issuerInvalid(why: string, hint = "Addresses begin with https://; check the issuer, or log in another way."): AppError {
  return new AppError("LOGIN_ISSUER_INVALID", why, { hint });
}
