import type { Place } from "./place.ts";
import { redactStrictly } from "./redact.ts";

/** Process exit codes. 1 and 2 are left free for findings (`status --check`); failures start at 64 (sysexits.h). */
export const EXIT = {
  ok: 0,
  usage: 64,
  badData: 65,
  noInput: 66,
  unavailable: 69,
  internal: 70,
  io: 74,
  temporary: 75,
  noPermission: 77,
  config: 78,
  interrupted: 130,
} as const;

interface ErrorRow {
  readonly exit: number;
  readonly http: number;
  readonly means: string;
}

/** One row per way to fail. A new failure is a new row, and every door (command line, gateway, docs/errors.md) knows it at once. */
export const ERRORS = {
  USAGE: { exit: EXIT.usage, http: 400, means: "The command line could not be understood." },
  COMMAND_UNKNOWN: { exit: EXIT.usage, http: 400, means: "There is no command of that name." },
  AGENT_UNKNOWN: { exit: EXIT.usage, http: 404, means: "No configured agent has that id." },
  MODEL_REF_INVALID: { exit: EXIT.usage, http: 400, means: "The text is neither an alias nor provider/model." },
  MODEL_UNKNOWN: { exit: EXIT.usage, http: 404, means: "The provider is known, the model is in no list that we have." },
  PROVIDER_UNKNOWN: { exit: EXIT.usage, http: 404, means: "No built-in, configured or plugin provider has that id." },
  PROFILE_UNKNOWN: { exit: EXIT.usage, http: 404, means: "No stored or environment profile has that id." },
  PLUGIN_UNKNOWN: { exit: EXIT.usage, http: 404, means: "No plugin of that id was found." },
  CONFIG_KEY_UNKNOWN: { exit: EXIT.usage, http: 404, means: "The configuration has nothing at that key path." },
  CONFIG_UNREADABLE: { exit: EXIT.config, http: 500, means: "The config file exists but cannot be read." },
  CONFIG_SYNTAX: { exit: EXIT.config, http: 500, means: "The config file is not valid JSON5." },
  CONFIG_INVALID: { exit: EXIT.config, http: 500, means: "The config file has an unknown key or a value of the wrong type." },
  CONFIG_INCLUDE: { exit: EXIT.config, http: 500, means: "A file named by $include is missing, broken, too deep or includes itself." },
  CONFIG_TOO_LARGE: { exit: EXIT.config, http: 500, means: "The config file is larger or deeper than what is read." },
  CONFIG_AGENT_DIR_SHARED: { exit: EXIT.config, http: 500, means: "Two agents name the same folder." },
  CONFIG_VARIABLE_UNSET: { exit: EXIT.config, http: 500, means: "A ${VAR} in the config names a variable that is unset or empty." },
  CONFIG_DUPLICATE_DEFAULT: { exit: EXIT.config, http: 500, means: "Several agents say `default: true`; the first counts." },
  PROVIDER_ENTRY_BROKEN: { exit: EXIT.config, http: 500, means: "One entry of models.providers cannot be used; the others can." },
  CONFIG_MANAGED: { exit: EXIT.noPermission, http: 500, means: "The config is made by another program (Nix, home-manager) and is read-only." },
  CONFIG_EDIT_REFUSED: { exit: EXIT.config, http: 500, means: "The change cannot be written into the config's files without changing more than was asked." },
  UNDO_UNAVAILABLE: { exit: EXIT.noInput, http: 404, means: "There is no change to take back, or the file was changed since." },
  ALIAS_INVALID: { exit: EXIT.usage, http: 400, means: "The text cannot be an alias." },
  ALIAS_TAKEN: { exit: EXIT.usage, http: 409, means: "Another model has that alias." },
  ALIAS_UNKNOWN: { exit: EXIT.usage, http: 404, means: "No model has that alias." },
  FALLBACK_UNKNOWN: { exit: EXIT.usage, http: 404, means: "The list of fallbacks does not hold that model." },
  AGENT_EXISTS: { exit: EXIT.usage, http: 409, means: "An agent of that id is configured already." },
  MODEL_NOT_ALLOWED: { exit: EXIT.usage, http: 403, means: "A list in the config of the only models allowed does not hold the model." },
  REF_BROKEN: { exit: EXIT.config, http: 500, means: "A model reference in the config leads nowhere." },
  STORE_UNREADABLE: { exit: EXIT.badData, http: 500, means: "An auth store exists but cannot be read." },
  STORE_SYNTAX: { exit: EXIT.badData, http: 500, means: "An auth store is not valid JSON; it is never overwritten." },
  STORE_SHAPE: { exit: EXIT.badData, http: 500, means: "An auth store is JSON, but not of the shape of an auth store." },
  STORE_ENTRY_BROKEN: { exit: EXIT.badData, http: 500, means: "One profile of an auth store cannot be used; the others can." },
  STORE_PERMISSIONS: { exit: EXIT.noPermission, http: 500, means: "A store can be read by other users, or belongs to one; it is not used." },
  MODELS_JSON_BROKEN: { exit: EXIT.badData, http: 500, means: "A models.json, or one provider in it, cannot be used." },
  ENV_FILE_BROKEN: { exit: EXIT.badData, http: 500, means: "A .env file, or one line of it, cannot be used." },
  SHELL_ENV_FAILED: { exit: EXIT.unavailable, http: 500, means: "The login shell could not be asked for its environment." },
  PLUGIN_MANIFEST_BROKEN: { exit: EXIT.badData, http: 500, means: "A plugin's manifest is missing, damaged or not of the right shape." },
  PLUGIN_DUPLICATE: { exit: EXIT.config, http: 500, means: "Two plugins, or two providers, claim the same id; the first counts." },
  PLUGIN_REFUSED: { exit: EXIT.badData, http: 400, means: "What was to be installed as a plugin is none, or is not safe to take in; nothing was installed." },
  PLUGIN_EXISTS: { exit: EXIT.usage, http: 409, means: "A plugin of that id is installed already." },
  PLUGIN_CHANGED: { exit: EXIT.config, http: 500, means: "An installed plugin is no longer what was agreed to." },
  PLUGIN_FAILED: { exit: EXIT.unavailable, http: 502, means: "A plugin's program did not answer as it should." },
  PLUGIN_FETCH_FAILED: { exit: EXIT.unavailable, http: 502, means: "A package could not be fetched from the registry." },
  PROFILE_EXISTS: { exit: EXIT.usage, http: 409, means: "An account of that id is stored already." },
  PROFILE_ELSEWHERE: { exit: EXIT.usage, http: 409, means: "The account is not kept in the store that was to be changed." },
  PROFILE_ID_INVALID: { exit: EXIT.usage, http: 400, means: "The text cannot be the id of an account." },
  TERMINAL_NEEDED: { exit: EXIT.usage, http: 400, means: "A question would have to be asked, and there is no terminal to ask it on." },
  INPUT_MISSING: { exit: EXIT.noInput, http: 400, means: "Nothing, or nothing usable, came on stdin." },
  CREDENTIAL_SHAPE: { exit: EXIT.badData, http: 400, means: "What was given cannot be a credential of that kind; nothing was stored." },
  CREDENTIAL_REJECTED: { exit: EXIT.noPermission, http: 401, means: "The vendor rejected the credential." },
  REFERENCE_INVALID: { exit: EXIT.usage, http: 400, means: "The text is no reference to a secret." },
  REFERENCE_UNRESOLVED: { exit: EXIT.noPermission, http: 401, means: "A reference to a secret leads to none." },
  LOGIN_DENIED: { exit: EXIT.noPermission, http: 403, means: "The person, or the vendor, refused the login." },
  LOGIN_EXPIRED: { exit: EXIT.noPermission, http: 410, means: "The time to finish the login is over." },
  LOGIN_PENDING: { exit: EXIT.temporary, http: 202, means: "Nobody has agreed to the login on the vendor's page yet, or the vendor has not answered yet." },
  LOGIN_STATE_MISMATCH: { exit: EXIT.noPermission, http: 400, means: "What came back belongs to another login; nothing was sent." },
  LOGIN_LISTEN_FAILED: { exit: EXIT.unavailable, http: 503, means: "The address that the browser comes back to could not be listened on." },
  LOGIN_HANDLE_UNKNOWN: { exit: EXIT.usage, http: 404, means: "No login was started under that handle, or it is finished." },
  LOGIN_ISSUER_INVALID: { exit: EXIT.badData, http: 502, means: "What an issuer tells about its endpoints cannot be trusted." },
  LOGIN_CLIENT_NEEDED: { exit: EXIT.usage, http: 400, means: "The login needs a client id, or its secret, that is missing or not accepted." },
  LOGIN_ANSWER_INVALID: { exit: EXIT.badData, http: 502, means: "The vendor answered a login with something that cannot be used." },
  LOGIN_FAILED: { exit: EXIT.unavailable, http: 502, means: "The login did not come about." },
  KEYRING_FAILED: { exit: EXIT.unavailable, http: 503, means: "The system's keychain could not be used." },
  SECRETS_EXPOSED: { exit: EXIT.noPermission, http: 500, means: "A secret lies in clear text outside the auth store." },
  CREDENTIAL_MISSING: { exit: EXIT.noPermission, http: 401, means: "A provider in use has no credential." },
  REFRESH_FAILED: {
    exit: EXIT.unavailable,
    http: 502,
    means: "A login could not be renewed just now. Its tokens stay; after an answer that was lost the refresh token may be spent.",
  },
  REFRESH_MISCONFIGURED: { exit: EXIT.config, http: 500, means: "A login cannot be renewed with what the configuration says of its client." },
  REFRESH_INTERRUPTED: { exit: EXIT.temporary, http: 503, means: "A renewal began and its answer was lost; the next one finds out what is left." },
  NEEDS_LOGIN: { exit: EXIT.noPermission, http: 401, means: "A login can no longer be renewed: only a new one helps. Its tokens are kept." },
  NOT_RENEWABLE: { exit: EXIT.usage, http: 400, means: "An account is not a login that this program renews." },
  TOKENS_UNSAVED: { exit: EXIT.io, http: 500, means: "New tokens came, and no disk took them." },
  CLOCK_WRONG: { exit: EXIT.config, http: 200, means: "This machine's clock differs from an issuer's." },
  VENDOR_TOOL_ONLY: { exit: EXIT.noPermission, http: 403, means: "A credential's licence allows it in its vendor's own program alone." },
  CREDENTIAL_EXPIRED: { exit: EXIT.noPermission, http: 401, means: "A credential has expired." },
  CREDENTIAL_EXPIRING: { exit: EXIT.noPermission, http: 200, means: "A credential expires soon." },
  CREDENTIAL_COOLING: { exit: EXIT.unavailable, http: 503, means: "A profile is resting after failures." },
  CREDENTIAL_MISMATCH: { exit: EXIT.config, http: 500, means: "The config says another provider or kind than the stored profile has." },
  CATALOG_BROKEN: { exit: EXIT.badData, http: 500, means: "A catalogue file could not be used; the embedded one serves." },
  CATALOG_FETCH_FAILED: { exit: EXIT.unavailable, http: 502, means: "The live catalogue could not be fetched; the old one stays." },
  CATALOG_REJECTED: { exit: EXIT.badData, http: 502, means: "What was offered as a catalogue is not one; the old one stays." },
  GATEWAY_PORT_TAKEN: { exit: EXIT.unavailable, http: 500, means: "Another program listens at the port that the gateway was to use." },
  GATEWAY_LISTEN_FAILED: { exit: EXIT.unavailable, http: 500, means: "The gateway could not listen at the address that it was given." },
  GATEWAY_NOT_RUNNING: { exit: EXIT.unavailable, http: 503, means: "No gateway of this installation runs." },
  GATEWAY_KEY_EXISTS: { exit: EXIT.usage, http: 409, means: "There is a gateway key of that name already." },
  GATEWAY_KEY_UNKNOWN: { exit: EXIT.usage, http: 404, means: "No gateway key has that name." },
  GATEWAY_KEYS_BROKEN: { exit: EXIT.badData, http: 500, means: "The file of gateway keys exists but cannot be used." },
  FILE_MISSING: { exit: EXIT.noInput, http: 404, means: "A file named on the command line does not exist." },
  FILE_UNREADABLE: { exit: EXIT.io, http: 500, means: "A file that is to be changed cannot be read; it is left as it is." },
  FILE_READ_ONLY: { exit: EXIT.noPermission, http: 500, means: "A file may not be written by this user, or lies on a read-only disk." },
  FILE_CHANGED: { exit: EXIT.temporary, http: 503, means: "Somebody else kept changing a file while it was being changed here." },
  LOCK_HELD: { exit: EXIT.temporary, http: 503, means: "Another process is changing the same file and did not finish in time." },
  FILE_WRITE_FAILED: { exit: EXIT.io, http: 500, means: "A file could not be written; what was there is unchanged." },
  ANSWER_UNWRITTEN: { exit: EXIT.io, http: 500, means: "The answer could not be written where it goes, as on a full disk. What the command did is done." },
  DRILL_NOBODY: { exit: EXIT.noPermission, http: 503, means: "A drill of a chain in which nobody would answer even in good weather." },
  DRILL_FAULT_UNKNOWN: { exit: EXIT.usage, http: 404, means: "No fault of the drill has that id." },
  UPSTREAM_EXHAUSTED: { exit: EXIT.unavailable, http: 502, means: "Nobody who may answer did: the error lists who was asked and what each said." },
  UPSTREAM_CUT: { exit: EXIT.unavailable, http: 502, means: "An answer broke off after its beginning; what came is not the whole." },
  REQUEST_INVALID: { exit: EXIT.usage, http: 400, means: "A request to the library is not one that can be asked; the error names the field." },
  LIBRARY_CLOSED: { exit: EXIT.usage, http: 503, means: "The library was asked something after it was closed." },
  INTERRUPTED: { exit: EXIT.interrupted, http: 499, means: "Stopped by Ctrl-C." },
  INTERNAL: { exit: EXIT.internal, http: 500, means: "A bug of ours." },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** What is true about a failure, as data, and what to do about it: never a secret. */
export interface ErrorFacts {
  /** What to do next: one sentence, with the command where there is one. */
  readonly hint: string;
  readonly place?: Place;
  readonly keyPath?: string;
  readonly suggestions?: readonly string[];
  readonly issues?: readonly Issue[];
  readonly cause?: unknown;
}

/** One of several faults found together, for example in one config file. */
export interface Issue {
  readonly message: string;
  readonly hint: string;
  readonly keyPath?: string;
  readonly place?: Place;
}

/** Every failure that we name ourselves. `message` is one sentence without the hint. */
export class AppError extends Error {
  /** Bundles shorten the names of classes, and that is what a program that prints an error shows. */
  static {
    Object.defineProperty(this, "name", { value: "AppError" });
  }

  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.facts = facts;
  }

  get hint(): string {
    return this.facts.hint;
  }

  get exit(): number {
    return ERRORS[this.code].exit;
  }
}

const BUG = "This is a bug. Please report it with the command that you ran.";

/** What was thrown, as an AppError: anything that we did not name is a bug of ours. */
export function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = redactStrictly(thrown instanceof Error ? thrown.message : String(thrown));
  return new AppError("INTERNAL", message, { hint: BUG, cause: thrown });
}

/** Of what was caught: a failure that we named. Throws a bug of ours as it is: nobody goes on after one. */
export function expected(thrown: unknown): AppError {
  const error = asAppError(thrown);
  if (error.code === "INTERNAL") throw thrown;
  return error;
}

/** For the `default` of a switch over a union: red at compile time when a member was forgotten. */
export function assertNever(value: never): never {
  throw new AppError("INTERNAL", `unexpected value ${String(value)}`, { hint: BUG });
}
