import { assertNever } from "../kernel/errors.ts";
import { isObject } from "../kernel/json-value.ts";
import { setMember } from "../kernel/set-member.ts";
import { nearest } from "../kernel/nearest.ts";
import { Secret } from "../kernel/secret.ts";
import type { Fields } from "./include.ts";
import { keyPathText } from "./key-path.ts";
import { movedKey, nearKey } from "./known-keys.ts";
import type { KeyPath } from "./loaded-config.ts";
import { isPlaceholderKey } from "./placeholder-key.ts";
import { type ObjectShape, type Shape, wanted } from "./shape.ts";
import { UnsetText } from "./substitute.ts";

/** A fault of the config. Names keys and types, never a value: any value may be a secret. */
export interface Finding {
  readonly path: KeyPath;
  /** What to point at: the key, or the value behind it. */
  readonly at: "key" | "value";
  readonly message: string;
  readonly hint: string;
}

/** Enough to work with; a file with more is of another kind. */
export const MOST_FINDINGS = 25;

/** In place of a value that cannot be had because of an unset variable: its owner goes on without it. */
const DROPPED = Symbol("dropped");

export interface Checked {
  /** A `ValueOf` the shape, without what is wrong in it; undefined when nothing is left. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
}

/** Compares a value with its shape in one pass, and copies what is known of it. All faults are found, up to a limit. `base`: where the value stands. */
export function check(shape: Shape, value: unknown, base: KeyPath = []): Checked {
  const checker = new Checker(base);
  const checked = checker.check(shape, value);
  return { value: checked === DROPPED ? undefined : checked, findings: checker.findings };
}

class Checker {
  readonly findings: Finding[] = [];
  readonly #path: (string | number)[];

  constructor(base: KeyPath) {
    this.#path = [...base];
  }

  check(shape: Shape, value: unknown): unknown {
    if (value instanceof UnsetText) return DROPPED;
    switch (shape.kind) {
      case "text":
        return typeof value === "string" ? value : this.#wrongType(shape, value);
      case "secret":
        if (typeof value !== "string") return this.#wrongType(shape, value);
        return isPlaceholderKey(value) ? DROPPED : new Secret(value);
      case "flag":
        return typeof value === "boolean" ? value : this.#wrongType(shape, value);
      case "number":
        return typeof value === "number" ? this.#number(shape, value) : this.#wrongType(shape, value);
      case "choice":
        return typeof value === "string" ? this.#choice(shape, value) : this.#wrongType(shape, value);
      case "list":
        return Array.isArray(value) ? this.#list(shape, value) : this.#wrongType(shape, value);
      case "map":
        return isObject(value) ? this.#map(shape, value) : this.#wrongType(shape, value);
      case "object":
        return isObject(value) ? this.#object(shape, value) : this.#wrongType(shape, value);
      case "short":
        if (typeof value === "string") return { [shape.text]: value };
        return isObject(value) ? this.#object(shape.object, value) : this.#wrongType(shape, value);
      case "anything":
        return withoutUnset(value);
      default:
        return assertNever(shape);
    }
  }

  #number(shape: Shape & { kind: "number" }, value: number): unknown {
    const isInRange = Number.isFinite(value) && (shape.range === "above zero" ? value > 0 : value >= 0);
    if (isInRange && (!shape.whole || Number.isSafeInteger(value))) return value;
    return this.#find("value", `${this.#name()} must be ${wanted(shape)}`, `Write ${wanted(shape)}.`);
  }

