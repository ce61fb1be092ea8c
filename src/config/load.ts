import { AppError, type Issue } from "../kernel/errors.ts";
import type { Host } from "../kernel/host.ts";
import { isObject } from "../kernel/json-value.ts";
import type { Place } from "../kernel/place.ts";
import { Positions, placeOfSpot, type Spot } from "../kernel/positions.ts";
import type { Problem } from "../kernel/problem.ts";
import { agentProblems, refuseSharedDirs } from "./agent-faults.ts";
import { check, type Finding, MOST_FINDINGS } from "./check.ts";
import { type EnvSettings, LayeredEnvironment } from "./environment.ts";
import { type Fields, readWithIncludes } from "./include.ts";
import type { InstallationNames } from "./installation.ts";
import { keyPathText } from "./key-path.ts";
import type { KeyPath, LoadedConfig, VariableUse } from "./loaded-config.ts";
import { locate, type Locations } from "./locate.ts";
import { type Config, CONFIG_SHAPE } from "./schema.ts";
import { RowList } from "./row-list.ts";
import { showValue, valueAt } from "./show-value.ts";
import { Sources } from "./sources.ts";
import { Substitution, unsetSentence } from "./substitute.ts";

/** Reads the config once. No file: an empty config. Throws CONFIG_… with file, line and column. `locations`: where they are known already. */
export function loadConfig(host: Host, names: InstallationNames, locations: Locations = locate(host, names)): LoadedConfig {
  const reading = new Reading(host, names, locations);
  const tree = reading.read();
  const { value, findings } = tree === undefined ? { value: {}, findings: [] } : check(CONFIG_SHAPE, tree);
  if (findings.length > 0) throw invalid(findings, reading);
  const base = { ...locations, value: value as Config, placeOf: (path: KeyPath) => reading.placeOf(path) };
  refuseSharedDirs(host, base);
  const problems = [...agentProblems(base), ...unsetProblems(reading)];
  const { environment, replaced, unset, files } = reading;
  return {
    ...base,
    path: locations.configPath,
    exists: tree !== undefined,
    environment,
    files,
    get problems() {
      return [...environment.problems, ...problems];
    },
    replaced,
    unset,
    show: (path) => showValue(tree, path, replaced),
  };
}

/** From files to one tree with every `${VAR}` replaced; and once more, when asked, to find out where things stand. */
class Reading {
  readonly environment: LayeredEnvironment;
  replaced: readonly VariableUse[] = [];
  unset: readonly VariableUse[] = [];
  readonly #host: Host;
  readonly #locations: ReturnType<typeof locate>;
  readonly #sources: Sources;
  #placed: { readonly tree: unknown; readonly positions: Positions } | undefined;

  constructor(host: Host, names: InstallationNames, locations: ReturnType<typeof locate>) {
    this.#host = host;
    this.#locations = locations;
    this.#sources = new Sources(host);
    this.environment = new LayeredEnvironment(host, names, locations);
  }

  get files(): readonly string[] {
    return this.#sources.files;
  }

