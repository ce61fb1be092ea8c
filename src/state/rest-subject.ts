import { assertNever } from "../kernel/errors.ts";
/** What a rest is written down against. */
export type RestScope = "profile" | "profile+model" | "profile+model-family" | "provider+model" | "endpoint" | "endpoint+model";

const SCOPES: readonly RestScope[] = ["profile", "profile+model", "profile+model-family", "provider+model", "endpoint", "endpoint+model"];

/** No id holds it. */
const SEPARATOR = " ";

/** The key of a rest's row. */
export function restKey(scope: RestScope, ...about: readonly string[]): string {
  return [scope, ...about].join(SEPARATOR);
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
  const [scope, first, second] = text.split(SEPARATOR);
  const known = SCOPES.find((one) => one === scope);
  if (known === undefined || first === undefined) return undefined;
  switch (known) {
    case "profile":
      return { scope: known, profileId: first };
    case "profile+model":
    case "profile+model-family":
      return { scope: known, profileId: first, ...(second !== undefined && { model: second }) };
    case "provider+model":
      return { scope: known, model: first };
    case "endpoint":
      return { scope: known, endpoint: first };
    case "endpoint+model":
      return { scope: known, endpoint: first, ...(second !== undefined && { model: second }) };
    default:
      return assertNever(known);
  }
}
