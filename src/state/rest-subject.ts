import { assertNever } from "../kernel/errors.ts";

/** What a rest is written down against, from what rests most widely to what rests most narrowly. */
export const REST_SCOPES = ["profile", "endpoint", "provider+model", "endpoint+model", "profile+model-family", "profile+model"] as const;
export type RestScope = (typeof REST_SCOPES)[number];

/** Between what a row is about: ids of models and of accounts may hold spaces. */
const SEPARATOR = "\t";

/** The key of a rest's row. */
export function restKey(scope: RestScope, ...about: readonly string[]): string {
  return `${scope} ${about.join(SEPARATOR)}`;
}

/** With a space between an account and "provider/model". */
const OLDER_KEY = /^(profile\+model(?:-family)?) ([^\t]+?) ([^ \t/]+\/[^\t]+)$/;

/** A key as it is written now, of one that perhaps an older version wrote. */
export function currentKey(key: string): string {
  return key.replace(OLDER_KEY, `$1 $2${SEPARATOR}$3`);
}

/** What a key is about, for people and for `models cooldowns`. undefined for a key of no kind that we know. */
export interface RestSubject {
  readonly scope: RestScope;
  readonly profileId?: string;
  /** "provider/model", or the family of one. */
  readonly model?: string;
  readonly endpoint?: string;
}

export function subjectOf(text: string): RestSubject | undefined {
  const [scope, about] = cut(text, text.indexOf(" "));
  const known = REST_SCOPES.find((one) => one === scope);
  if (known === undefined || about === undefined) return undefined;
  // No reference to a model holds the separator; an account's id may hold anything.
  const [first, model] = cut(about, about.lastIndexOf(SEPARATOR));
  const ofModel = model === undefined ? {} : { model };
  switch (known) {
    case "profile":
      return { scope: known, profileId: about };
    case "profile+model":
    case "profile+model-family":
      return { scope: known, profileId: first, ...ofModel };
    case "provider+model":
      return { scope: known, model: about };
    case "endpoint":
      return { scope: known, endpoint: about };
    case "endpoint+model":
      return { scope: known, endpoint: first, ...ofModel };
    default:
      return assertNever(known);
  }
}

function cut(text: string, at: number): [string, string | undefined] {
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
