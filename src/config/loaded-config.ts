import type { Place } from "../kernel/place.ts";
import type { Problem } from "../kernel/problem.ts";
import type { Config } from "./schema.ts";

/** One variable as it counts for this run, and where it was set. Precedence: process > .env here > .env of the state folder > config > login shell. */
export interface EnvValue {
  readonly value: string;
  readonly setIn: "process" | "dotenv" | "config" | "shell";
  /** The .env or config file. */
  readonly file?: string;
}

export interface Environment {
  /** undefined when unset or empty. */
  get(name: string): EnvValue | undefined;
  readonly shellImport: { readonly enabled: boolean; readonly applied: readonly string[] };
}

export type KeyPath = readonly (string | number)[];

/** A text of the config in which `${VAR}` stood. */
export interface VariableUse {
  readonly path: KeyPath;
  readonly variables: readonly string[];
  /** The text was one `${VAR}` and nothing else. */
  readonly isWhole: boolean;
}

/** A value of the config that may be shown: plain JSON, secrets and whatever came from the environment as "[secret]". */
export interface ShownValue {
  readonly value: unknown;
  /** Keys or items, for an object or a list. */
  readonly keys: readonly string[];
}

/** What the user wrote, read once: valid, includes and `${VAR}` resolved. Reading leaves no trace. */
export interface LoadedConfig {
  /** The config file; it need not exist. */
  readonly path: string;
  readonly exists: boolean;
  readonly homeDir: string;
  readonly stateDir: string;
  /** Set when the state folder is a legacy one of the same brand. */
  readonly legacyStateDir: boolean;
  readonly value: Config;
  readonly environment: Environment;
  /** The config file and everything that it includes, in reading order. */
  readonly files: readonly string[];
  /** Grows when the login shell is asked for its environment and fails. */
  readonly problems: readonly Problem[];
  /** Where `${VAR}` was replaced. */
  readonly replaced: readonly VariableUse[];
  /** Where `${VAR}` names variables that are unset or blank; only those are listed. `value` goes on without these texts. */
  readonly unset: readonly VariableUse[];
  /** Where a key stands; parses again, only when asked. undefined for values that no file wrote. */
  placeOf(path: KeyPath): Place | undefined;
  /** Any value of the files, also of sections that belong to the agent. undefined when there is nothing at that path. */
  show(path: KeyPath): ShownValue | undefined;
}
