import { AppError } from "../../kernel/errors.ts";
import type { Asked } from "./ask-for-tokens.ts";
import { memoryOf } from "./login-memory.ts";
import type { FreshCredential, OwnLogin, RefreshProblem } from "./refresh-input.ts";
import { failedHere, issuerOf } from "./refresh-problems.ts";
import { type Renewal, taken } from "./renewal.ts";
import { expiresAtMs, USUAL_LIFETIME_S, usableMs } from "./renewal-times.ts";
import { rescueText } from "./rescue.ts";
import { noteAbout } from "./stored-entry.ts";
import type { NewTokens } from "./token-answer.ts";

const TRIES = 6;
const FIRST_PAUSE_MS = 50;

/**
 * Stores new tokens, before anybody uses them. A login or a logout during the request counts for more than its answer. What no disk takes is kept in
 * memory and as a rescue copy, and said loudly.
 */
export async function keep(before: OwnLogin, tokens: NewTokens, asked: Asked, renewal: Renewal): Promise<FreshCredential> {
  const { input, machine, place, key } = renewal;
  const renewed = renewedBy(before, tokens, asked, renewal);
  remember(renewed, asked, renewal);
  for (let tried = 1; ; tried++) {
    try {
      if ((await noteAbout(before, renewed, input)) === "other") return taken(before, input);
      memoryOf(input.host).unsaved.delete(key);
      machine.forgetRescued(place);
      return outcomeOf(renewed, tokens);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      if (tried === TRIES) return unsaved(before, renewed, thrown, renewal);
      await input.host.wait(FIRST_PAUSE_MS * 2 ** (tried - 1));
    }
  }
}

function renewedBy(before: OwnLogin, tokens: NewTokens, { sentAtMs }: Asked, { input }: Renewal): OwnLogin {
  const { intent: _spent, needsLogin: _mended, clockAheadMs: _earlier, ...login } = before.login;
  const lifetimeSeconds = tokens.lifetimeSeconds ?? login.lifetimeSeconds ?? USUAL_LIFETIME_S;
  const { access, refresh, doubt } = tokens;
  const last = { atMs: sentAtMs, by: input.by };
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
      lastRefresh: access === undefined ? { ...last, outcome: "failed", why: doubt ?? "answered without an access token" } : { ...last, outcome: "renewed" },
    },
  };
}

function remember({ credential, login }: OwnLogin, { sentAtMonotonicMs }: Asked, { input: { host }, key }: Renewal): void {
  const memory = memoryOf(host);
  memory.pauses.delete(key);
  memory.ends.set(key, { credential, untilMonotonicMs: sentAtMonotonicMs + usableMs(login.lifetimeSeconds ?? USUAL_LIFETIME_S) });
}

function outcomeOf(renewed: OwnLogin, { access, doubt }: NewTokens): FreshCredential {
  if (access !== undefined) return { kind: "fresh", how: "renewed", profile: renewed };
  const message = `${renewed.id} was not renewed: ${issuerOf(renewed)} ${doubt ?? "answered without an access token"}`;
  return { kind: "unusable", profile: renewed, problem: { code: "REFRESH_FAILED", message, hint: "The new refresh token was kept. Try again later." } };
}

function unsaved(before: OwnLogin, renewed: OwnLogin, failure: AppError, renewal: Renewal): FreshCredential {
  const { input, key } = renewal;
  memoryOf(input.host).unsaved.set(key, { replaces: before, renewed });
  const problem: RefreshProblem = { ...failedHere(renewed, failure), ...rescueIt(before, renewed, failure, renewal), code: "TOKENS_UNSAVED" };
  input.warn(`${problem.message}. ${problem.hint}`);
  return { kind: "fresh", how: "renewed", profile: renewed, problem };
}

function rescueIt(before: OwnLogin, renewed: OwnLogin, failure: AppError, { input, machine, place }: Renewal): Pick<RefreshProblem, "message" | "hint"> {
  const message = `${renewed.id} was renewed, but its new tokens could not be stored: ${failure.message}`;
  try {
    const file = machine.rescue(place, rescueText(input.host, before, renewed, input));
    return {
      message: `${message}; they are kept in ${file}`,
      hint: `${failure.hint} The next command that needs this login puts them in their place; that file is gone after a restart.`,
    };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return {
      message: `${message}, and nowhere else either (${thrown.message})`,
      hint: `${failure.hint} While this program runs it has them; after that, log in again.`,
    };
  }
}