  #choice(shape: Shape & { kind: "choice" }, value: string): unknown {
    if (shape.options.includes(value)) return value;
    const [near] = nearest(value, shape.options, 1);
    return this.#find("value", `${this.#name()} must be ${wanted(shape)}`, near === undefined ? `Write ${wanted(shape)}.` : `Did you mean "${near}"?`);
  }

  #object(shape: ObjectShape, value: Fields): unknown {
    const { entries, needs } = shape;
    const copy: Fields = {};
    let isIncomplete = false;
    for (const key of Object.keys(value)) {
      const known = Object.hasOwn(entries, key) ? entries[key] : undefined;
      if (known === undefined) this.#unknownKey(shape, key, value);
      else if (this.#member(copy, known, key, value[key]) === DROPPED && needs?.includes(key)) isIncomplete = true;
    }
    const missing = needs?.filter((key) => !Object.hasOwn(value, key)) ?? [];
    for (const key of missing) this.#find("key", `${this.#name()} has no "${key}"`, `Add "${key}" there.`);
    return isIncomplete || missing.length > 0 ? DROPPED : copy;
  }

  #member(into: Fields, shape: Shape, key: string, value: unknown): unknown {
    this.#path.push(key);
    const checked = this.check(shape, value);
    this.#path.pop();
    if (checked !== DROPPED) setMember(into, key, checked);
    return checked;
  }

  #map(shape: Shape & { kind: "map" }, value: Fields): Fields {
    const copy: Fields = Object.create(null) as Fields;
    for (const key of Object.keys(value)) {
      if (this.findings.length >= MOST_FINDINGS) break;
      this.#member(copy, shape.value, key, value[key]);
    }
    return copy;
  }

  #list(shape: Shape & { kind: "list" }, value: readonly unknown[]): unknown[] {
    const copy: unknown[] = [];
    for (let i = 0; i < value.length && this.findings.length < MOST_FINDINGS; i++) {
      this.#path.push(i);
      const item = this.check(shape.item, value[i]);
      this.#path.pop();
      if (item !== DROPPED) copy.push(item);
    }
    return copy;
  }

  #wrongType(shape: Shape, value: unknown): typeof DROPPED {
    return this.#find(
      "value",
      `${this.#name()} must be ${wanted(shape)}, not ${kindOf(value)}`,
      this.#path.length === 0 ? `Write ${wanted(shape)}.` : hintFor(shape, value),
    );
  }

  #unknownKey(shape: ObjectShape, key: string, value: Fields): void {
    if (this.findings.length >= MOST_FINDINGS || shape.others === "ignored" || shape.theirs?.includes(key)) return;
    const known = [...Object.keys(shape.entries), ...(shape.theirs ?? [])];
    const moved = movedKey(this.#path, key);
    const near = nearKey(key, known, typeof shape.others === "string" ? "case is ignored" : "case counts");
    if (moved === undefined && near === undefined && shape.others === "kept") return;
    this.#path.push(key);
    if (moved !== undefined && key === "agent" && isObject(value[key])) this.#oldAgent(value[key]);
    else if (moved !== undefined) this.#find("key", `${this.#name()} is an old key`, `It is ${moved} now.`);
    else if (near !== undefined) this.#find("key", `${this.#name()} is not a known key`, `Did you mean "${near}"?`);
    else if (typeof shape.others !== "string") this.check(shape.others, value[key]);
    else this.#find("key", `${this.#name()} is not a known key`, `Known here: ${known.join(", ")}.`);
    this.#path.pop();
  }

  /** The section that held everything before there were several agents: each key went its own way. */
  #oldAgent(section: Fields): void {
    for (const key of Object.keys(section)) {
      this.#path.push(key);
      this.#find("key", `${this.#name()} is an old key`, `It is ${movedKey(["agent"], key)} now.`);
      this.#path.pop();
    }
  }

  #name(): string {
    return this.#path.length === 0 ? "the config" : keyPathText(this.#path);
  }

  #find(at: Finding["at"], message: string, hint: string): typeof DROPPED {
    if (this.findings.length < MOST_FINDINGS) this.findings.push({ path: [...this.#path], at, message, hint });
    return DROPPED;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return Number.isNaN(value) ? "NaN" : "a number";
  return typeof value === "boolean" ? "true or false" : "an object";
}

function hintFor(shape: Shape, value: unknown): string {
  if (value === null) return "Take the key out to leave the setting at its default.";
  if (shape.kind === "list" && typeof value === "string") return "Put it in brackets: [ … ].";
  if ((shape.kind === "number" || shape.kind === "flag") && typeof value === "string") return "Write the value without quotes.";
  if (wanted(shape).startsWith("text") && (typeof value === "number" || typeof value === "boolean")) return "Put the value in quotes.";
  return `Write ${wanted(shape)}.`;
}

/** A copy of what belongs to somebody else, without the texts that an unset variable left empty. */
function withoutUnset(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !(item instanceof UnsetText)).map(withoutUnset);
  if (!isObject(value)) return value;
  const copy: Fields = Object.create(null) as Fields;
  for (const key of Object.keys(value)) if (!(value[key] instanceof UnsetText)) copy[key] = withoutUnset(value[key]);
  return copy;
}
