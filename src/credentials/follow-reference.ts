import type { Environment } from "../config/loaded-config.ts";
import { assertNever } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import type { Secret } from "../kernel/secret.ts";
import { exposureOf, type OpenFiles } from "./file-exposure.ts";
import type { AuthProfile, Credential } from "./profile.ts";
import { toSecret } from "./secret-text.ts";

export interface FollowInput {
  readonly host: Host;
  readonly environment: Environment;
  /** What `~` stands for. */
  readonly homeDir: string;
  readonly openFiles: OpenFiles;
}

/** Where a reference leads, or why it leads nowhere: the rest of a sentence, and what to do. */
export type Lookup = { readonly secret: Secret } | { readonly unresolved: string; readonly unresolvedHint: string };

/** A profile with the secret that its reference leads to, as far as nobody has to be asked for it: variables and files. */
export function followed(profile: AuthProfile, input: FollowInput): AuthProfile {
  const { reference, credential } = profile;
  if (reference === undefined || reference.kind === "exec" || reference.kind === "keyring") return profile;
  const found = reference.kind === "env" ? fromVariable(reference.variable, input) : fromFile(reference.path, input);
  return "secret" in found ? { ...profile, credential: withSecret(credential, found.secret) } : { ...profile, ...found };
}

export function withSecret(credential: Credential, secret: Secret): Credential {
  switch (credential.kind) {
    case "api_key":
      return { ...credential, key: secret };
    case "token":
      return { ...credential, token: secret };
    case "oauth":
      return { ...credential, access: secret };
    default:
      return assertNever(credential);
  }
}

function fromVariable(variable: string, { environment }: FollowInput): Lookup {
  const value = environment.get(variable)?.value;
  if (value === undefined) return { unresolved: "the variable is not set", unresolvedHint: `Set ${variable}, in the environment or in a .env file.` };
  return { secret: toSecret(value) };
}

const LARGEST_BYTES = 64 * 1024;

/** `~` is expanded. A file that others can read is refused, as a store is. */
function fromFile(written: string, { host, homeDir, openFiles }: FollowInput): Lookup {
  const file = /^~[/\\]/.test(written) ? host.paths.join(homeDir, written.slice(2)) : written;
  const read = host.readText(file, LARGEST_BYTES);
  const exposure = read.kind === "absent" || openFiles === "allowed" ? undefined : exposureOf(host, file);
  if (exposure !== undefined) return { unresolved: `the file ${exposure.message}`, unresolvedHint: exposure.hint };
  switch (read.kind) {
    case "absent":
      return nowhere("there is no such file", written);
    case "unreadable":
      return nowhere(`the file cannot be read (${read.reason})`, written);
    case "too_large":
      return nowhere("the file is larger than 64 KB", written);
    case "not_text":
      return nowhere("the file is not UTF-8 text", written);
    case "text":
      return oneLine(read.text, written);
    default:
      return assertNever(read);
  }
}

/** Editors end a file with a line break; a secret has none within. */
function oneLine(text: string, written: string): Lookup {
  const secret = text.trim();
  if (secret === "") return nowhere("the file is empty", written);
  return /[\r\n]/.test(secret) ? nowhere("the file holds more than one line", written) : { secret: toSecret(secret) };
}

function nowhere(unresolved: string, written: string): Lookup {
  return { unresolved, unresolvedHint: `Put the secret, and nothing else, into ${written}, for you alone to read (chmod 600).` };
}
