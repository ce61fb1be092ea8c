import type { Host } from "../kernel/host.ts";
import type { Secret } from "../kernel/secret.ts";
import { isBlank } from "./health.ts";
import { readFromKeyring } from "./keyring.ts";
import type { AuthProfile, Credential, SecretReference } from "./profile.ts";
import { referenceText } from "./reference.ts";
import { type AskingFor, askProgram, environmentFor, type ResolvedSecret } from "./secret-program.ts";

/** What `resolveSecret` needs to know besides the profile. */
export type ResolveOptions = Omit<AskingFor, "host">;

const HOUR_MS = 3_600_000;
const FIVE_MINUTES_MS = 300_000;

interface Kept {
  readonly answer: Extract<ResolvedSecret, { kind: "secret" }>;
  /** Of the clock that never goes back: the other one may be put back by hours. */
  readonly untilMs: number;
}

/** By machine, then by reference: what a program gave is asked for again when it says so, after an hour at most; without a word of that after five minutes. */
const kept = new WeakMap<Host, Map<string, Kept>>();

/**
 * The secret of a profile, at the moment when it is needed: of a login the access token. Programs and the keychain are asked now, and what they give is
 * kept in memory. Never throws: a reference that leads nowhere is an answer with its reason, as the rest of a sentence after "but", and what to do.
 */
export async function resolveSecret(host: Host, profile: AuthProfile, options: ResolveOptions): Promise<ResolvedSecret> {
  const { credential, reference, unresolved, unresolvedHint } = profile;
  if (unresolved !== undefined) return { kind: "unresolved", reason: unresolved, hint: unresolvedHint ?? "See `{cli} doctor`." };
  if (!isBlank(credential)) return { kind: "secret", secret: secretOf(credential) };
  if (reference === undefined) return { kind: "unresolved", reason: "it holds no secret", hint: "Store a new one in its place." };
  const memory = kept.get(host) ?? new Map<string, Kept>();
  kept.set(host, memory);
  const key = referenceText(reference);
  const known = memory.get(key);
  if (known !== undefined && known.untilMs > host.monotonicMs() && !isOver(known.answer, host)) return known.answer;
  const answer = lookUp(reference, { host, ...options });
  memory.delete(key);
  if (answer.kind === "secret") memory.set(key, { answer, untilMs: host.monotonicMs() + keptMs(answer.expiresAtMs, host.nowMs()) });
  return answer;
}

function keptMs(expiresAtMs: number | undefined, nowMs: number): number {
  return expiresAtMs === undefined ? FIVE_MINUTES_MS : Math.min(expiresAtMs - nowMs, HOUR_MS);
}

/** The clock was put right meanwhile, or the machine slept. */
function isOver({ expiresAtMs }: Kept["answer"], host: Host): boolean {
  return expiresAtMs !== undefined && expiresAtMs <= host.nowMs();
}

function lookUp(reference: SecretReference, asking: AskingFor): ResolvedSecret {
  if (reference.kind === "exec") return askProgram(reference.command, asking);
  if (reference.kind === "keyring") return fromKeyring(reference, asking);
  return {
    kind: "unresolved",
    reason: "it was not looked up when the accounts were read",
    hint: "This is a bug. Please report it with the command that you ran.",
  };
}

function fromKeyring(place: Extract<SecretReference, { kind: "keyring" }>, asking: AskingFor): ResolvedSecret {
  const found = readFromKeyring({ ...asking, env: environmentFor(asking) }, place);
  if (found.kind === "secret") return found;
  if (found.kind === "failed") return { kind: "unresolved", reason: found.reason, hint: found.hint };
  const hint = `Store it again: \`{cli} models auth add\`, or with the system's own program as service ${place.service}, account ${place.account}.`;
  return { kind: "unresolved", reason: "the keychain has nothing of that name", hint };
}

function secretOf(credential: Credential): Secret {
  if (credential.kind === "api_key") return credential.key;
  if (credential.kind === "token") return credential.token;
  return credential.access;
}
