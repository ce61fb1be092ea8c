import { healthToAgents } from "../credentials/health.ts";
import { isExcluded } from "./findings.ts";
import type { StatusReport } from "./report.ts";

/** Whose profiles count: those of providers that the chain asks, or all. */
export type CheckScope = "in-use" | "all";

/**
 * 1: a login or token that counts is expired or missing, a provider in use has no credential, or a reference of the chain leads nowhere, or to an
 * account that cannot be asked.
 * 2: none of these, but one that counts expires within the report's window. 0: neither.
 * Where accounts were asked, a credential that counts and was rejected, or has nothing left to pay with, is 1 too.
 * A profile that the order excludes counts in neither scope. A login that renews itself does not expire, whichever program renews it.
 */
export function checkCode(report: Pick<StatusReport, "accounts" | "chain" | "auth">, scope: CheckScope): 0 | 1 | 2 {
  if (report.auth.missingProvidersInUse.length > 0 || report.chain.some(isMute)) return 1;
  const probed = report.auth.probes?.results ?? [];
  if (probed.some(({ asked, status, inUse }) => asked && (status === "auth" || status === "billing") && (scope === "all" || inUse))) return 1;
  const counting = report.accounts.filter((account) => account.type !== "api_key" && !isExcluded(account) && (scope === "all" || account.inUse));
  const healths = new Set(counting.map(healthToAgents));
  if (healths.has("expired") || healths.has("missing")) return 1;
  return healths.has("expiring") ? 2 : 0;
}

/** Whoever has no credential at all is among the missing providers, and an account that is past its end is told by its own row. */
function isMute({ readiness, pinnedProfile }: StatusReport["chain"][number]): boolean {
  return readiness === "broken" || (pinnedProfile !== null && (readiness === "missing" || readiness === "expired"));
}
