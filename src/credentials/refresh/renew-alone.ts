import { CLOCKS_DIFFER_MS } from "../../kernel/duration.ts";
import { expected } from "../../kernel/errors.ts";
import { isSameLogin } from "../secret-text.ts";
import { askerFor } from "./ask-issuer.ts";
import { keep } from "./keep-tokens.ts";
import { memoryOf } from "./login-memory.ts";
import { needsLogin, notRenewed } from "./refresh-problems.ts";
import { type FreshCredential, type OwnLogin, type RefreshInput, USUAL_PATIENCE } from "./refresh-input.ts";
import { dueNow, type Renewal, stillGood, taken } from "./renewal.ts";
import { forgetCopies, rescuedFor } from "./rescue.ts";
import { settle } from "./settle.ts";
import { asOwn, noteAbout, roomFor, storedNow } from "./stored-entry.ts";

/** Renews a login alone among all processes, or takes over what another one did meanwhile. Throws what is wrong with the lock or the store before anybody is asked. */
export async function renewAlone(renewal: Renewal): Promise<FreshCredential> {
  const { machine, place, input, key } = renewal;
  const { lockMs, requestMs } = input.patience ?? USUAL_PATIENCE;
  const early = memoryOf(input.host).unsaved.has(key) ? undefined : settledNow(renewal);
  if (early !== undefined) return early;
  return machine.alone(place, { command: input.by, timeoutMs: lockMs }, async () => {
    const stored = asOwn(storedNow(input, renewal.seen));
    if (stored === undefined) return taken(renewal.seen, input);
    const current = await withUnsaved(stored, renewal);
    return settledAlready(current, renewal) ?? (await renew(current, renewal, requestMs));
  });
}

/** As the store stands, without waiting for anybody, and without a trace. */
function settledNow(renewal: Renewal): FreshCredential | undefined {
  const stored = asOwn(storedNow(renewal.input, renewal.seen));
  return stored === undefined ? taken(renewal.seen, renewal.input) : settledAlready(stored, renewal);
}

/** Tokens of an earlier renewal that were not stored then: now they may be. */
async function withUnsaved(stored: OwnLogin, renewal: Renewal): Promise<OwnLogin> {
  const { input, machine, key } = renewal;
  const { unsaved } = memoryOf(input.host);
  const inMemory = unsaved.get(key);
  const isMeant = inMemory !== undefined && isSameLogin(inMemory.replaces.credential, stored.credential);
  const waiting = isMeant ? inMemory.renewed : rescuedFor(machine, stored, input);
  if (waiting === undefined) return stored;
  try {
    const noted = await noteAbout(stored, waiting, input);
    if (noted === undefined) return stored;
    unsaved.delete(key);
    forgetCopies(noted, renewal);
    return noted;
  } catch (thrown) {
    expected(thrown);
    return waiting;
  }
}

/** Where nobody is to be asked. */
function settledAlready(current: OwnLogin, { input, seen, why, key }: Renewal): FreshCredential | undefined {
  const due = dueNow(current, key, input);
  const isOther = !isSameLogin(current.credential, seen.credential);
  if (isOther && due !== "expired") return { kind: "fresh", how: "adopted", profile: current };
  if (why === "when-due" && due === "fresh") return { kind: "fresh", how: "current", profile: current };
  if (current.credential.refresh.isBlank)
    return stillGood(current, due, { ...needsLogin(current), message: `${current.id} cannot renew itself: its vendor gave it no refresh token` });
  if (why === "forced") return undefined;
  if (current.login.needsLogin !== undefined) return stillGood(current, due, needsLogin(current));
  const retryAtMs = pausedUntil(current, key, input);
  return retryAtMs === undefined
    ? undefined
    : stillGood(current, due, notRenewed(current, current.login.lastRefresh?.why ?? "did not answer", input.host, retryAtMs));
}

/** No pause is believed that is longer than any that we make, nor one of a failure that lies ahead: the clock was set back since. */
const LONGEST_PAUSE_MS = 3_600_000;

function pausedUntil({ login }: OwnLogin, key: string, { host }: RefreshInput): number | undefined {
  const leftMs = (memoryOf(host).pauses.get(key) ?? 0) - host.monotonicMs();
  const { retryAtMs = 0, atMs = 0 } = login.lastRefresh ?? {};
  const storedLeftMs = retryAtMs - host.nowMs();
  const isBelieved = storedLeftMs <= LONGEST_PAUSE_MS && atMs - host.nowMs() <= CLOCKS_DIFFER_MS;
  const longest = Math.max(leftMs, isBelieved ? storedLeftMs : 0);
  return longest > 0 ? host.nowMs() + longest : undefined;
}

async function renew(current: OwnLogin, renewal: Renewal, requestMs: number): Promise<FreshCredential> {
  const { input, machine, place } = renewal;
  const { host } = input;
  const ask = await askerFor(current, input, requestMs);
  const reserve = machine.reserve(place, roomFor(host, current));
  try {
    await host.prepareHttp();
    return await machine.undisturbed(async () => {
      const began = { generation: current.login.generation, atMs: host.nowMs(), by: input.by };
      const intended: OwnLogin = { ...current, login: { ...current.login, intent: current.login.intent ?? began } };
      if ((await noteAbout(current, intended, input)) === undefined) return taken(current, input);
      const asked = await ask();
      reserve.release();
      return asked.answer.kind === "tokens"
        ? await keep(current, asked.answer.tokens, asked, renewal)
        : await settle({ before: current, intended }, asked.answer, renewal);
    });
  } finally {
    reserve.release();
  }
}
