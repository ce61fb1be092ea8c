import { AppError } from "../kernel/errors.ts";
import type { Host, ProcessResult } from "../kernel/host.ts";
import { redactStrictly } from "../kernel/redact.ts";
import type { Secret } from "../kernel/secret.ts";
import { toSecret } from "./secret-text.ts";

/** Where a secret lies in the system's keychain. */
export interface KeyringPlace {
  readonly service: string;
  readonly account: string;
}

export interface KeyringAsking {
  readonly host: Host;
  /** Instead of this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A person may be asked to unlock it: then it may take a minute. */
  readonly isInteractive?: boolean;
}

export type KeyringOffer =
  | { readonly kind: "offered"; readonly called: string }
  | { readonly kind: "not offered"; readonly reason: string; readonly hint: string };

export type KeyringReading =
  | { readonly kind: "secret"; readonly secret: Secret }
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly reason: string; readonly hint: string };

/** One system's keychain, by the program that comes with it. Secrets go through stdin and stdout alone. */
interface Keychain {
  readonly called: string;
  readonly program: string;
  readonly install: string;
  lookUp(place: KeyringPlace): readonly string[];
  /** What tells "not there" from "cannot say". */
  isAbsent(result: ProcessResult): boolean;
  store(place: KeyringPlace, label: string, secret: Secret): { readonly args: readonly string[]; readonly input: string };
  clear(place: KeyringPlace): readonly string[];
}

/** https://gitlab.gnome.org/GNOME/libsecret/-/blob/master/tool/secret-tool.c, checked 2026-11-21: what is not there is exit code 1 without a word. */
const SECRET_SERVICE: Keychain = {
  called: "the system's keyring (Secret Service)",
  program: "secret-tool",
  install: "Install secret-tool (the package libsecret-tools, or libsecret).",
  lookUp: ({ service, account }) => ["lookup", "service", service, "account", account],
  isAbsent: ({ exitCode, stdout, stderr = "" }) => exitCode === 1 && stdout === "" && stderr.trim() === "",
  store: ({ service, account }, label, secret) => ({ args: ["store", `--label=${label}`, "service", service, "account", account], input: secret.reveal() }),
  clear: ({ service, account }) => ["clear", "service", service, "account", account],
};

/**
 * `security -i` reads its commands from stdin, lines of at most 4096 bytes, with quotes and backslashes; `-X` takes the secret in hexadecimal.
 * 44 is errSecItemNotFound: https://github.com/apple-oss-distributions/Security/blob/main/SecurityTool/macOS/security.c, checked 2026-11-21.
 */
const MACOS: Keychain = {
  called: "the login keychain",
  program: "/usr/bin/security",
  install: "security is a part of macOS; look for it at /usr/bin/security.",
  lookUp: ({ service, account }) => ["find-generic-password", "-s", service, "-a", account, "-w"],
  isAbsent: ({ exitCode }) => exitCode === 44,
  store: ({ service, account }, label, secret) => ({
    args: ["-i"],
    input: `add-generic-password -U -s ${quoted(service)} -a ${quoted(account)} -l ${quoted(label)} -X ${hexOf(secret)}\n`,
  }),
  clear: ({ service, account }) => ["delete-generic-password", "-s", service, "-a", account],
};

const LONGEST_BYTES = { "secret-tool": 8000, "/usr/bin/security": 4000 } as const;
const MAX_OUTPUT_BYTES = 64 * 1024;
const TIMEOUT_MS = { probe: 5_000, unattended: 10_000, attended: 60_000 } as const;

/** Looks up what is not there. A machine without a desktop session has the program and no keyring behind it: that is told, with what it said. */
export function keyringOffered(asking: KeyringAsking): KeyringOffer {
  const keychain = keychainOf(asking.host);
  if (keychain === undefined)
    return { kind: "not offered", reason: "there is no keychain of Windows behind a command line", hint: "Keep the secret in the store, or in a file." };
  const result = run(keychain, keychain.lookUp({ service: "signalbox", account: "is-it-there" }), asking, { timeoutMs: TIMEOUT_MS.probe });
  if (result.exitCode === 0 || keychain.isAbsent(result)) return { kind: "offered", called: keychain.called };
  return { kind: "not offered", ...faultOf(keychain, result) };
}

