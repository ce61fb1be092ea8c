import { shortDuration } from "../kernel/duration.ts";
import type { Problem } from "../kernel/problem.ts";
import type { AccountRow } from "./accounts.ts";

/** A person's word that allows more than what is known otherwise: status says that it was given. */
export function licenceFindings({ profileId, licence: { use, saidBy, insteadOf } }: Pick<AccountRow, "profileId" | "licence">): Problem[] {
  if (saidBy !== "config" || insteadOf !== "vendor-tool-only" || use === insteadOf) return [];
  return [
    {
      code: "VENDOR_TOOL_ONLY",
      severity: "note",
      subject: profileId,
      message: `${profileId} is used as ${use} by your own word; without it, it would be ${insteadOf}, and sent to nobody`,
      hint: `If your agreement does not say so: \`{cli} config unset 'signalbox.licences["${profileId}"]'\`.`,
    },
  ];
}

/** Longer than a renewal takes, and whoever waits for it. */
const UNDER_WAY_MS = 60_000;

/** What is wrong with the renewals of a login, each with what mends it. `counts`: a model in use hangs on it. */
export function loginFindings({ profileId, provider, login }: AccountRow, nowMs: number, counts: "counts" | "counts not"): Problem[] {
  if (login === null) return [];
  const found: Problem[] = [];
  if (login.needsLogin !== null)
    found.push({
      code: "NEEDS_LOGIN",
      severity: counts === "counts" ? "error" : "note",
      subject: profileId,
      message: `${profileId} needs a new login: ${login.needsLogin.why}`,
      hint: `Run \`{cli} models auth login --provider ${provider} --profile-id ${profileId}\`.`,
    });
  else if (login.begun !== null && nowMs - login.begun.at > UNDER_WAY_MS)
    found.push({
      code: "REFRESH_INTERRUPTED",
      severity: "warning",
      subject: profileId,
      message: `a renewal of ${profileId} was interrupted ${shortDuration(nowMs - login.begun.at)} ago (${login.begun.by}), and what became of it is not known`,
      hint: `Run \`{cli} models auth refresh ${profileId} --force\`: it tries once more, and says what is left.`,
    });
  if (login.clockAheadMs !== null) found.push(clockFinding(profileId, login.issuer, login.clockAheadMs));
  return found;
}

function clockFinding(profileId: string, issuer: string, aheadMs: number): Problem {
  const message = `this machine's clock is ${shortDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? "behind" : "ahead of"} that of ${issuer}`;
  return { code: "CLOCK_WRONG", severity: "warning", subject: profileId, message, hint: "Set the clock, for example with `timedatectl set-ntp true`." };
}
