import { AppError } from "../kernel/errors.ts";
import { LONGEST_DURATION_MS, parseDuration } from "../kernel/duration.ts";

/** What a value names, for completion in a shell. */
export type Names = "model" | "fallback" | "image-fallback" | "alias" | "gateway-key" | "provider" | "profile" | "agent" | "plugin" | "config-key" | "file";

/** One flag of a command: help, parsing and type in one place. */
export interface Option<T> {
  readonly takes: "nothing" | "one" | "many";
  readonly placeholder: string;
  readonly help: string;
  readonly default: T;
  readonly values?: readonly string[];
  readonly names?: Names;
  /** Throws USAGE when the text is not such a value. */
  readonly parse: (texts: readonly string[], flag: string) => T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;
export type Given<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

export function flag(help: string): Option<boolean> {
  return { takes: "nothing", placeholder: "", help, default: false, parse: () => true };
}

export function text(placeholder: string, help: string, more: { names?: Names } = {}): Option<string | undefined> {
  return { takes: "one", placeholder, help, default: undefined, ...more, parse: (texts, name) => notBlank(texts.at(-1) ?? "", name) };
}

/** Repeat the flag or separate with commas; blanks are dropped. */
export function list(placeholder: string, help: string, more: { names?: Names } = {}): Option<readonly string[]> {
  const parse = (texts: readonly string[]): string[] =>
    texts
      .flatMap((part) => part.split(","))
      .map((part) => part.trim())
      .filter((part) => part !== "");
  return { takes: "many", placeholder, help, default: [], ...more, parse };
}

/** A whole number of at least 1. */
export function count(placeholder: string, help: string, fallback: number): Option<number> {
  return {
    takes: "one",
    placeholder,
    help: `${help} (default ${fallback})`,
    default: fallback,
    parse: (texts, name) => wholeNumber(texts.at(-1) ?? "", name, { least: 1, most: Number.MAX_SAFE_INTEGER, example: fallback }),
  };
}

/** A TCP port; `least` 0 leaves the choice to the system. */
export function port(help: string, fallback: number, least: 0 | 1): Option<number> {
  return { ...count("<port>", help, fallback), parse: (texts, name) => wholeNumber(texts.at(-1) ?? "", name, { least, most: 65_535, example: fallback }) };
}

/** A number of at least 0, or undefined when the flag is not given. */
export function amount(placeholder: string, help: string): Option<number | undefined> {
  return { takes: "one", placeholder, help, default: undefined, parse: (texts, name) => anyNumber(texts.at(-1) ?? "", name, 10) };
}

export function choice<const V extends string>(values: readonly V[], help: string, fallback?: V): Option<V | undefined> {
  const parse = (texts: readonly string[], name: string): V => {
    const given = texts.at(-1) ?? "";
    const value = values.find((known) => known === given.toLowerCase());
    if (value === undefined)
      throw new AppError("USAGE", `${name} takes one of ${values.join(", ")}; "${given}" is none of them`, { hint: `For example: ${name} ${values[0]}` });
    return value;
  };
  return { takes: "one", placeholder: `<${values.join("|")}>`, help, default: fallback, values, parse };
}

/** Milliseconds; written as `90s`, `15m`, `12h`, `1h30m`; a bare number counts in `bareUnit`. At least `leastMs`, and a hundred years at most. */
export function duration<F extends number | undefined>(help: string, fallbackMs: F, bareUnit: "ms" | "s" | "h" | "d", leastMs = 0): Option<number | F> {
  const parse = (texts: readonly string[], name: string): number => {
    const ms = parseDuration(texts.at(-1) ?? "", bareUnit);
    if (ms === undefined)
      throw new AppError("USAGE", `${name} takes a duration; "${texts.at(-1) ?? ""}" is none`, { hint: "Write it as 500ms, 90s, 15m, 12h, 30d or 1h30m." });
    if (ms < leastMs)
      throw new AppError("USAGE", `${name} takes a longer duration than "${texts.at(-1) ?? ""}"`, { hint: `The shortest is ${leastText(leastMs)}.` });
    if (ms > LONGEST_DURATION_MS)
      throw new AppError("USAGE", `${name} takes a shorter duration than "${texts.at(-1) ?? ""}"`, { hint: "The longest is 36500d." });
    return ms;
  };
  return { takes: "one", placeholder: "<duration>", help, default: fallbackMs, parse };
}

function notBlank(value: string, name: string): string {
  if (value.trim() === "") throw new AppError("USAGE", `${name} takes a value, and the one given is blank`, { hint: `Write ${name} followed by the value.` });
  return value.trim();
}

function anyNumber(value: string, name: string, example: number): number {
  const parsed = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : Number.NaN;
  if (Number.isNaN(parsed)) throw new AppError("USAGE", `${name} takes a number; "${value}" is none`, { hint: `For example: ${name} ${example}` });
  return parsed;
}

function leastText(ms: number): string {
  return ms < 1000 ? `${ms}ms` : `${ms / 1000}s`;
}

interface Range {
  readonly least: number;
  readonly most: number;
  readonly example: number;
}

function wholeNumber(value: string, name: string, { least, most, example }: Range): number {
  const parsed = anyNumber(value, name, example);
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  if (!Number.isSafeInteger(parsed) || parsed < least || parsed > most)
    throw new AppError("USAGE", `${name} takes a whole number ${range}; "${value}" is none`, {
      hint: `For example: ${name} ${example}`,
    });
  return parsed;
}
