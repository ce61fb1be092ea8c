import { assertNever, expected } from "../../kernel/errors.ts";
import { isSameLogin } from "../secret-text.ts";
import type { LastRefresh, StoredLogin } from "../stored-login.ts";
import { memoryOf } from "./login-memory.ts";
import type { FreshCredential, OwnLogin, RefreshProblem } from "./refresh-input.ts";
import { interruptedText, issuerOf, needsLogin, notRenewed } from "./refresh-problems.ts";
import { backoffMs, dueNow, failuresOf, type Renewal, stillGood, taken } from "./renewal.ts";
import { noteAbout, storedNow } from "./stored-entry.ts";
import type { TokenAnswer } from "./token-answer.ts";

type Failure = Exclude<TokenAnswer, { readonly kind: "tokens" }>;

/** The entry as it was before this attempt, and with the intent that was noted for it. */
export interface Attempt {
  readonly before: OwnLogin;
  readonly intended: OwnLogin;
}

const LOOK_AGAIN_MS = [25, 50, 100];
const LONGEST_TOLD_MS = 3_600_000;
/** A configuration does not mend itself. */
const MISCONFIGURED_MS = 600_000;

/** What follows from an answer without tokens. Only the issuer's own word ends a login; and then the tokens stay, until a person logs in again. */
export async function settle(attempt: Attempt, answer: Failure, renewal: Renewal): Promise<FreshCredential> {
  switch (answer.kind) {
    case "refused":
      return refused(attempt, answer.why, renewal);
    case "misconfigured":
      return failed(attempt, answer.why, renewal, { pauseMs: MISCONFIGURED_MS, intent: attempt.before.login.intent });
    case "declined":
      return failed(attempt, answer.why, renewal, {
        pauseMs: Math.min(answer.retryAfterMs ?? backoffMs(attempt.before, renewal.input), LONGEST_TOLD_MS),
        intent: attempt.before.login.intent,
      });
    case "unsent":
      return failed(attempt, answer.why, renewal, { pauseMs: backoffMs(attempt.before, renewal.input), intent: attempt.before.login.intent });
    case "lost":
      return failed(attempt, answer.why, renewal, { pauseMs: backoffMs(attempt.before, renewal.input), intent: attempt.intended.login.intent });
    default:
      return assertNever(answer);
  }
}

/** Perhaps somebody who won a race has written a moment ago, without our lock; otherwise only a new login helps. */
async function refused({ before, intended }: Attempt, why: string, renewal: Renewal): Promise<FreshCredential> {
  const { input } = renewal;
  for (const pauseMs of LOOK_AGAIN_MS) {
    await input.host.wait(pauseMs);
    const found = storedNow(input, before);
    if (found === undefined) break;
    if (!isSameLogin(found.credential, before.credential)) return { kind: "fresh", how: "adopted", profile: found };
  }
  const nowMs = input.host.nowMs();
  const { intent: interrupted } = before.login;
  const reason = interrupted === undefined ? `${issuerOf(before)} ${why}` : interruptedText(interrupted, nowMs);
  const { intent: _over, ...login } = intended.login;
  const lastRefresh: LastRefresh = { atMs: nowMs, by: input.by, outcome: interrupted === undefined ? "failed" : "interrupted", why };
  const after = { ...before, login: { ...login, lastRefresh, needsLogin: { sinceMs: nowMs, why: reason } } };
  return noted(after, needsLogin(after), renewal);
}

interface Then {
  readonly pauseMs: number;
  /** What stays noted: whether the refresh token may be spent. */
  readonly intent: StoredLogin["intent"];
}

function failed({ before }: Attempt, why: string, renewal: Renewal, { pauseMs, intent }: Then): Promise<FreshCredential> {
  const { input, key } = renewal;
  const nowMs = input.host.nowMs();
  const retryAtMs = Math.round(nowMs + pauseMs);
  memoryOf(input.host).pauses.set(key, input.host.monotonicMs() + pauseMs);
  const lastRefresh: LastRefresh = { atMs: nowMs, by: input.by, outcome: "failed", why, failures: failuresOf(before) + 1, retryAtMs };
  const { intent: _ours, ...login } = before.login;
  const after = { ...before, login: { ...login, ...(intent !== undefined && { intent }), lastRefresh } };
  return noted(after, notRenewed(after, why, input.host, retryAtMs), renewal);
}

/** A note that cannot be written changes nothing about what happened. */
async function noted(after: OwnLogin, problem: RefreshProblem, renewal: Renewal): Promise<FreshCredential> {
  const { input, key } = renewal;
  try {
    if ((await noteAbout(after, after, input)) === undefined) return taken(after, input);
  } catch (thrown) {
    expected(thrown);
  }
  return stillGood(after, dueNow(after, key, input), problem);
}