  /** undefined when there is no file. */
  read(positions?: Positions): unknown {
    this.#sources.rewind();
    const { configPath, homeDir } = this.#locations;
    const parsed = readWithIncludes(configPath, { host: this.#host, homeDir, sources: this.#sources, positions });
    if (parsed === undefined) return undefined;
    if (isObject(parsed.value)) this.#substitute(parsed.value);
    return parsed.value;
  }

  /** The section `env` first: the variables that it sets count for the rest. */
  #substitute(tree: Fields): void {
    const substitution = new Substitution(this.environment);
    const mayHoldVariables = this.#sources.mayHold("${");
    if (mayHoldVariables && Object.hasOwn(tree, "env")) substitution.member(tree, "env");
    this.environment.addConfig(envSettings(tree["env"], this.#locations.configPath));
    if (!mayHoldVariables) return;
    for (const key of Object.keys(tree)) if (key !== "env") substitution.member(tree, key);
    this.replaced = substitution.replaced;
    this.unset = substitution.unset;
  }

  /** Of a key that a file wrote. A model choice written as text alone stands for its `primary`. */
  placeOf(path: KeyPath): Place | undefined {
    const { tree, positions } = this.#withPositions();
    const spot = positions.at(tree, path) ?? (path.at(-1) === "primary" ? this.#shortChoice(path.slice(0, -1)) : undefined);
    return spot && this.#place(spot, "key");
  }

  /** Of the innermost key on the way that a file wrote: a fault always has a place. */
  placeOfFault({ path, at }: Pick<Finding, "path" | "at">): Place {
    const { tree, positions } = this.#withPositions();
    for (let length = path.length; length > 0; length--) {
      const spot = positions.at(tree, path.slice(0, length));
      if (spot !== undefined) return this.#place(spot, length === path.length ? at : "key");
    }
    return { file: this.#locations.configPath, line: 1, column: 1 };
  }

  #withPositions(): { readonly tree: unknown; readonly positions: Positions } {
    if (this.#placed === undefined) {
      const positions = new Positions();
      this.#placed = { tree: this.read(positions), positions };
    }
    return this.#placed;
  }

  #shortChoice(path: KeyPath): Spot | undefined {
    const { tree, positions } = this.#withPositions();
    return typeof valueAt(tree, path) === "string" ? positions.at(tree, path) : undefined;
  }

  #place(spot: Spot, what: "key" | "value"): Place {
    return placeOfSpot(spot, this.#sources.linesOf(spot.file), what);
  }
}

/** What the section `env` adds to the environment. Whatever is of the wrong type is left for the check to name. */
function envSettings(section: unknown, file: string): EnvSettings {
  const values = new Map<string, string>();
  const env = isObject(section) ? section : {};
  const vars = isObject(env["vars"]) ? env["vars"] : {};
  for (const [name, value] of [...Object.entries(env), ...Object.entries(vars)]) if (typeof value === "string") values.set(name, value);
  const shell = isObject(env["shellEnv"]) ? env["shellEnv"] : {};
  const timeoutMs = shell["timeoutMs"];
  return { file, values, shellEnabled: shell["enabled"] === true, shellTimeoutMs: typeof timeoutMs === "number" ? timeoutMs : undefined };
}

/** All faults as one error: the first is the message, all are in `facts.issues`. */
function invalid(findings: readonly Finding[], reading: Reading): AppError {
  const issues = findings.map((finding): Issue => {
    const place = reading.placeOfFault(finding);
    return { message: finding.message, hint: finding.hint, keyPath: keyPathText(finding.path), place };
  });
  const [first] = issues;
  const count = issues.length === MOST_FINDINGS ? `at least ${MOST_FINDINGS}` : issues.length;
  const single = issues.length === 1 ? first : undefined;
  return new AppError("CONFIG_INVALID", single?.message ?? `the config has ${count} faults`, {
    hint: single?.hint ?? "Correct each at its place; `{cli} config validate` checks again.",
    issues,
    ...(first?.place !== undefined && { place: first.place }),
    ...(first?.keyPath !== undefined && { keyPath: first.keyPath }),
  });
}

/** Entries of `models.providers` are answered for by custom-providers.ts: one row says all about one entry. */
function unsetProblems(reading: Reading): Problem[] {
  const rows = new RowList();
  for (const use of reading.unset) if (use.path[0] !== "models" || use.path[1] !== "providers") rows.add(() => unsetProblem(use, reading));
  return rows.all();
}

function unsetProblem(use: VariableUse, reading: Reading): Problem {
  const subject = keyPathText(use.path);
  return {
    code: "CONFIG_VARIABLE_UNSET",
    severity: "warning",
    subject,
    message: `${unsetSentence(use)}, so ${subject} is left out`,
    hint: `Set ${use.variables.join(" and ")} in the environment or in a .env file, or take the key out.`,
    place: reading.placeOfFault({ path: use.path, at: "value" }),
  };
}
