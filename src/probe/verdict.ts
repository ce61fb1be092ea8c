import type { FailureDetail, FailureReason, UpstreamFailure } from "../chat/failure.ts";
import { REPLACE_HINT } from "../credentials/replace-hint.ts";
import { redactStrictly } from "../kernel/redact.ts";
import type { ProbeRow, ProbeStatus } from "./summary.ts";

export type Verdict = Pick<ProbeRow, "status" | "error" | "reason" | "detail" | "httpStatus" | "resetAt" | "hint">;

/** The old word for each class. A 400 is never healthy, and what nobody had a word for is `unknown`; `reason` says it exactly. */
const STATUS: Readonly<Record<FailureReason, ProbeStatus>> = {
  auth: "auth",
  permission: "auth",
  billing: "billing",
  rate_limit: "rate_limit",
  usage_limit: "rate_limit",
  overloaded: "rate_limit",
  timeout: "timeout",
  network: "unknown",
  context_length: "format",
  content_filter: "unknown",
  format: "format",
  model_not_found: "unknown",
  unknown: "unknown",
  cancelled: "unknown",
};

const SENTENCES: Readonly<Record<FailureReason, string>> = {
  auth: "rejects the credential",
  permission: "knows the credential, but does not allow it this model",
  billing: "has nothing left to pay with",
  rate_limit: "is over a limit",
  usage_limit: "is over a limit that lasts",
  overloaded: "is overloaded: the vendor's fault, not the account's",
  timeout: "did not answer in time",
  network: "could not be reached",
  context_length: "finds the request too long",
  content_filter: "filtered the question or the answer",
  format: "refuses the request as wrong",
  model_not_found: "has no such model",
  unknown: "failed in a way that has no name",
  cancelled: "was not waited for",
};

/** Stronger than the sentence of the class. */
const DETAILS: Readonly<Partial<Record<FailureDetail, string>>> = {
  expired: "says that the credential has expired",
  clock: "says that the time of this machine is wrong",
  region: "does not serve this country or address",
  suspended: "says that the account is closed or suspended",
  agreement: "wants its terms accepted first",
  spend_limit: "is stopped by a limit on spending",
  plan: "does not include this model in the account's plan",
  loading: "is still loading the model",
  connect: "could not be connected to in time",
  first_byte: "took the request and said nothing in time",
  idle: "began to answer and stopped",
  total: "began to answer and did not finish in time",
  vendor: "says itself that it took too long",
  refused: "is not there: nobody listens at that address",
  dns: "is not there: its name leads to no address",
  unreachable: "is not there: no network leads to it",
  tls: "cannot be trusted: TLS failed",
  reset: "broke the connection",
  cut: "ended before its answer did",
  html: "answered with a web page: a proxy, a login page or a wrong address",
  redirect: "sends on to another address, which is not followed",
  proxy: "could not be asked: the proxy on the way failed",
  output_floor: "wants more room for its answer",
  answer_too_large: "sent more than is read",
  translated: "refuses the request as it was translated",
  address: "has nothing at that address",
  retired: "no longer has that model",
  server: "is in trouble itself",
  empty: "answered with nothing",
  unreadable: "answered something that is no answer",
};

/** What to do about it, as a sentence. */
const HINTS: Readonly<Partial<Record<FailureReason | FailureDetail, string>>> = {
  auth: REPLACE_HINT,
  clock: "Set the clock of this machine.",
  region: "Use another provider: it is not the credential that is refused.",
  suspended: "Ask the vendor why, or add a fallback of another provider.",
  permission: "Choose a model that the account may use, or ask its owner.",
  agreement: "Accept them in the vendor's console, or choose another model.",
  billing: "Look at the account's balance with the vendor, or add a fallback of another provider.",
  spend_limit: "Raise that limit with the vendor, or add a fallback of another provider.",
  plan: "Choose a model of the plan, or another plan.",
  refused: "Start the server, or correct its baseUrl.",
  dns: "Check the baseUrl and the connection to the internet.",
  tls: "Check the baseUrl: http or https, and whose certificate it shows.",
  html: "Check the baseUrl: most end in /v1.",
  redirect: "Write the address that it leads to as the baseUrl.",
  address: "Check the baseUrl: most end in /v1.",
  model_not_found: "Look at what there is: `{cli} models list --all`.",
  output_floor: "Ask again with a larger --max-tokens.",
  timeout: "Ask again with a longer --timeout; a local server may still be loading the model.",
  proxy: "Check the proxy that the environment names: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.",
};

const SHOWN_CHARACTERS = 200;

/** What a failure means for who asked. The vendor's own words follow ours, without secrets. */
export function verdictOf(failure: UpstreamFailure, nowMs: number): Verdict {
  const { reason, detail, status, code, message, retryAfterMs } = failure;
  const facts = [status, code].filter((fact) => fact !== undefined).join(" ");
  const said = message === undefined ? "" : redactStrictly(message.slice(0, 2000)).replace(/\s+/g, " ").trim().replace(/\.$/, "");
  const sentence = (detail === undefined ? undefined : DETAILS[detail]) ?? SENTENCES[reason];
  const shown = said.length > SHOWN_CHARACTERS ? `${said.slice(0, SHOWN_CHARACTERS)}…` : said;
  return {
    status: STATUS[reason],
    error: `${sentence}${facts === "" ? "" : ` (${redactStrictly(facts)})`}${shown === "" ? "" : `: ${shown}`}`,
    reason,
    detail: detail ?? null,
    httpStatus: status ?? null,
    resetAt: retryAfterMs === undefined ? null : Math.round(nowMs + retryAfterMs),
    hint: (detail === undefined ? undefined : HINTS[detail]) ?? HINTS[reason] ?? null,
  };
}

export function healthy(httpStatus: number | null): Verdict {
  return { status: "ok", reason: null, detail: null, httpStatus, resetAt: null, hint: null };
}
