import { AppError } from "../kernel/errors.ts";
import type { Fields } from "./include.ts";
import type { Environment, VariableUse } from "./loaded-config.ts";

/** Stands in the tree for a text that names a variable which is unset or blank. The rest of the config goes on without it. */
export class UnsetText {
  /** The variables that are missing; never a value. */
  readonly variables: readonly string[];

  constructor(variables: readonly string[]) {
    this.variables = variables;
  }
}

export interface Substituted {
  /** Their values come from the environment and are nobody's to print. */
  readonly replaced: VariableUse[];
  /** Only the missing variables are named. */
  readonly unset: VariableUse[];
}

/** "A is unset or empty", "A and B are unset or empty". */
export function unsetSentence({ variables }: VariableUse): string {
  return `${variables.join(" and ")} ${variables.length === 1 ? "is" : "are"} unset or empty`;
}

const REFERENCE = /\$(\$?)\{([A-Z_][A-Z0-9_]*)\}/g;
/** UTF-16 units that variables may add to one config: a short text can name a long variable often. */
const LARGEST_GROWTH = 4 * 1024 * 1024;

/** Replaces `${VAR}` in the texts of a tree, in place; `$${VAR}` becomes the literal `${VAR}`, any other `$` stays. Keys are left alone. */
export class Substitution implements Substituted {
  readonly replaced: VariableUse[] = [];
  readonly unset: VariableUse[] = [];
  readonly #environment: Pick<Environment, "get">;
  readonly #path: (string | number)[] = [];
  #growth = 0;

  constructor(environment: Pick<Environment, "get">) {
    this.#environment = environment;
  }

  member(container: Fields, key: string | number): void {
    const value = container[key];
    if (typeof value === "string") {
      if (value.includes("${")) container[key] = this.#replace(value, key);
    } else if (typeof value === "object" && value !== null) {
      this.#path.push(key);
      if (Array.isArray(value)) for (let i = 0; i < value.length; i++) this.member(value as unknown as Fields, i);
      else for (const inner of Object.keys(value)) this.member(value as Fields, inner);
      this.#path.pop();
    }
  }

  #replace(text: string, key: string | number): string | UnsetText {
    const missing = new Set<string>();
    const found = new Set<string>();
    const result = text.replace(REFERENCE, (whole, escape: string, name: string) => {
      if (escape !== "") return whole.slice(1);
      const value = this.#environment.get(name)?.value;
      (value === undefined ? missing : found).add(name);
      this.#grow(value ?? "");
      return value ?? "";
    });
    const use = { path: [...this.#path, key], isWhole: text.trim() === `\${${[...found, ...missing][0]}}` };
    if (missing.size > 0) {
      this.unset.push({ ...use, variables: [...missing] });
      return new UnsetText([...missing]);
    }
    if (found.size > 0) this.replaced.push({ ...use, variables: [...found] });
    return result;
  }

  #grow(value: string): void {
    this.#growth += value.length;
    if (this.#growth <= LARGEST_GROWTH) return;
    throw new AppError("CONFIG_TOO_LARGE", "the variables that the config names make it larger than 4 MB", { hint: "Name long variables less often." });
  }
}
