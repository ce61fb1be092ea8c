import type { FailureReason } from "../chat/failure.ts";
import { authorize } from "../credentials/authorize.ts";
import type { Credential } from "../credentials/profile.ts";
import type { Host } from "../kernel/host.ts";
import type { HttpRequest } from "../kernel/http.ts";
import type { Provider } from "../provider/provider.ts";
import { type Answer, askOnce } from "./ask-once.ts";
import { identityUrl, modelsUrl } from "./models-url.ts";

/** What asking the vendor once has shown. */
export interface CredentialCheck {
  /**
   * `limited`: known to the vendor, but without credit or over a limit now. `inconclusive`: nothing was shown, neither way. Never `accepted` or
   * `limited` where the same request without a credential is answered alike.
   */
  readonly verdict: "accepted" | "limited" | "rejected" | "inconclusive";
  readonly reason?: FailureReason;
  /** The end of a sentence that begins with the vendor's name; holds nothing that the vendor wrote. */
  readonly detail: string;
  readonly httpStatus?: number;
  /** Whom the credential was shown to; absent when to nobody. */
  readonly url?: string;
}

const TIMEOUT_MS = 10_000;

/**
 * Asks whose credential it is, or for the list of models, and when that works, once more without one. Costs nothing at the vendor; ten seconds at most.
 * Redirects are not followed. Never throws for what the other side does.
 */
export async function checkCredential(host: Host, provider: Provider, credential: Credential): Promise<CredentialCheck> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  const identity = identityUrl(provider);
  const told = identity === undefined ? undefined : await checkAt({ host, url: identity, wanted: "json", deadline }, provider, credential);
  if (told !== undefined && told.verdict !== "inconclusive") return told;
  const url = modelsUrl(provider);
  if (url === undefined) return inconclusive("has no list of models to ask for with a key alone");
  return checkAt({ host, url, wanted: "list", deadline }, provider, credential);
}

interface Place {
  readonly host: Host;
  readonly url: string;
  /** What a good answer is. */
  readonly wanted: "list" | "json";
  readonly deadline: AbortSignal;
}

async function checkAt({ host, url, wanted, deadline }: Place, provider: Provider, credential: Credential): Promise<CredentialCheck> {
  const bare: HttpRequest = { method: "GET", url, headers: headersOf(provider) };
  const authorized = authorize(bare, credential, provider);
  if (authorized.kind === "withheld") return inconclusive(`was not asked: the credential ${authorized.why}`);
  const first = judge(await askOnce(host, authorized.request, deadline), wanted);
  const needsProof = first.verdict === "accepted" || first.verdict === "limited";
  const verdict = needsProof ? compare(first, judge(await askOnce(host, bare, deadline), wanted)) : first;
  const { origin, pathname } = new URL(url);
  return { ...verdict, url: `${origin}${pathname}` };
}

function headersOf({ protocol }: Provider): Record<string, string> {
  const own = protocol === "anthropic-messages" ? { "anthropic-version": "2023-06-01" } : {};
  return { accept: "application/json", "accept-encoding": "identity", "user-agent": "signalbox", ...own };
}

/** Evidence in this order: the vendor's own code, then the status. */
function judge(answer: Answer, wanted: Place["wanted"]): CredentialCheck {
  if (answer.kind === "none") return inconclusive(answer.why, answer.reason);
  const { status, code, body } = answer;
  const named = code === undefined ? undefined : BY_CODE.get(code.toLowerCase());
  if (named !== undefined) return { ...named, httpStatus: status };
  if (body === "page") return { ...inconclusive(`answered ${status} with a web page`), httpStatus: status };
  if (status === 200)
    return body === wanted ? { ...ACCEPTED, httpStatus: status } : { ...inconclusive("answered something other than a list of models"), httpStatus: status };
  return { ...(BY_STATUS.get(status) ?? otherStatus(status)), httpStatus: status };
}

/** The same answer without a credential says nothing about the credential. */
function compare(withIt: CredentialCheck, without: CredentialCheck): CredentialCheck {
  if (without.verdict === "rejected") return withIt;
  const { httpStatus } = withIt;
  const more = httpStatus === undefined ? {} : { httpStatus };
  if (without.verdict === "accepted") return { ...inconclusive("lists its models to everybody: the credential was not examined"), ...more };
  if (without.httpStatus !== undefined && without.httpStatus >= 400 && without.httpStatus < 500 && without.verdict === "inconclusive") return withIt;
  return { ...inconclusive("answered alike, or not at all, without the credential"), ...more };
}

const ACCEPTED: CredentialCheck = { verdict: "accepted", detail: "accepts it" };
const REJECTED: CredentialCheck = { verdict: "rejected", reason: "auth", detail: "rejects it" };
const NO_CREDIT: CredentialCheck = { verdict: "limited", reason: "billing", detail: "answers that there is no credit left, so it seems to be known" };
const LIMITED: CredentialCheck = { verdict: "limited", reason: "rate_limit", detail: "answers that it is over a limit at the moment, so it seems to be known" };
const NOT_THIS: CredentialCheck = { verdict: "inconclusive", reason: "permission", detail: "does not let it list models" };
const NOT_HERE: CredentialCheck = { verdict: "inconclusive", reason: "permission", detail: "does not serve this country or network" };

const BY_STATUS: ReadonlyMap<number, CredentialCheck> = new Map([
  [401, REJECTED],
  [402, NO_CREDIT],
  [403, REJECTED],
  [429, LIMITED],
]);

/** As vendors name it in `error.code`, `error.type`, `error.status` or `error.details[].reason`, in lower case. */
const BY_CODE: ReadonlyMap<string, CredentialCheck> = new Map([
  ...["invalid_api_key", "authentication_error", "invalid_authentication", "api_key_invalid", "unauthenticated", "unauthorized"].map(
    (code) => [code, REJECTED] as const,
  ),
  ...["insufficient_quota", "credit_balance_exhausted", "billing_error", "insufficient_balance"].map((code) => [code, NO_CREDIT] as const),
  ...["rate_limit_exceeded", "rate_limit_error", "resource_exhausted"].map((code) => [code, LIMITED] as const),
  ...["permission_error", "insufficient_permissions", "missing_scope"].map((code) => [code, NOT_THIS] as const),
  ["unsupported_country_region_territory", NOT_HERE],
]);

function otherStatus(status: number): CredentialCheck {
  if (status >= 300 && status < 400) return inconclusive("sends on to another address, which was not followed");
  if (status === 404 || status === 405 || status === 410) return inconclusive(`has no list of models at that address (${status})`);
  if (status >= 500) return inconclusive(`is in trouble itself (${status})`, "unknown");
  return inconclusive(`answered ${status}, which tells nothing about the credential`);
}

function inconclusive(detail: string, reason?: FailureReason): CredentialCheck {
  return { verdict: "inconclusive", detail, ...(reason !== undefined && { reason }) };
}
