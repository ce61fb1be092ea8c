import { assertNever } from "../kernel/errors.ts";
import { refText } from "../catalog/model-ref.ts";
import type { Credential } from "../credentials/profile.ts";
import { restKey, type RestScope } from "../state/rest-subject.ts";
import type { Candidate } from "./failover-plan.ts";
import type { RoutedModel } from "./route.ts";

/** The text under which a candidate's rest of this scope is kept; undefined where it has none: without an account, no account rests. */
export function restKeyOf(scope: RestScope, { model, profile }: Pick<Candidate, "model" | "profile">): string | undefined {
  const names = namesOf(model);
  switch (scope) {
    case "profile":
      return profile === undefined ? undefined : restKey(scope, profile.id);
    case "profile+model":
      return profile === undefined ? undefined : restKey(scope, profile.id, names.model);
    case "profile+model-family":
      return profile === undefined ? undefined : restKey(scope, profile.id, names.family);
    case "provider+model":
      return restKey(scope, names.model);
    case "endpoint":
      return restKey(scope, names.endpoint);
    case "endpoint+model":
      return restKey(scope, names.endpoint, names.model);
    default:
      return assertNever(scope);
  }
}

/** Who is behind an address: its origin; for an address that is made of the account, the provider. */
export function endpointOf(model: Pick<RoutedModel, "provider" | "ref">): string {
  return namesOf(model).endpoint;
}

interface Names {
  readonly model: string;
  readonly family: string;
  readonly endpoint: string;
}

/** Every plan asks for the same ones. */
const known = new WeakMap<object, Names>();

function namesOf(model: Pick<RoutedModel, "provider" | "ref">): Names {
  const found = known.get(model);
  if (found !== undefined) return found;
  const { provider, ref } = model;
  const origin = /^https?:\/\/[^/?#\s]+/i.exec(provider.baseUrl ?? "")?.[0];
  const endpoint = origin === undefined ? ref.provider : origin.replace(/\/\/[^/@]*@/, "//").toLowerCase();
  const names = { model: refText(ref), family: `${ref.provider}/${familyOf(ref.model)}`, endpoint };
  known.set(model, names);
  return names;
}

/** A vendor's limits hold for all dated snapshots of a model together, and for all that is free together. */
export function familyOf(model: string): string {
  const name = model.toLowerCase();
  if (name.endsWith(":free")) return "*:free";
  return name.replace(/(?:[-@](?:\d{8}|\d{4}-\d\d-\d\d|latest))+$/, "");
}

/** The kinds of credential whose every new secret is another account. A login renews itself and stays the same. */
export function changesWithAccount({ kind }: Credential): boolean {
  return kind !== "oauth";
}
