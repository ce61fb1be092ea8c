import type { FailureDetail, FailureReason, UpstreamFailure } from "../chat/failure.ts";
import { REPLACE_HINT } from "../credentials/replace-hint.ts";
import { shortDuration } from "../kernel/duration.ts";

/** Why an account could not be asked, as it is kept and shown: nothing that the vendor wrote is in it, and of a plugin's program one line without secrets. */
export interface UsageFailure {
  readonly reason: FailureReason;
  /** The end of a sentence that begins with who was asked. */
  readonly why: string;
  readonly hint: string | null;
  readonly status: number | null;
}

const SENTENCES: Readonly<Record<FailureReason, string>> = {
  auth: "does not accept the credential",
  permission: "does not let this credential see what is left",
  billing: "says that there is nothing left to pay with",
  rate_limit: "was asked too often",
  usage_limit: "is over a limit that lasts",
  overloaded: "is overloaded",
  timeout: "did not answer",
  network: "could not be reached",
  context_length: "answered something that is not known as usage",
  content_filter: "answered something that is not known as usage",
  format: "refuses the question",
  model_not_found: "has nothing about usage at that address",
  unknown: "answered something that is not known as usage",
  cancelled: "was not waited for",
};

const DETAILS: Readonly<Partial<Record<FailureDetail, string>>> = {
  expired: "says that the credential has expired",
  region: "does not serve this country or address",
  suspended: "says that the account is closed or suspended",
  refused: "is not there: nobody listens at that address",
  dns: "is not there: its name leads to no address",
  unreachable: "is not there: no network leads to it",
  tls: "cannot be trusted: TLS failed",
  reset: "broke the connection",
  cut: "broke off in the middle of its answer",
  html: "answered with a web page",
  redirect: "sends on to another address, which is not followed",
  proxy: "could not be asked: the proxy on the way failed",
  answer_too_large: "sent more than is read",
  server: "is in trouble itself",
};

const HINTS: Readonly<Partial<Record<FailureReason | FailureDetail, string>>> = {
  auth: REPLACE_HINT,
  region: "Use another provider: it is not the credential that is refused.",
  suspended: "Ask the vendor why, or add a fallback of another provider.",
  dns: "Check the connection to the internet, and the baseUrl.",
  unreachable: "Check the connection to the internet.",
  refused: "Start the server, or correct its baseUrl.",
  proxy: "Check the proxy that the environment names: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.",
  timeout: "Ask again with a longer --timeout.",
};

/** A failure in words. `timeoutMs`: how long was waited. */
export function inWords({ reason, detail, status }: Pick<UpstreamFailure, "reason" | "detail" | "status">, timeoutMs: number): UsageFailure {
  const sentence = (detail === undefined ? undefined : DETAILS[detail]) ?? SENTENCES[reason];
  const more = reason === "timeout" ? ` within ${timeoutMs < 60_000 ? `${timeoutMs / 1000} s` : shortDuration(timeoutMs)}` : "";
  const hint = (detail === undefined ? undefined : HINTS[detail]) ?? HINTS[reason] ?? null;
  return { reason, why: `${sentence}${more}${status === undefined ? "" : ` (${status})`}`, hint, status: status ?? null };
}
