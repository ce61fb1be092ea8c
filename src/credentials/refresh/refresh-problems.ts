import { shortDuration } from "../../kernel/duration.ts";
import type { AppError } from "../../kernel/errors.ts";
import type { Host } from "../../kernel/host.ts";
import type { RefreshIntent } from "../stored-login.ts";
import type { OwnLogin, RefreshProblem } from "./refresh-input.ts";

/** The login's issuer, as sentences name it: its host alone, or who asks it. */
export function issuerOf({ login }: Pick<OwnLogin, "login">): string {
  if (login.program !== undefined) return `the program of the plugin ${login.program}`;
  return URL.canParse(login.tokenUrl) ? new URL(login.tokenUrl).host : "the issuer";
}

export function loginAgain({ provider, id }: Pick<OwnLogin, "provider" | "id">): string {
  return `Log in again: \`{cli} models auth login --provider ${provider} --profile-id ${id}\`.`;
}

export function needsLogin(login: OwnLogin): RefreshProblem {
  const why = login.login.needsLogin?.why ?? "it cannot be renewed";
  return { code: "NEEDS_LOGIN", message: `${login.id} needs a new login: ${why}`, hint: loginAgain(login) };
}

const AS_IT_WAS = "Its login is as it was.";
const PERHAPS_SPENT = "Its refresh token may be spent; the next renewal shows whether a new login is needed.";

/** `why` goes on from who was asked. An intent that is still noted stands for an answer that was lost. */
export function notRenewed(login: OwnLogin, why: string, host: Host, retryAtMs?: number, left = leftOf(login)): RefreshProblem {
  const waitMs = retryAtMs === undefined ? 0 : retryAtMs - host.nowMs();
  const when = waitMs <= 0 ? "" : ` It is not asked again for ${waitMs < 60_000 ? `${Math.ceil(waitMs / 1000)}s` : shortDuration(waitMs)}.`;
  return {
    code: "REFRESH_FAILED",
    message: `${login.id} was not renewed: ${issuerOf(login)} ${why}`,
    hint: `${left}${when} To try at once: \`{cli} models auth refresh ${login.id} --force\`.`,
  };
}

function leftOf({ login }: OwnLogin): string {
  return login.intent === undefined ? AS_IT_WAS : PERHAPS_SPENT;
}

export function failedHere({ id }: Pick<OwnLogin, "id">, { code, message, hint }: AppError): RefreshProblem {
  return { code, message: `${id} was not renewed, and nobody was asked: ${message}`, hint };
}

export function gone({ id }: Pick<OwnLogin, "id">): RefreshProblem {
  return { code: "PROFILE_UNKNOWN", message: `${id} was removed while it was being renewed`, hint: "See `{cli} models auth list`." };
}

/** "an earlier renewal, begun by the gateway 3m ago, was interrupted, and its answer lost". */
export function interruptedText({ by, atMs }: RefreshIntent, nowMs: number): string {
  return `an earlier renewal (${by}, ${shortDuration(nowMs - atMs)} before) was interrupted and its answer lost, and the refresh token is now refused`;
}
