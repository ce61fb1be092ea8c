import { AppError } from "../kernel/errors.ts";
import { didYouMean } from "../kernel/nearest.ts";
import type { Argument, Command } from "./command.ts";
import { flag, type Option, type Options, text } from "./option.ts";

/** Understood by every command; read before the broker opens. */
export const commonOptions = {
  json: flag("print one JSON document"),
  plain: flag("print plain lines for scripts"),
  agent: text("<id>", "the agent to look at (overrides {PFX}_AGENT_DIR and PI_CODING_AGENT_DIR)", { names: "agent" }),
  profile: text("<name>", "use the state folder ~/.{bin}-<name>"),
  dev: flag("the same as --profile dev"),
  noColor: flag("no colour"),
  help: flag("show this help"),
  version: flag("show the version"),
} as const satisfies Options;

const SHORT: ReadonlyMap<string, string> = new Map([
  ["-h", "--help"],
  ["-V", "--version"],
]);

export interface ParsedWords {
  readonly given: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
}

/** `probeTimeout` → `--probe-timeout`. */
export function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Flags and arguments of one command, parsed and checked. Throws USAGE, always with what would be right. */
export function parseWords(words: readonly string[], options: Options, args: readonly Argument[], path: string): ParsedWords {
  const byFlag = new Map<string, readonly [string, Option<unknown>]>(Object.entries(options).map((entry) => [flagName(entry[0]), entry]));
  const { texts, positionals } = readTokens(words, byFlag, path);
  const given: Record<string, unknown> = Object.create(null);
  for (const [name, [key, option]] of byFlag) {
    const values = texts.get(name);
    given[key] = values === undefined ? option.default : option.parse(values, name);
  }
  if (given["help"] !== true) checkArguments(positionals, args, path);
  return { given, args: positionals };
}

/** Flags with their values, and what is no flag. Everything after `--` is an argument. */
function readTokens(words: readonly string[], byFlag: ReadonlyMap<string, readonly [string, Option<unknown>]>, path: string) {
  const texts = new Map<string, string[]>();
  const positionals: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === "--") return { texts, positionals: [...positionals, ...words.slice(i + 1)] };
    if (!word.startsWith("-") || word === "-") {
      positionals.push(word);
      continue;
    }
    const equals = word.indexOf("=");
    const written = equals < 0 ? word : word.slice(0, equals);
    const name = SHORT.get(written) ?? written;
    const option = byFlag.get(name)?.[1];
    if (option === undefined) throw unknownFlag(written, [...byFlag.keys()], path);
    const inline = equals < 0 ? undefined : word.slice(equals + 1);
    const follows = option.takes !== "nothing" && inline === undefined;
    texts.set(name, [...(texts.get(name) ?? []), valueOf(name, option, inline, follows ? words[i + 1] : undefined)]);
    if (follows) i++;
  }
  return { texts, positionals };
}

function valueOf(name: string, option: Option<unknown>, inline: string | undefined, next: string | undefined): string {
  if (option.takes === "nothing") {
    if (inline === undefined) return "";
    throw new AppError("USAGE", `${name} takes no value`, { hint: `Write ${name} alone.` });
  }
  const value = inline ?? next;
  if (value === undefined || (inline === undefined && value.startsWith("-") && value !== "-")) {
    throw new AppError("USAGE", `${name} takes a value: ${name} ${option.placeholder}`, { hint: `A value that begins with "-" is written ${name}=<value>.` });
  }
  return value;
}

/** The help of a path, or of the program itself where the path is empty. */
export function seeHelp(path: string): string {
  return `See \`{cli} ${path === "" ? "" : `${path} `}--help\`.`;
}

function unknownFlag(name: string, known: readonly string[], path: string): AppError {
  if (mayHoldSecret(path) && !/^--?[a-z]+(-[a-z]+)*$/.test(name)) return notRepeated("a word that is no flag was given", path);
  return new AppError("USAGE", `there is no flag ${name}.${didYouMean(name, known)}`, { hint: seeHelp(path) });
}

/** Where people are about to give a secret, one may stand where none belongs: such a word is not printed. */
function mayHoldSecret(path: string): boolean {
  return path.startsWith("models auth ");
}

function notRepeated(what: string, path: string): AppError {
  return new AppError("USAGE", `${what}; it is not repeated here, as it may be a secret`, {
    hint: `A secret is never an argument, where others see it and the shell keeps it: commands that take one ask for it, or read it from stdin. ${seeHelp(path)}`,
  });
}

function checkArguments(positionals: readonly string[], args: readonly Argument[], path: string): void {
  const missing = args.find((arg, i) => arg.optional === undefined && positionals[i] === undefined);
  if (missing !== undefined) {
    throw new AppError("USAGE", `<${missing.name}> is missing: ${missing.help}`, { hint: seeHelp(path) });
  }
  const last = args.at(-1);
  if (positionals.length > args.length && last?.rest === undefined) {
    if (mayHoldSecret(path)) throw notRepeated("there is one word too many", path);
    throw new AppError("USAGE", `"${positionals[args.length]}" is one word too many`, { hint: seeHelp(path) });
  }
  positionals.forEach((value, i) => {
    const values = args[i]?.values;
    if (values !== undefined && !values.includes(value))
      throw new AppError("USAGE", `"${value}" is none of ${values.join(", ")}.${didYouMean(value, values)}`, { hint: seeHelp(path) });
  });
}

/** A command's options with those that every command has. Its own win: `--profile` of `models auth token` names an account. */
export function allOptions(command: Pick<Command, "options">): Options {
  return { ...command.options, ...commonOptions, ...command.options };
}
