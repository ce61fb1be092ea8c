import { readDetails, type ListedDetails } from "../catalog/listed-details.ts";
import { entriesOf } from "../catalog/live-list.ts";
import type { FailureReason } from "../chat/failure.ts";
import { isObject } from "../kernel/json-value.ts";
import { timeUp } from "../kernel/stop-signal.ts";
import { type Ask, askJson, valueOf } from "./ask-json.ts";
import { listModels } from "./list-models.ts";
import { authorizedFor } from "./live-models.ts";
import type { LiveContext, LiveResult, LiveTarget } from "./live-target.ts";
import { askLocalServers } from "./local-servers.ts";
import { modelsUrl } from "./models-url.ts";
import type { Offer } from "./scan-candidate.ts";

/** What became of asking one source for its models. */
export type SourceListing =
  | { readonly outcome: "listed"; readonly label: string; readonly offers: readonly Offer[]; readonly skipped: number; readonly advice?: string }
  /** `why`: the end of a sentence that begins with the label. */
  | { readonly outcome: "failed"; readonly label: string; readonly why: string; readonly reason?: FailureReason; readonly hint?: string };

/** Asks every source for its models, all at once. One that fails is one row. */
export async function listSources(context: LiveContext, targets: readonly LiveTarget[], timeoutMs: number): Promise<SourceListing[]> {
  const [own, vendors] = await Promise.all([
    askLocalServers(
      context,
      targets.filter(({ isLocal }) => isLocal),
    ),
    Promise.all(targets.filter(({ isLocal }) => !isLocal).map((target) => listVendor(context, target, timeoutMs))),
  ]);
  return [...own.map((result) => ownListing(result, targets)), ...vendors];
}

/** A server of one's own that leads to no provider has no name under which its models could be chosen. */
function ownListing(result: LiveResult, targets: readonly LiveTarget[]): SourceListing {
  const { label, outcome, models, server, why = "could not be asked", reason, hint, skipped } = result;
  const target = targets.find(({ provider }) => provider.id === result.provider);
  if (outcome !== "listed" || target === undefined)
    return { outcome: "failed", label, why, ...(reason !== undefined && { reason }), ...(hint !== undefined && { hint }) };
  const offers = models.map((model) => ({ target, server, model, details: {} }));
  return { outcome: "listed", label, offers, skipped, ...(target.advice !== undefined && { advice: target.advice }) };
}

async function listVendor(context: LiveContext, target: LiveTarget, timeoutMs: number): Promise<SourceListing> {
  const { provider } = target;
  const { label } = provider;
  const url = modelsUrl(provider);
  if (url === undefined) return { outcome: "failed", label, why: "has no list of models that could be asked for with a key alone" };
  const authorized = await authorizedFor(context, target);
  if (typeof authorized === "string") return { outcome: "failed", label, why: authorized, reason: "auth" };
  const deadline = timeUp(timeoutMs);
  const headers = {
    accept: "application/json",
    "accept-encoding": "identity",
    "user-agent": "signalbox",
    ...(provider.protocol === "anthropic-messages" && { "anthropic-version": "2023-06-01" }),
  };
  const details = new Map<string, ListedDetails>();
  const ask: Ask = async (page) => {
    const answer = await askJson(context.host, authorized({ method: "GET", url: page, headers }), deadline);
    for (const entry of entriesOf(valueOf(answer)) ?? []) if (isObject(entry) && typeof entry["id"] === "string") details.set(entry["id"], readDetails(entry));
    return answer;
  };
  const listing = await listModels(ask, url, provider.protocol, timeoutMs);
  if (listing.outcome === "failed") return { outcome: "failed", label, why: listing.why, reason: listing.reason };
  const { models, skipped } = listing.list;
  return { outcome: "listed", label, skipped, offers: models.map((model) => ({ target, server: undefined, model, details: details.get(model.id) ?? {} })) };
}
