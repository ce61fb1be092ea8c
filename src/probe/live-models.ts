import { shownAddress } from "../kernel/shown-address.ts";
import { type KeptList, keepList, readKept } from "../catalog/live-cache.ts";
import { authorize, type Authorized } from "../credentials/authorize.ts";
import { withSecret } from "../credentials/follow-reference.ts";
import { resolveSecret } from "../credentials/resolve-secret.ts";
import { expected } from "../kernel/errors.ts";
import type { HttpRequest } from "../kernel/http.ts";
import { askJson } from "./ask-json.ts";
import { mapLimit } from "./map-limit.ts";
import { listModels } from "./list-models.ts";
import { accountOf, failedWith, type LiveContext, type LiveResult, type LiveTarget } from "./live-target.ts";
import { modelsUrl } from "./models-url.ts";

export const PATIENCE_MS = 5000;
/** What a vendor listed counts for a day. Servers of one's own are asked each time: it costs nothing, and their models come and go. */
export const FRESH_MS = 24 * 3_600_000;
const AT_ONCE = 8;

/** Asks vendors for what their account may use, several at a time. One result a target, in their order; never throws for what a vendor does. */
export function askVendors(context: LiveContext, targets: readonly LiveTarget[]): Promise<LiveResult[]> {
  return mapLimit(targets, AT_ONCE, (target) => askVendor(context, target));
}

async function askVendor(context: LiveContext, target: LiveTarget): Promise<LiveResult> {
  const { provider, obstacle } = target;
  if (obstacle !== undefined) return failedWith(target, undefined, { outcome: "not asked", why: obstacle });
  const url = modelsUrl(provider);
  if (url === undefined) return failedWith(target, undefined, { outcome: "not asked", why: "has no list of models that could be asked for with a key alone" });
  const shown = shownAddress(url);
  const kept = keptFor(context, target, shown);
  if (kept !== undefined && isFresh(context, kept)) return { ...listedAs(target, kept, 0), isKept: true };
  const authorized = await authorizedFor(context, target);
  if (typeof authorized === "string") return failedWith(target, kept, { outcome: "failed", why: authorized, reason: "auth", url: shown });
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  const ask = (page: string) => askJson(context.host, authorized({ method: "GET", url: page, headers: headersOf(target) }), deadline);
  const listing = await listModels(ask, url, provider.protocol, PATIENCE_MS);
  if (listing.outcome === "failed") {
    const { why, reason, status } = listing;
    return failedWith(target, kept, { outcome: "failed", why, reason, url: shown, ...(status !== undefined && { status }) });
  }
  const list: KeptList = { url: shown, account: accountOf(target), takenAtMs: context.host.nowMs(), models: listing.list.models };
  keep(context, target, list);
  return listedAs(target, list, listing.list.skipped);
}

function isFresh({ asked, host }: LiveContext, { takenAtMs }: KeptList): boolean {
  return asked === "if stale" && host.nowMs() - takenAtMs < FRESH_MS;
}

/** Whether somebody who may take their time is going to be asked: not one at whom it is only looked, nor one whose answer is kept. */
export function willBeAsked(context: LiveContext, target: LiveTarget): boolean {
  const url = modelsUrl(target.provider);
  const kept = url === undefined || target.isLocal ? undefined : keptFor(context, target, shownAddress(url));
  return !target.isGuess && target.obstacle === undefined && (kept === undefined || !isFresh(context, kept));
}

function headersOf({ provider }: LiveTarget): Record<string, string> {
  const own = provider.protocol === "anthropic-messages" ? { "anthropic-version": "2023-06-01" } : {};
  return { accept: "application/json", "accept-encoding": "identity", "user-agent": "signalbox", ...own };
}

/** What the same account was listed at the same address. */
export function keptFor({ host, stateDir }: LiveContext, target: LiveTarget, url: string): KeptList | undefined {
  const kept = readKept(host, stateDir, target.provider.id);
  return kept?.url === url && kept.account === accountOf(target) ? kept : undefined;
}

/** That it cannot be kept is no reason not to show it. */
export function keep({ host, stateDir }: LiveContext, { provider }: LiveTarget, list: KeptList): void {
  try {
    keepList(host, stateDir, provider.id, list);
  } catch (thrown) {
    expected(thrown);
  }
}

export function listedAs({ provider, profile, advice }: LiveTarget, { url, models, takenAtMs }: KeptList, skipped: number): LiveResult {
  const more = { ...(profile !== undefined && { profileId: profile.id }), ...(advice !== undefined && { hint: advice }) };
  return { provider: provider.id, label: provider.label, url, ...more, outcome: "listed", models, skipped, takenAtMs, isKept: false };
}

/** Puts the target's credential into a request; a text says why that cannot be. */
export async function authorizedFor(
  { host, secrets }: LiveContext,
  { provider, profile }: LiveTarget,
): Promise<((request: HttpRequest) => HttpRequest) | string> {
  if (profile === undefined) return (request) => request;
  const found = await resolveSecret(host, profile, secrets);
  if (found.kind === "unresolved") return `was not asked: the account ${profile.id} is there, but ${found.reason}`;
  const credential = withSecret(profile.credential, found.secret);
  const probe = authorize({ method: "GET", url: provider.baseUrl ?? "", headers: {} }, credential, provider);
  if (probe.kind === "withheld") return `was not asked: the credential ${probe.why}`;
  return (request) => requestOf(authorize(request, credential, provider), request);
}

function requestOf(authorized: Authorized, bare: HttpRequest): HttpRequest {
  return authorized.kind === "authorized" ? authorized.request : bare;
}
