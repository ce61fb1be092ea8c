import { Secret } from "../../kernel/secret.ts";
import { trustedUrl } from "./endpoint.ts";

/** Where the browser was sent back to, and what it brings. Without a state, the path is the secret. */
export interface ExpectedReturn {
  readonly redirectUri: string;
  readonly state: string | undefined;
}

/** `query` of an answer that belongs to this login; or why it does not. */
export type Pasted =
  | { readonly kind: "answer"; readonly query: ReadonlyMap<string, string> }
  | { readonly kind: "refused"; readonly why: string; readonly hint: string; readonly isForeign: boolean };

const LONGEST = 8192;
const HINT = "Paste the whole address that the browser ended at; it begins with";

/** A redirect address, its query, or the bare code: of a bare one, only the vendor can tell that it belongs to this login (by PKCE). */
export function readPasted(pasted: string | Secret, expected: ExpectedReturn): Pasted {
  const text = pasted instanceof Secret ? pasted.reveal() : pasted;
  const trimmed = text.trim().replace(/^["'<]+|["'>]+$/g, "");
  const hint = `${HINT} ${expected.redirectUri}?`;
  if (trimmed === "") return refuse("nothing was pasted", hint);
  if (trimmed.length > LONGEST) return refuse("what was pasted is too long for an address", hint);
  if (/^[a-z][\w+.-]*:\/\//i.test(trimmed)) return fromUrl(trimmed, expected, hint);
  if (/^\?|(?:^|&)(?:code|error)=/.test(trimmed)) return fromQuery(trimmed.replace(/^\?/, ""), expected, hint);
  return fromCode(trimmed, expected, hint);
}

/** The query of one answer, as a browser or a person brought it. */
function fromQuery(query: string, { state }: ExpectedReturn, hint: string): Pasted {
  const all = [...new URLSearchParams(query)];
  const named = new Map(all);
  if (named.size !== all.length) return refuse("a part of what was pasted stands in it twice", hint);
  if (!named.has("code") && !named.has("error")) return refuse("there is no code in it", hint);
  return state === undefined || named.get("state") === state ? { kind: "answer", query: named } : foreign();
}

function fromUrl(text: string, expected: ExpectedReturn, hint: string): Pasted {
  const [url, own] = [trustedUrl(text), new URL(expected.redirectUri)];
  if (url === undefined) return refuse("it is not the address that the browser was sent back to", hint);
  if (url.origin === own.origin && url.pathname === own.pathname) return fromQuery(url.search.slice(1), expected, hint);
  if (url.searchParams.has("code_challenge")) return refuse("that is the address of the vendor's own page, from before the login", hint);
  return url.origin === own.origin ? foreign() : refuse("it is not the address that the browser was sent back to", hint);
}

/** Some pages show `code#state`. */
function fromCode(text: string, { state }: ExpectedReturn, hint: string): Pasted {
  const [code = "", given, ...rest] = text.split("#");
  if (!/^[\u0021-\u007e]+$/.test(code) || rest.length > 0) return refuse("that is neither an address nor a code", hint);
  if (given !== undefined && given !== state) return foreign();
  return { kind: "answer", query: new Map([["code", code]]) };
}

function refuse(why: string, hint: string): Pasted {
  return { kind: "refused", why, hint, isForeign: false };
}

function foreign(): Pasted {
  return {
    kind: "refused",
    why: "it belongs to another login than this one; nothing was sent",
    hint: "Use the page that this login showed, and paste what the browser ended at.",
    isForeign: true,
  };
}
