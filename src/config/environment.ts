import type { Host } from "../kernel/host.ts";
import type { Problem } from "../kernel/problem.ts";
import { type EnvFile, readEnvFile } from "./env-file.ts";
import type { InstallationNames } from "./installation.ts";
import { type Locations, locationVariables } from "./locate.ts";
import type { Environment, EnvValue } from "./loaded-config.ts";
import { askLoginShell, DEFAULT_SHELL_TIMEOUT_MS, expectedVariables, type ShellReading } from "./shell-import.ts";

/** What the section `env` of the config adds. */
export interface EnvSettings {
  readonly file: string;
  readonly values: ReadonlyMap<string, string>;
  readonly shellEnabled: boolean;
  readonly shellTimeoutMs: number | undefined;
}

/**
 * Every variable of this run, in layers: process > .env here > .env of the state folder > config > login shell. A blank one counts as unset.
 * The login shell is asked at the first question for one of its variables that no other layer has, and only where the config says so.
 */
export class LayeredEnvironment implements Environment {
  readonly #host: Host;
  readonly #names: InstallationNames;
  readonly #envFiles: readonly EnvFile[];
  readonly #location: ReadonlySet<string>;
  #settings: EnvSettings | undefined;
  #shell: ShellReading | undefined;

  constructor(host: Host, names: InstallationNames, locations: Locations) {
    this.#host = host;
    this.#names = names;
    this.#location = new Set(locationVariables(names));
    const folders = [...new Set([host.cwd, locations.stateDir])];
    this.#envFiles = folders.flatMap((folder) => readEnvFile(host, host.paths.join(folder, ".env")) ?? []);
  }

  /** The config is read after the .env files, for its `${VAR}` may name what they set. */
  addConfig(settings: EnvSettings): void {
    this.#settings = settings;
  }

  get(name: string): EnvValue | undefined {
    const set = this.#withoutShell(name);
    if (set !== undefined) return set;
    const value = this.#shellImport(name)?.get(name);
    return notBlank(value) ? { value, setIn: "shell" } : undefined;
  }

  get shellImport(): Environment["shellImport"] {
    return { enabled: this.#shellEnabled(), applied: [...(this.#shell?.values.keys() ?? [])] };
  }

  /** Grows by one row when the login shell was asked in vain. */
  get problems(): readonly Problem[] {
    const rows = this.#envFiles.flatMap((envFile) => [...envFile.problems, ...this.#ignoredIn(envFile)]);
    return this.#shell?.problem === undefined ? rows : [...rows, this.#shell.problem];
  }

  #withoutShell(name: string): EnvValue | undefined {
    const inProcess = Object.hasOwn(this.#host.env, name) ? this.#host.env[name] : undefined;
    if (notBlank(inProcess)) return { value: inProcess, setIn: "process" };
    if (this.#location.has(name)) return undefined;
    for (const { file, values } of this.#envFiles) {
      const value = values.get(name);
      if (notBlank(value)) return { value, setIn: "dotenv", file };
    }
    const value = this.#settings?.values.get(name);
    return this.#settings !== undefined && notBlank(value) ? { value, setIn: "config", file: this.#settings.file } : undefined;
  }

  /** undefined when the shell has no say about this variable. */
  #shellImport(name: string): ReadonlyMap<string, string> | undefined {
    if (this.#shell !== undefined) return this.#shell.values;
    if (!this.#shellEnabled()) return undefined;
    const expected = expectedVariables(this.#names.envPrefix);
    if (!expected.includes(name)) return undefined;
    const isAnySet = expected.some((other) => this.#withoutShell(other) !== undefined);
    this.#shell = isAnySet ? { values: new Map() } : askLoginShell(this.#host, expected, this.#shellTimeoutMs());
    return this.#shell.values;
  }

  #shellEnabled(): boolean {
    if (this.#host.platform === "win32") return false;
    const said = this.#withoutShell(`${this.#names.envPrefix}_LOAD_SHELL_ENV`)?.value.trim().toLowerCase();
    return ["1", "true", "yes", "on"].includes(said ?? "") || this.#settings?.shellEnabled === true;
  }

  #shellTimeoutMs(): number {
    const said = Number(this.#withoutShell(`${this.#names.envPrefix}_SHELL_ENV_TIMEOUT_MS`)?.value);
    return said > 0 && said < 2 ** 31 ? said : this.#settings?.shellTimeoutMs || DEFAULT_SHELL_TIMEOUT_MS;
  }

  #ignoredIn({ file, values }: EnvFile): Problem[] {
    const ignored = [...this.#location].filter((name) => values.has(name));
    return ignored.map((name) => ({
      code: "ENV_FILE_BROKEN",
      severity: "note",
      subject: name,
      message: `${name} has no effect in a .env file: it says where files are`,
      hint: "Set it in the process environment.",
      place: { file },
    }));
  }
}

function notBlank(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== "";
}
