import { AppError, expected } from "../../kernel/errors.ts";
import type { Host } from "../../kernel/host.ts";
import { objectAt, parseJson } from "../../kernel/json-value.ts";
import { type ProviderId, toProviderId } from "../../kernel/ids.ts";
import type { LoginMachine } from "../../kernel/login-machine.ts";
import { Secret } from "../../kernel/secret.ts";
import { holdsShape } from "../../kernel/secret-shapes.ts";
import type { LoginMethod } from "../../provider/login-method.ts";
import { storedEntry } from "../store-entry.ts";
import { readStoredEntry } from "../stored-profile.ts";
import type { LoginResult } from "./contract.ts";
import { loginExpired } from "./failures.ts";
import type { Setup } from "./setup.ts";

/** A login between its two steps. The client's secret is not kept: it is read again. */
export interface PendingLogin {
  /** Nobody guesses it. */
  readonly handle: string;
  readonly provider: ProviderId;
  readonly method: LoginMethod;
  readonly clientId: string | undefined;
  readonly clientSecretVariable?: string;
  /** The command's own words. */
  readonly notes: Readonly<Record<string, string>>;
  readonly startedAtMs: number;
  readonly expiresAtMs: number;
  readonly step: PendingStep;
}

export type PendingStep =
  | { readonly kind: "code"; readonly setup: Setup; readonly redirectUri: string; readonly state: string; readonly verifier: Secret }
  | { readonly kind: "device"; readonly setup: Setup; readonly deviceCode: Secret; readonly intervalSeconds: number }
  | { readonly kind: "key"; readonly redirectUri: string; readonly verifier: Secret }
  /** What brings back to a plugin's program whatever it needs. */
  | { readonly kind: "program"; readonly returned: Secret; readonly intervalSeconds: number }
  /** What the vendor gave, as an entry of a store: nobody is left to ask, only storing it failed. */
  | { readonly kind: "received"; readonly entry: Secret; readonly grantedScopes: readonly string[] };

/** Where they are kept, and by whom. */
export interface PendingPlace {
  readonly host: Host;
  readonly machine: LoginMachine;
  readonly stateDir: string;
}

const VERSION = 1;
/** More than a vendor's whole answer. */
const LARGEST_BYTES = 128 * 1024;
const HANDLE_BYTES = 18;
const HANDLE = /^h[\w-]{23}$/;

/** Begins with a letter: it is given on command lines. One that looks like a key of Hugging Face, `hf_…`, would be struck out where it is shown. */
export function newHandle(machine: LoginMachine): string {
  for (;;) {
    const handle = `h${machine.randomToken(HANDLE_BYTES).slice(1)}`;
    if (!holdsShape(handle)) return handle;
  }
}

/** 0600, as everything that `replaceFile` writes. A login that a power cut takes is begun once more. */
export function keepPending(place: PendingPlace, pending: PendingLogin): void {
  write(place, pending, "unflushed");
}

function write(place: PendingPlace, pending: PendingLogin, after: "flushed" | "unflushed"): void {
  const secrets = Object.entries(pending.step).flatMap(([name, value]) => (value instanceof Secret ? [[name, value.reveal()] as const] : []));
  const kept = { version: VERSION, ...pending, step: { ...pending.step, ...Object.fromEntries(secrets) } };
  place.host.replaceFile(fileOf(place, pending.handle), `${JSON.stringify(kept)}\n`, after);
}

/** Whoever has to make room first is given longer than who has to agree. */
const RECEIVED_MS = 24 * 60 * 60_000;

/** Keeps what cannot be got a second time until it is stored, for a day. `lost`: this disk does not take it either. */
export function keepReceived(place: PendingPlace, pending: PendingLogin, result: LoginResult): "kept" | "lost" {
  if (result.kind !== "credential") return "lost";
  const { credential, email, login, grantedScopes = [] } = result;
  const content = { provider: pending.provider, credential, ...(email !== undefined && { email }), ...(login !== undefined && { login }) };
  const entry = new Secret(JSON.stringify(storedEntry(content, undefined, toProviderId)));
  try {
    write(place, { ...pending, expiresAtMs: place.host.nowMs() + RECEIVED_MS, step: { kind: "received", entry, grantedScopes } }, "flushed");
    return "kept";
  } catch (thrown) {
    expected(thrown);
    return "lost";
  }
}