/** Whatever a keychain has at that place is replaced. It is read back, for not every keychain says when it kept nothing. Throws KEYRING_FAILED. */
export function storeInKeyring(asking: KeyringAsking, place: KeyringPlace, secret: Secret, label: string): void {
  const keychain = neededKeychain(asking.host);
  const { args, input } = keychain.store(place, label, secret);
  if (new TextEncoder().encode(input).length > LONGEST_BYTES[keychain.program as keyof typeof LONGEST_BYTES]) {
    throw new AppError("KEYRING_FAILED", `the secret is too long for ${keychain.called}`, { hint: "Keep it in the store, or in a file." });
  }
  const result = run(keychain, args, asking, { input });
  if (result.exitCode !== 0) throw failed(keychain, result, "did not take the secret");
  const kept = readFromKeyring(asking, place);
  if (kept.kind === "secret" && kept.secret.reveal() === secret.reveal()) return;
  throw new AppError("KEYRING_FAILED", `${keychain.called} took the secret, but does not give it back`, { hint: "Keep it in the store, or in a file." });
}

export function readFromKeyring(asking: KeyringAsking, place: KeyringPlace): KeyringReading {
  const keychain = keychainOf(asking.host);
  if (keychain === undefined)
    return { kind: "failed", reason: "this system has no keychain that can be asked", hint: "Keep the secret in the store, or in a file." };
  const result = run(keychain, keychain.lookUp(place), asking);
  if (keychain.isAbsent(result)) return { kind: "absent" };
  if (result.exitCode !== 0) return { kind: "failed", ...faultOf(keychain, result) };
  const secret = toSecret(result.stdout);
  return secret.isBlank ? { kind: "absent" } : { kind: "secret", secret };
}

/** Throws KEYRING_FAILED. */
export function removeFromKeyring(asking: KeyringAsking, place: KeyringPlace): "removed" | "absent" {
  const keychain = neededKeychain(asking.host);
  const before = readFromKeyring(asking, place);
  if (before.kind === "absent") return "absent";
  const result = run(keychain, keychain.clear(place), asking);
  if (result.exitCode === 0 && readFromKeyring(asking, place).kind !== "secret") return "removed";
  throw failed(keychain, result, "did not give up the secret");
}

function keychainOf({ platform }: Host): Keychain | undefined {
  if (platform === "win32") return undefined;
  return platform === "darwin" ? MACOS : SECRET_SERVICE;
}

function neededKeychain(host: Host): Keychain {
  const keychain = keychainOf(host);
  if (keychain !== undefined) return keychain;
  throw new AppError("KEYRING_FAILED", "this system has no keychain that can be asked", { hint: "Keep the secret in the store, or in a file." });
}

function run(
  keychain: Keychain,
  args: readonly string[],
  asking: KeyringAsking,
  more: { readonly input?: string; readonly timeoutMs?: number } = {},
): ProcessResult {
  const { host, env, isInteractive = false } = asking;
  const timeoutMs = more.timeoutMs ?? (isInteractive ? TIMEOUT_MS.attended : TIMEOUT_MS.unattended);
  return host.run(keychain.program, args, {
    timeoutMs,
    maxBytes: MAX_OUTPUT_BYTES,
    stderr: "capture",
    ...(more.input !== undefined && { input: more.input }),
    ...(env !== undefined && { env }),
  });
}

function failed(keychain: Keychain, result: ProcessResult, what: string): AppError {
  const { reason, hint } = faultOf(keychain, result);
  return new AppError("KEYRING_FAILED", `${keychain.called} ${what}: ${reason}`, { hint });
}

function faultOf({ program, install }: Keychain, { exitCode, failure, stderr = "" }: ProcessResult): { readonly reason: string; readonly hint: string } {
  if (failure === "ENOENT") return { reason: `${program} is not installed`, hint: install };
  if (failure === "ETIMEDOUT")
    return { reason: `${program} did not answer in time; is it locked?`, hint: "Unlock the keychain in a desktop session, and try again." };
  const said = redactStrictly(stderr).replace(/\s+/g, " ").trim().slice(0, 200);
  const how = exitCode === undefined ? (failure ?? "it did not run") : `exit code ${exitCode}`;
  return {
    reason: said === "" ? `${program}: ${how}` : said,
    hint: "It needs a desktop session that is unlocked. Without one, keep the secret in the store or in a file.",
  };
}

/** For `security -i`. Names without control characters came through `parseReference`. */
function quoted(word: string): string {
  return `"${word.replace(/["\\]/g, "\\$&")}"`;
}

function hexOf(secret: Secret): string {
  return Array.from(new TextEncoder().encode(secret.reveal()), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
