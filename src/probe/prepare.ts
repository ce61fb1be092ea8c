import { endpointOf } from "../catalog/endpoint.ts";
import { type ModelRef, refText } from "../catalog/model-ref.ts";
import { isVendorToolOnly } from "../credentials/authorize.ts";
import { expiredLoginHint, expiryOf, isRenewedHere } from "../credentials/health.ts";
import type { AuthProfile } from "../credentials/profile.ts";
import type { HttpRequest } from "../kernel/http.ts";
import { protocols } from "../protocols/index.ts";
import type { Protocol } from "../protocols/protocol.ts";
import { type AskedKind, smallestRequest } from "../protocols/smallest-request.ts";
import type { UsdPerMTok } from "../provider/model-spec.ts";
import type { Provider } from "../provider/provider.ts";
import { unfitProvider } from "../routing/fitness.ts";
import { accountParts, variablesFor } from "./account-parts.ts";
import { kindOf } from "./choose-model.ts";
import { type ProbeFacts, skipped, type Target } from "./targets.ts";
import type { ProbeRow } from "./summary.ts";

/** A request that only lacks its secret. */
export interface Prepared {
  readonly kind: "prepared";
  readonly ref: ModelRef;
  readonly provider: Provider;
  readonly protocol: Protocol;
  readonly asks: AskedKind;
  readonly request: HttpRequest;
  readonly profile: AuthProfile | undefined;
  /** The most that it can cost; undefined where nobody states a price. */
  readonly mostUsd: number | undefined;
  readonly row: ProbeRow;
}

type Candidate = Extract<Target, { kind: "candidate" }>;
type Skipped = Extract<Target, { kind: "skipped" }>;

/** The smallest call of a model, or why there is none. */
export function prepare({ ref, provider: id, profile, row }: Candidate, facts: ProbeFacts, maxTokens: number): Prepared | Skipped {
  const registered = facts.registry.get(id);
  if (registered === undefined) return skipped(row, "unsupported", "has no address that we know", null);
  const unfit = unfitness(profile, registered.provider, facts.nowMs);
  if (unfit !== undefined) return notAsked(row, profile, unfit);
  if (ref === undefined)
    return { kind: "skipped", row: { ...row, status: "no_model", reason: "no_model", error: "has no model that is known", hint: NAME_ONE } };
  const entry = facts.catalog.find(ref);
  const provider = { ...registered.provider, ...endpointOf(registered.provider, entry) };
  const asks = kindOf(ref.model, entry?.spec);
  const protocol = protocols[provider.protocol];
  const options = { account: accountParts(facts.config.environment) };
  const smallest = smallestRequest(asks, { protocol, model: ref.model, provider, options, outputTokens: maxTokens });
  if (smallest.kind === "unsupported") return skipped(row, "unsupported", `${asks} models of this format cannot be asked`, null);
  if (smallest.encoding.kind === "unaddressed") return unaddressed(row, smallest.encoding.missing);
  const { request } = smallest.encoding;
  const requestBytes = new TextEncoder().encode(request.body ?? "").length;
  const mostUsd = registered.isLocal ? 0 : mostOf(entry?.spec.usdPerMTok, requestBytes, smallest.outputTokens ?? 0);
  const asked = { kind: asks, maxTokens: smallest.outputTokens ?? null, raised: smallest.isRaised, requestBytes };
  const note = smallest.isRaised ? `asked for ${smallest.outputTokens} tokens: fewer would be refused` : null;
  return { kind: "prepared", ref, provider, protocol, asks, request, profile, mostUsd, row: { ...row, ...asked, note, model: refText(ref) } };
}

const NAME_ONE = "Name one: `{cli} models probe <provider>/<model>`.";

/** Google forbids these logins outside its own programs and suspends accounts; see the vendors' files. */
const RECOGNISED_ONLY: ReadonlySet<string> = new Set(["google-gemini-cli", "google-antigravity"]);

type Unfit = readonly [reason: string, error: string, hint: string | null];

/** Why nobody is to be asked with this account, whatever the model. */
export function unfitness(profile: AuthProfile | undefined, provider: Provider, nowMs: number): Unfit | undefined {
  if (profile !== undefined && isVendorToolOnly(profile.credential))
    return ["vendor_tool_only", "is allowed in the vendor's own program only", "Add an API key for other programs: `{cli} models auth add`."];
  if (RECOGNISED_ONLY.has(provider.id)) return ["vendor_tool_only", "is a login that the vendor forbids outside its own program", null];
  const unfit = unfitProvider(provider);
  if (unfit !== undefined) return [NEEDS_OTHER_TOKEN, unfit.why, null];
  const endsAtMs = profile?.credential.kind === "oauth" ? expiryOf(profile) : undefined;
  if (profile === undefined || endsAtMs === undefined || endsAtMs > nowMs) return undefined;
  if (isRenewedHere(profile)) return ["expired", "has to be renewed first, and a probe writes nothing", RENEWED_LATER];
  return ["expired", "has expired", expiredLoginHint(profile)];
}

/** Neither a probe nor the gateway can ask: unlike what is `unsupported` by a probe alone. */
const NEEDS_OTHER_TOKEN = "needs_other_token";
const RENEWED_LATER = "It is renewed when a model is next asked, or log in again.";

/** What `detail` says of a login that a real request would renew: nobody may call its model mute for that. */
export const RENEWED_WHEN_ASKED = "renewed_when_asked";

/** A row for an account that is not asked. */
export function notAsked(row: ProbeRow, profile: AuthProfile | undefined, [reason, error, hint]: Unfit): Skipped {
  const isDue = reason === "expired" && profile !== undefined && isRenewedHere(profile);
  return skipped(isDue ? { ...row, detail: RENEWED_WHEN_ASKED } : row, reason, error, hint);
}

function unaddressed(row: ProbeRow, missing: Parameters<typeof variablesFor>[0]): Skipped {
  const variables = variablesFor(missing);
  const hint = variables.length > 0 ? `Set ${variables.join(" and ")}, or write a baseUrl.` : `Write models.providers.${row.provider}.baseUrl in the config.`;
  return skipped(row, "unaddressed", `has no address without its ${missing.join(" and ")}`, hint);
}

/** A token has one byte at least. */
function mostOf(price: UsdPerMTok | undefined, requestBytes: number, outputTokens: number): number | undefined {
  return price === undefined ? undefined : (requestBytes * price.input + outputTokens * price.output) / 1e6;
}