/** undefined of what is damaged. */
export function receivedIn({ entry, grantedScopes }: Extract<PendingStep, { kind: "received" }>): LoginResult | undefined {
  const read = readStoredEntry(parseJson(entry.reveal()));
  if (read.kind === "broken") return undefined;
  const { credential, email, login } = read;
  return { kind: "credential", credential, ...(email !== undefined && { email }), ...(login !== undefined && { login }), grantedScopes };
}

/** What was started under that handle. Throws LOGIN_HANDLE_UNKNOWN, LOGIN_EXPIRED. */
export function pendingLogin(place: PendingPlace, handle: string): PendingLogin {
  const pending = HANDLE.test(handle) ? readPending(place, handle) : undefined;
  if (pending === undefined) {
    throw new AppError("LOGIN_HANDLE_UNKNOWN", "no login was started under that handle, or it is finished", {
      hint: "Start one with `{cli} models auth login --start`; it prints the handle.",
    });
  }
  if (pending.expiresAtMs > place.host.nowMs()) return pending;
  forgetPending(place, handle);
  throw loginExpired();
}

export function forgetPending(place: PendingPlace, handle: string): void {
  place.machine.remove(fileOf(place, handle));
}

/** What a writer that was killed leaves of a file in the making, whose handle nobody was told. */
const UNFINISHED = /^\.h[\w-]{23}\.json\..+\.tmp$/;
/** Such a file is renamed in the same instant; disks and machines may differ by a little in what time it is. */
const LONGEST_WRITE_MS = 60_000;

/** Removes those that nobody can finish any more. */
export function sweepPending(place: PendingPlace): void {
  for (const { name } of place.host.listFolder(folderOf(place))) {
    if (UNFINISHED.test(name)) removeAbandoned(place, name);
    const handle = name.replace(/\.json$/, "");
    if (!HANDLE.test(handle)) continue;
    const pending = readPending(place, handle);
    if (pending === undefined || pending.expiresAtMs <= place.host.nowMs()) forgetPending(place, handle);
  }
}

function removeAbandoned(place: PendingPlace, name: string): void {
  const { host, machine } = place;
  const file = host.paths.join(folderOf(place), name);
  const facts = host.inspect(file);
  if (facts?.kind === "file" && Math.abs(host.nowMs() - facts.modifiedMs) >= LONGEST_WRITE_MS) machine.remove(file);
}

function readPending(place: PendingPlace, handle: string): PendingLogin | undefined {
  const read = place.host.readText(fileOf(place, handle), LARGEST_BYTES);
  const fields = read.kind === "text" ? objectAt(parseJson(read.text)) : undefined;
  const step = objectAt(fields?.["step"]);
  if (fields === undefined || step === undefined || fields["version"] !== VERSION || fields["handle"] !== handle) return undefined;
  const kept = fields as unknown as PendingLogin & { readonly version: number };
  const { verifier, deviceCode, returned, entry } = step;
  const secrets = {
    ...(typeof verifier === "string" && { verifier: new Secret(verifier) }),
    ...(typeof deviceCode === "string" && { deviceCode: new Secret(deviceCode) }),
    ...(typeof returned === "string" && { returned: new Secret(returned) }),
    ...(typeof entry === "string" && { entry: new Secret(entry) }),
  };
  const isWhole = Object.keys(secrets).length > 0 && objectAt(objectAt(kept.method)?.["flow"]) !== undefined && objectAt(kept.notes) !== undefined;
  if (!isWhole || ((kept.step.kind === "code" || kept.step.kind === "device") && objectAt(kept.step.setup) === undefined)) return undefined;
  const { version: _, ...pending } = { ...kept, provider: toProviderId(String(kept.provider)), step: { ...kept.step, ...secrets } };
  return pending;
}

function folderOf({ host, stateDir }: PendingPlace): string {
  return host.paths.join(stateDir, "signalbox", "logins");
}

function fileOf(place: PendingPlace, handle: string): string {
  return place.host.paths.join(folderOf(place), `${handle}.json`);
}
