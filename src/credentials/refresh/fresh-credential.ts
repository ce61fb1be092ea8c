import { shortDuration } from "../../kernel/duration.ts";
import { expected } from "../../kernel/errors.ts";
import type { RefreshMachine } from "../../kernel/refresh-machine.ts";
import { expiryOf } from "../health.ts";
import type { AuthProfile } from "../profile.ts";
import { isSameAccess } from "../secret-text.ts";
import { memoryOf, newerOf, rememberNewer } from "./login-memory.ts";
import { type FreshCredential, isOwnLogin, type OwnLogin, type RefreshInput, type RefreshProblem } from "./refresh-input.ts";
import { failedHere, issuerOf } from "./refresh-problems.ts";
import { dueNow, type RenewWhy, stillGood } from "./renewal.ts";
import { renewAlone } from "./renew-alone.ts";
import { asOwn, placeOf, storedNow } from "./stored-entry.ts";

/**
 * A credential to use now. A login of ours is renewed when it is due: once in this process, alone among all processes, and stored before it is used. Keys,
 * tokens and logins that other programs renew are given back as they are, or are `unusable` when they are past their end. Secrets that only a reference
 * names are not looked up. Never throws for what a disk, the network or the issuer does.
 */
export async function freshCredential(input: RefreshInput, profile: AuthProfile): Promise<FreshCredential> {
  if (!isOwnLogin(profile)) return asItIs(profile, input.host.nowMs());
  return named(profile, async () => {
    const machine = await input.host.refreshing();
    const key = keyOf(machine, profile);
    const known = newerOf(input.host, key, profile);
    const due = dueNow(known, key, input);
    if (due === "fresh") return { kind: "fresh", how: "current", profile: known };
    const renewing = renewOnce(input, machine, known, "when-due");
    if (due === "expired" || input.lives === "short") return renewing;
    return { kind: "fresh", how: "current", profile: known };
  });
}

/** Renews whether it is due or not, and whatever our notes say against it: a person asked. */
export async function renewNow(input: RefreshInput, profile: OwnLogin): Promise<FreshCredential> {
  return named(profile, async () => renewOnce(input, await input.host.refreshing(), profile, "forced"));
}

const ONCE_IN_MS = 30_000;

/**
 * After a vendor answered 401 to `used`, which had not expired. Tokens that were stored since are taken over; otherwise it is renewed, unless that happened
 * within 30 s: then the vendor means the account, and the answer is `unusable`. Ask once a request.
 */
export async function refreshAfter401(input: RefreshInput, used: AuthProfile): Promise<FreshCredential> {
  if (!isOwnLogin(used)) return { kind: "unusable", profile: used, problem: rejected(used, "it is not renewed by this program") };
  return named(used, async () => {
    const machine = await input.host.refreshing();
    const stored = asOwn(storedNow(input, used)) ?? used;
    const isNewer = !isSameAccess(stored.credential, used.credential);
    const sinceMs = input.host.nowMs() - stored.login.obtainedAtMs;
    if (isNewer && dueNow(stored, keyOf(machine, stored), input) !== "expired") return { kind: "fresh", how: "adopted", profile: stored };
    if (!isNewer && sinceMs >= 0 && sinceMs < ONCE_IN_MS)
      return { kind: "unusable", profile: stored, problem: rejected(stored, `it was renewed ${Math.ceil(sinceMs / 1000)}s ago`) };
    const renewed = await renewOnce(input, machine, stored, "rejected");
    const isOther = !isSameAccess(renewed.profile.credential, used.credential);
    if (renewed.kind === "unusable" || isOther) return renewed;
    return { kind: "unusable", profile: renewed.profile, problem: renewed.problem ?? rejected(used, `${issuerOf(used)} gave no other`) };
  });
}

/** Resolves when no renewal of this process is under way: before it ends. */
export async function renewalsDone({ host }: Pick<RefreshInput, "host">): Promise<void> {
  await Promise.all(memoryOf(host).flights.values());
}

/** The renewal of this login that is under way, or a new one. */
function renewOnce(input: RefreshInput, machine: RefreshMachine, profile: OwnLogin, why: RenewWhy): Promise<FreshCredential> {
  const { flights } = memoryOf(input.host);
  const key = keyOf(machine, profile);
  const flying = flights.get(key);
  if (flying !== undefined) return flying;
  const flight = guarded(input, machine, profile, why).finally(() => flights.delete(key));
  flights.set(key, flight);
  return flight;
}

async function guarded(input: RefreshInput, machine: RefreshMachine, profile: OwnLogin, why: RenewWhy): Promise<FreshCredential> {
  const key = keyOf(machine, profile);
  try {
    const fresh = await renewAlone({ input, machine, place: placeOf(profile), key, seen: profile, why });
    if (isOwnLogin(fresh.profile)) rememberNewer(input.host, key, profile, fresh.profile);
    return fresh;
  } catch (thrown) {
    return stillGood(profile, dueNow(profile, key, input), failedHere(profile, expected(thrown)));
  }
}

/** What is wrong with a store or its folder is an answer too. */
async function named(profile: OwnLogin, act: () => Promise<FreshCredential>): Promise<FreshCredential> {
  try {
    return await act();
  } catch (thrown) {
    return { kind: "unusable", profile, problem: failedHere(profile, expected(thrown)) };
  }
}

function keyOf(machine: RefreshMachine, profile: OwnLogin): string {
  return machine.keyOf(placeOf(profile));
}

function asItIs(profile: AuthProfile, nowMs: number): FreshCredential {
  const expiresAtMs = expiryOf(profile);
  if (expiresAtMs === undefined || expiresAtMs > nowMs) return { kind: "fresh", how: "current", profile };
  return { kind: "unusable", profile, problem: expired(profile, `expired ${shortDuration(nowMs - expiresAtMs)} ago`) };
}

function expired({ id, provider, credential }: AuthProfile, says: string): RefreshProblem {
  if (credential.kind !== "oauth") return { code: "CREDENTIAL_EXPIRED", message: `${id} ${says}`, hint: "Store a new one in its place." };
  return {
    code: "CREDENTIAL_EXPIRED",
    message: `${id} ${says}, and belongs to the program that made it: only that one renews it`,
    hint: `Use that program once, or make a login of your own: \`{cli} models auth login --provider ${provider}\`.`,
  };
}

function rejected({ id }: AuthProfile, why: string): RefreshProblem {
  return { code: "CREDENTIAL_REJECTED", message: `the vendor rejected ${id}, and ${why}`, hint: "See `{cli} models auth show " + id + "`." };
}
