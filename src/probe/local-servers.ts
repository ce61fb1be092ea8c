import { fittingHint, REPLACE_HINT } from "../credentials/replace-hint.ts";
import type { KeptList } from "../catalog/live-cache.ts";
import { assertNever } from "../kernel/errors.ts";
import { mapLimit } from "./map-limit.ts";
import { authorizedFor, keep, keptFor, listedAs, PATIENCE_MS } from "./live-models.ts";
import { accountOf, failedWith, type LiveContext, type LiveResult, type LiveTarget } from "./live-target.ts";
import { SERVER_LABELS } from "./server-kind.ts";
import { type Survey, surveyServer } from "./survey-server.ts";

/** A refused connection comes back at once; whoever listens on this machine answers within this, or is no server of models. */
const GUESS_MS = 300;
const AT_ONCE = 16;

/** Asks the servers of one's own, those at their usual ports included. Several providers may lead to one address: it is asked once. */
export async function askLocalServers(context: LiveContext, targets: readonly LiveTarget[]): Promise<LiveResult[]> {
  const byAddress = new Map<string, LiveTarget[]>();
  for (const target of targets) {
    const address = (target.provider.baseUrl ?? "").replace(/\/+$/, "");
    byAddress.set(address, [...(byAddress.get(address) ?? []), target]);
  }
  const results = await mapLimit([...byAddress], AT_ONCE, ([address, here]) => askAddress(context, address, here));
  return results.flat();
}

async function askAddress(context: LiveContext, address: string, targets: readonly LiveTarget[]): Promise<LiveResult[]> {
  const known = targets.filter(({ isGuess }) => !isGuess);
  const [speaker] = [...known.filter(({ profile }) => profile !== undefined), ...known, ...targets];
  if (speaker === undefined) return [];
  const authorized = await authorizedFor(context, speaker);
  if (typeof authorized === "string") return [failedWith(speaker, undefined, { outcome: "failed", why: authorized, reason: "auth", url: address })];
  const how = known.length > 0 ? ({ evidence: "any", firstMs: PATIENCE_MS } as const) : ({ evidence: "strict", firstMs: GUESS_MS } as const);
  const patience = { firstMs: how.firstMs, allMs: PATIENCE_MS };
  const survey = await surveyServer({ host: context.host, baseUrl: address, authorized, evidence: how.evidence, patience });
  const owners = known.length > 0 || survey.outcome !== "listed" ? known : builtFor(targets, survey.server);
  if (owners.length === 0) return strangers(address, targets, survey);
  return owners.map((owner) => resultFor(context, owner, address, survey));
}

/** The built-in provider of the program that answers. */
function builtFor(targets: readonly LiveTarget[], server: string): LiveTarget[] {
  return targets.filter(({ provider }) => provider.id === server);
}

/** Found at a usual port, and no provider's. Whoever is no server of models is none of our business. */
function strangers(address: string, targets: readonly LiveTarget[], survey: Survey): LiveResult[] {
  if (survey.outcome === "failed" || survey.server === undefined) return [];
  const built = targets.find(({ provider }) => provider.id === survey.server);
  const found = { url: address, server: survey.server, label: SERVER_LABELS[survey.server], models: [], skipped: 0, isKept: false };
  if (survey.outcome === "asks for a key") {
    const hint = built === undefined ? addIt(address) : storeKey(built.provider.id);
    return [
      { ...found, provider: built?.provider.id, outcome: "failed", why: `asks for a key (${survey.status})`, reason: "auth", status: survey.status, hint },
    ];
  }
  return [{ ...found, provider: undefined, outcome: "not asked", why: `answers at ${address}, and no provider leads there`, hint: addIt(address) }];
}

function addIt(address: string): string {
  return `\`{cli} models add-server ${address}\` makes it a provider.`;
}

function storeKey(provider: string): string {
  return `Store it: \`{cli} models auth add --provider ${provider}\`.`;
}

function resultFor(context: LiveContext, target: LiveTarget, address: string, survey: Survey): LiveResult {
  const kept = target.isGuess ? undefined : keptFor(context, target, address);
  switch (survey.outcome) {
    case "listed": {
      const list: KeptList = { url: address, account: accountOf(target), takenAtMs: context.host.nowMs(), models: survey.list.models };
      keep(context, target, list);
      return { ...listedAs(target, list, survey.list.skipped), server: survey.server };
    }
    case "asks for a key": {
      const isRefused = target.profile !== undefined;
      const why = isRefused ? `does not accept the credential (${survey.status})` : `asks for a key (${survey.status})`;
      const hint = isRefused ? (fittingHint(REPLACE_HINT, target.profile) ?? REPLACE_HINT) : storeKey(target.provider.id);
      return failedWith(target, kept, { outcome: "failed", why, hint, reason: "auth", status: survey.status, url: address });
    }
    case "failed": {
      const { why, reason, status } = survey;
      return failedWith(target, kept, { outcome: "failed", why, reason, url: address, ...(status !== undefined && { status }) });
    }
    default:
      return assertNever(survey);
  }
}
