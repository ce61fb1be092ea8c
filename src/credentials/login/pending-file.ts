import { AppError } from "../../kernel/errors.ts";
import type { Host } from "../../kernel/host.ts";
import { parseJson } from "../../kernel/json-value.ts";
import { type ProviderId, toProviderId } from "../../kernel/ids.ts";
import type { LoginMachine } from "../../kernel/login-machine.ts";
import { Secret } from "../../kernel/secret.ts";
import type { LoginMethod } from "../../provider/login-method.ts";
import { asFields } from "../stored-profile.ts";
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
  | { readonly kind: "program"; readonly returned: Secret; readonly intervalSeconds: number };

/** Where they are kept, and by whom. */
export interface PendingPlace {
  readonly host: Host;
  readonly machine: LoginMachine;
  readonly stateDir: string;
}

const VERSION = 1;
const LARGEST_BYTES = 64 * 1024;
const HANDLE_BYTES = 18;
const HANDLE = /^h[\w-]{23}$/;

/** Begins with a letter: it is given on command lines. */
export function newHandle(machine: LoginMachine): string {
  return `h${machine.randomToken(HANDLE_BYTES).slice(1)}`;
}

/** 0600, as everything that `replaceFile` writes. */
export function keepPending(place: PendingPlace, pending: PendingLogin): void {
  const secrets = Object.entries(pending.step).flatMap(([name, value]) => (value instanceof Secret ? [[name, value.reveal()] as const] : []));
  const kept = { version: VERSION, ...pending, step: { ...pending.step, ...Object.fromEntries(secrets) } };
  place.host.replaceFile(fileOf(place, pending.handle), `${JSON.stringify(kept)}\n`, "unflushed");
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

/** Removes those that nobody can finish any more. */
export function sweepPending(place: PendingPlace): void {
  for (const { name } of place.host.listFolder(folderOf(place))) {
    const handle = name.replace(/\.json$/, "");
    if (!HANDLE.test(handle)) continue;
    const pending = readPending(place, handle);
    if (pending === undefined || pending.expiresAtMs <= place.host.nowMs()) forgetPending(place, handle);
  }
}

function readPending(place: PendingPlace, handle: string): PendingLogin | undefined {
  const read = place.host.readText(fileOf(place, handle), LARGEST_BYTES);
  const fields = read.kind === "text" ? asFields(parseJson(read.text)) : undefined;
  const step = asFields(fields?.["step"]);
  if (fields === undefined || step === undefined || fields["version"] !== VERSION || fields["handle"] !== handle) return undefined;
  const kept = fields as unknown as PendingLogin & { readonly version: number };
  const { verifier, deviceCode, returned } = step;
  const secrets = {
    ...(typeof verifier === "string" && { verifier: new Secret(verifier) }),
    ...(typeof deviceCode === "string" && { deviceCode: new Secret(deviceCode) }),
    ...(typeof returned === "string" && { returned: new Secret(returned) }),
  };
  const isWhole = Object.keys(secrets).length > 0 && asFields(asFields(kept.method)?.["flow"]) !== undefined && asFields(kept.notes) !== undefined;
  if (!isWhole || ((kept.step.kind === "code" || kept.step.kind === "device") && asFields(kept.step.setup) === undefined)) return undefined;
  const { version: _, ...pending } = { ...kept, provider: toProviderId(String(kept.provider)), step: { ...kept.step, ...secrets } };
  return pending;
}

function folderOf({ host, stateDir }: PendingPlace): string {
  return host.paths.join(stateDir, "signalbox", "logins");
}

function fileOf(place: PendingPlace, handle: string): string {
  return place.host.paths.join(folderOf(place), `${handle}.json`);
}
