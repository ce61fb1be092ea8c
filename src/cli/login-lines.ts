import { agoText } from "../kernel/duration.ts";
import type { AccountRow } from "../status/accounts.ts";

/** When, by whom and how a login was last renewed. null of an account that has nothing to renew. */
export function renewalText({ type, refreshable, login }: Pick<AccountRow, "type" | "refreshable" | "login">, nowMs: number): string | null {
  if (type !== "oauth") return null;
  if (login === null) return refreshable ? "by the program that made it; this one leaves it alone" : null;
  if (login.needsLogin !== null) return `no longer: ${login.needsLogin.why}`;
  const { lastRefresh, issuer } = login;
  if (login.begun !== null) return `begun ${ago(login.begun.at, nowMs)} by ${login.begun.by}, and not finished`;
  if (lastRefresh === null) return `by ${issuer} when it is due; not yet needed`;
  const how = lastRefresh.outcome === "renewed" || lastRefresh.outcome === "adopted" ? "renewed" : "tried in vain";
  return `${how} ${ago(lastRefresh.at, nowMs)} by ${lastRefresh.by}${lastRefresh.why === null ? "" : `: ${issuer} ${lastRefresh.why}`}`;
}

function ago(atMs: number, nowMs: number): string {
  return agoText(nowMs - atMs);
}

const SAID_BY: Readonly<Record<AccountRow["licence"]["saidBy"], string>> = {
  config: "by your own word in signalbox.licences",
  login: "as the login was made",
  secret: "as its prefix says",
  provider: "as the vendor has it",
};

/** What an account may be used for, where that is not plain. */
export function licenceText({ licence: { use, saidBy, insteadOf }, note }: Pick<AccountRow, "licence" | "note">): string | null {
  if (use === "own-client" && saidBy !== "config") return note;
  const instead = insteadOf === null || insteadOf === use ? "" : `; without it ${insteadOf}`;
  const says = `${use}, ${SAID_BY[saidBy]}${instead}`;
  return note === null ? says : `${says}. ${note}`;
}
