import type { Broker } from "../broker.ts";
import { refText } from "../catalog/model-ref.ts";
import { unknownProvider } from "../catalog/resolve.ts";
import { AppError, expected } from "../kernel/errors.ts";
import { toModelId, toProviderId } from "../kernel/ids.ts";
import type { LiveContext, LiveTarget } from "../probe/live-target.ts";
import { unfitness } from "../probe/prepare.ts";
import { type Candidate, candidateOf, isChat, isWanted, mostPromising, type Offer, type ScanFilter } from "../probe/scan-candidate.ts";
import { listSources, type SourceListing } from "../probe/scan-listing.ts";
import { chosenModel } from "../routing/chosen-model.ts";
import { examine, statusFacts } from "../status/facts.ts";
import { liveTargets } from "./live-targets.ts";
import type { Talk } from "./talk.ts";

/** Stands for every server of one's own. */
export const LOCAL_SOURCE = "local";

/** Whom to ask for models. Throws PROVIDER_UNKNOWN, and CREDENTIAL_MISSING where somebody could not be asked; nobody was asked yet. */
export function scanTargets(broker: Broker, names: readonly string[], what: "listed" | "tested"): LiveTarget[] {
  const examined = examine(statusFacts(broker, 0));
  const { registry } = examined;
  const targets = names.flatMap((name) => {
    if (name.toLowerCase() === LOCAL_SOURCE)
      return liveTargets(broker, examined, undefined).filter(({ isLocal, provider }) => isLocal && provider.id !== "openrouter");
    const id = registry.idOf(name);
    if (registry.get(id) === undefined) throw unknownProvider(name, registry);
    const [target] = liveTargets(broker, examined, id);
    return target === undefined ? [] : [askable(target, what, examined.nowMs)];
  });
  return [...new Map(targets.map((target) => [target.provider.id, target])).values()];
}

/** OpenRouter lists its models to everybody, and answers nobody without a key, wherever it is. */
function askable(target: LiveTarget, what: "listed" | "tested", nowMs: number): LiveTarget {
  const { provider, profile, obstacle } = target;
  const isOpenRouter = provider.id === "openrouter";
  const unfit = what === "tested" ? unfitness(profile, provider, nowMs) : undefined;
  const why =
    isOpenRouter && what === "listed"
      ? undefined
      : (obstacle ?? unfit?.[1] ?? (isOpenRouter && profile === undefined ? "has no key to be asked with" : undefined));
  // It is no server of one's own, also where its address is one of this machine: it has prices, and fields that others have not.
  if (why === undefined) return isOpenRouter ? { ...target, isLocal: false } : target;
  const [variable] = provider.auth.flatMap((method) => ("env" in method ? method.env : []));
  const set = variable === undefined ? "" : `Set ${variable}, or store`;
  const hint = unfit?.[2] ?? `${set === "" ? "Store" : set} a key: \`{cli} models auth add --provider ${provider.id}\`.`;
  throw new AppError("CREDENTIAL_MISSING", `${provider.label} ${why}`, {
    hint: isOpenRouter ? `${hint} With --no-probe its models are listed without one.` : hint,
  });
}

export interface ScanQuestion {
  readonly targets: readonly LiveTarget[];
  readonly filter: ScanFilter;
  readonly limit: number | undefined;
  readonly timeoutMs: number;
}

export interface Found {
  readonly candidates: readonly Candidate[];
  readonly sources: readonly SourceListing[];
  readonly warnings: readonly string[];
}

/** Asks the sources for their models and keeps those that are wanted. Throws when no source answers. */
export async function findCandidates(broker: Broker, talk: Talk, { targets, filter, limit, timeoutMs }: ScanQuestion): Promise<Found> {
  const { stateDir, homeDir } = broker.config();
  const secrets = { homeDir, isInteractive: talk.isInteractive, withheld: broker.registry().variables };
  const context: LiveContext = { host: broker.host, stateDir, secrets, asked: "new" };
  const sources = await listSources(context, targets, timeoutMs);
  const offers = sources.flatMap((source) => (source.outcome === "listed" ? source.offers : []));
  if (offers.length === 0) refuseNothing(sources);
  const sound = offers.filter((offer) => isChat(offer) && isChoosable(broker, offer));
  const candidates = sound.map((offer) => candidateOf(offer, knownFacts(broker, offer))).filter((one) => isWanted(one, filter, broker.host.nowMs()));
  const unsound = offers.filter((offer) => isChat(offer) && !isChoosable(broker, offer)).length;
  const warnings = [
    ...sources.flatMap(warningOf),
    ...(unsound > 0 ? [`${unsound} of the models have names that cannot be written as a reference; they were left out.`] : []),
  ];
  for (const warning of warnings) talk.warn(warning);
  return { candidates: mostPromising(candidates, limit), sources, warnings };
}

function warningOf(source: SourceListing): string[] {
  if (source.outcome === "failed") return [`${source.label} ${source.why}.${source.hint === undefined ? "" : ` ${source.hint}`}`];
  const odd = source.skipped > 0 ? [`${source.label} lists ${source.skipped} ${source.skipped === 1 ? "entry" : "entries"} that could not be used.`] : [];
  return source.advice === undefined ? odd : [...odd, `${source.label}: ${source.advice}`];
}

/** Throws where nobody has listed anything because they failed. */
function refuseNothing(sources: readonly SourceListing[]): void {
  const failed = sources.flatMap((source) => (source.outcome === "failed" ? [source] : []));
  const [first] = failed;
  if (first === undefined && sources.length > 0) return;
  if (first === undefined)
    throw new AppError("CATALOG_FETCH_FAILED", "no server of models answers on this machine", {
      hint: "Start one, or name it: `{cli} models add-server <url>`.",
    });
  const message = failed.map(({ label, why }) => `${label} ${why}`).join("; ");
  const isRefused = failed.every(({ reason }) => reason === "auth" || reason === "permission" || reason === "billing");
  throw new AppError(isRefused ? "CREDENTIAL_REJECTED" : "CATALOG_FETCH_FAILED", message, {
    hint:
      first.hint ?? (isRefused ? "Put another key in its place: `{cli} models auth add`." : "Nothing was tested, and nothing was written. Try again later."),
  });
}

/** It can be written into the config and means the same model there. */
function isChoosable(broker: Broker, { target, model }: Offer): boolean {
  const ref = { provider: toProviderId(target.provider.id), model: toModelId(model.id) };
  try {
    const { key, text } = chosenModel(refText(ref), broker.chain());
    return key === refText(ref) && text === key;
  } catch (thrown) {
    expected(thrown);
    return false;
  }
}

/** Of the catalogue, but for the price: what a list does not price is not priced by others. */
function knownFacts(broker: Broker, { target, model }: Offer): Candidate["facts"] {
  const { contextTokens, outputTokens, input, output, tools, reasoning, usdPerMTok, releasedOn } =
    broker.catalog().find({ provider: toProviderId(target.provider.id), model: toModelId(model.id) })?.spec ?? {};
  return {
    ...(contextTokens !== undefined && { contextTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...(tools !== undefined && { tools }),
    ...(reasoning !== undefined && { reasoning }),
    ...(usdPerMTok !== undefined && !target.isLocal && { usdPerMTok }),
    ...(releasedOn !== undefined && { releasedOn }),
  };
}
