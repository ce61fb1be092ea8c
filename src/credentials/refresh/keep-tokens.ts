import { type AppError, expected } from "../../kernel/errors.ts";
import type { AskedForTokens } from "./ask-for-tokens.ts";
import { memoryOf } from "./login-memory.ts";
import type { LastRefresh } from "../stored-login.ts";
import type { FreshCredential, OwnLogin, RefreshInput, RefreshProblem } from "./refresh-input.ts";
import { failedHere, notRenewed } from "./refresh-problems.ts";
import { backoffMs, dueNow, failuresOf, type Renewal, stillGood, taken } from "./renewal.ts";
import { expiresAtMs, USUAL_LIFETIME_S, usableMs } from "./renewal-times.ts";
import { forgetCopies, rescueText } from "./rescue.ts";
import { noteAbout } from "./stored-entry.ts";
import { NO_ACCESS_TOKEN, type NewTokens } from "./token-answer.ts";

const TRIES = 6;
const FIRST_PAUSE_MS = 50;

/**
 * Stores new tokens, before anybody uses them. A login or a logout during the request counts for more than its answer. First of all a rescue copy is made:
 * storing takes many steps, and whoever is killed at one of them would leave the only new token in a file that the next holder of the lock sweeps away.
 * What no disk takes is kept in memory and as that copy, and said loudly.
 */
export async function keep(before: OwnLogin, tokens: NewTokens, asked: AskedForTokens, renewal: Renewal): Promise<FreshCredential> {
  const { input, key } = renewal;
  const renewed = renewedBy(before, tokens, asked, renewal);
  remember(renewed, asked, renewal);
  const copy = copied(before, renewed, renewal);
  for (let tried = 1; ; tried++) {
    try {
      const noted = await noteAbout(before, renewed, input);
      forgetCopies(noted, renewal);
      if (noted === undefined) return taken(before, input);
      memoryOf(input.host).unsaved.delete(key);
      return outcomeOf(noted, tokens, renewal);
    } catch (thrown) {
      const failure = expected(thrown);
      if (tried === TRIES) return unsaved({ before, renewed, copy }, failure, renewal);
      await input.host.wait(FIRST_PAUSE_MS * 2 ** (tried - 1));
    }
  }
}

function renewedBy(before: OwnLogin, tokens: NewTokens, { sentAtMs }: AskedForTokens, { input }: Renewal): OwnLogin {
  const { intent: _spent, needsLogin: _mended, clockAheadMs: _earlier, ...login } = before.login;
  const lifetimeSeconds = tokens.lifetimeSeconds ?? login.lifetimeSeconds ?? USUAL_LIFETIME_S;
  const { access, refresh } = tokens;
  return {
    ...before,
    credential: {
      ...before.credential,
      access: access ?? before.credential.access,
      refresh: refresh ?? before.credential.refresh,
      expiresAtMs: access === undefined ? before.credential.expiresAtMs : expiresAtMs(sentAtMs, lifetimeSeconds),
    },
    login: {
      ...login,
      ...(access !== undefined && { obtainedAtMs: sentAtMs, lifetimeSeconds }),
      ...(tokens.scopes !== undefined && { scopes: tokens.scopes }),
      ...(tokens.aheadMs !== undefined && { clockAheadMs: tokens.aheadMs }),
      generation: login.generation + 1,
      lastRefresh: { atMs: sentAtMs, by: input.by, ...(access === undefined ? failure(before, tokens, input) : { outcome: "renewed" }) },
    },
  };
}

/** As for an issuer that gave nothing: it is not asked again at once. */
function failure(before: OwnLogin, { doubt = NO_ACCESS_TOKEN }: NewTokens, input: RefreshInput): Omit<LastRefresh, "atMs" | "by"> {
  const retryAtMs = Math.round(input.host.nowMs() + backoffMs(before, input));
  return { outcome: "failed", why: doubt, failures: failuresOf(before) + 1, retryAtMs };
}

function remember({ credential, login }: OwnLogin, { sentAtMonotonicMs }: AskedForTokens, { input: { host }, key }: Renewal): void {
  const memory = memoryOf(host);
  const { retryAtMs } = login.lastRefresh ?? {};
  const end = retryAtMs === undefined ? sentAtMonotonicMs + usableMs(login.lifetimeSeconds ?? USUAL_LIFETIME_S) : memory.ends.get(key)?.untilMonotonicMs;
  if (end !== undefined) memory.ends.set(key, { credential, untilMonotonicMs: end });
  if (retryAtMs === undefined) memory.pauses.delete(key);
  else memory.pauses.set(key, host.monotonicMs() + retryAtMs - host.nowMs());
}

function outcomeOf(renewed: OwnLogin, { access, doubt = NO_ACCESS_TOKEN }: NewTokens, { input, key }: Renewal): FreshCredential {
  if (access !== undefined) return { kind: "fresh", how: "renewed", profile: renewed };
  const problem = notRenewed(renewed, doubt, input.host, renewed.login.lastRefresh?.retryAtMs, "The new refresh token was kept.");
  return stillGood(renewed, dueNow(renewed, key, input), problem);
}

/** Where the copy is, or why there is none. */
type Copy = { readonly file: string } | { readonly failure: AppError };

function copied(before: OwnLogin, renewed: OwnLogin, { input, machine, place }: Renewal): Copy {
  try {
    return { file: machine.rescue(place, rescueText(input.host, before, renewed, input)) };
  } catch (thrown) {
    return { failure: expected(thrown) };
  }
}

interface Unsaved {
  readonly before: OwnLogin;
  readonly renewed: OwnLogin;
  readonly copy: Copy;
}

function unsaved({ before, renewed, copy }: Unsaved, failure: AppError, { input, key }: Renewal): FreshCredential {
  memoryOf(input.host).unsaved.set(key, { replaces: before, renewed });
  const problem: RefreshProblem = { ...failedHere(renewed, failure), ...whereItIs(renewed, copy, failure), code: "TOKENS_UNSAVED" };
  input.warn(`${problem.message}. ${problem.hint}`);
  return { kind: "fresh", how: "renewed", profile: renewed, problem };
}

function whereItIs({ id }: OwnLogin, copy: Copy, failure: AppError): Pick<RefreshProblem, "message" | "hint"> {
  const message = `${id} was renewed, but its new tokens could not be stored: ${failure.message}`;
  if ("file" in copy)
    return {
      message: `${message}; they are kept in ${copy.file}`,
      hint: `${failure.hint} The next command that needs this login puts them in their place; that file is gone after a restart.`,
    };
  return {
    message: `${message}, and nowhere else either (${copy.failure.message})`,
    hint: `${failure.hint} While this program runs it has them; after that, log in again.`,
  };
}
