import { refText } from "../catalog/model-ref.ts";
import type { Broker, Room } from "../broker.ts";
import { commandAt } from "./commands/index.ts";
import { assertNever } from "../kernel/errors.ts";
import type { Argument, Command } from "./command.ts";
import { childrenOf } from "./find-command.ts";
import type { Names, Option } from "./option.ts";
import { allOptions, commonOptions, flagName } from "./parse-words.ts";

type Open = (rooms: readonly Room[]) => Promise<Broker>;

/**
 * What may stand at the last of `words`, the one that is being typed; best first. Never throws: a shell that asks while
 * the config is broken gets what needs no config.
 */
export async function completions(open: Open, words: readonly string[]): Promise<string[]> {
  const typed = words.at(-1) ?? "";
  try {
    return (await candidates(open, words.slice(0, -1), typed)).filter((word) => word.startsWith(typed));
  } catch {
    return [];
  }
}

async function candidates(open: Open, before: readonly string[], typed: string): Promise<string[]> {
  const { path, rest } = deepest(before);
  const children = childrenOf(path);
  const entry = commandAt(path);
  if (entry === undefined) {
    const asked = optionOf(commonOptions, rest.at(-1));
    if (asked?.takes === "one") return named(asked.names, { open, typed, rest });
    return typed.startsWith("-") ? commonFlags() : children;
  }
  if (entry.argument !== undefined && rest.length === 0 && !typed.startsWith("-")) return named(entry.argument, { open, typed, rest });
  const command: Command = await entry.load();
  const options = allOptions(command);
  const waiting = optionOf(options, rest.at(-1));
  if (waiting !== undefined && waiting.takes !== "nothing")
    return waiting.values === undefined ? named(waiting.names, { open, typed, rest }) : [...waiting.values];
  if (typed.startsWith("-")) return Object.keys(options).flatMap((name) => (name === "plain" && command.plain === undefined ? [] : [flagName(name)]));
  const argument = argumentAt(command, options, rest);
  if (argument === undefined) return children;
  return argument.values === undefined ? named(argument.names, { open, typed, rest }) : [...argument.values];
}

/** The longest run of leading words that names a command or group; flags may stand among them. What is no such word is the rest. */
function deepest(words: readonly string[]): { path: string; rest: readonly string[] } {
  let path = "";
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word.startsWith("-") && word !== "-" && word !== "--") {
      rest.push(word);
      if (optionOf(commonOptions, word)?.takes === "one" && i + 1 < words.length) rest.push(words[++i] ?? "");
      continue;
    }
    const longer = path === "" ? word : `${path} ${word}`;
    if (commandAt(longer) === undefined && childrenOf(longer).length === 0) return { path, rest: [...rest, ...words.slice(i)] };
    path = longer;
  }
  return { path, rest };
}

function optionOf(options: Readonly<Record<string, Option<unknown>>>, word: string | undefined): Option<unknown> | undefined {
  return Object.entries(options).find(([key]) => flagName(key) === word)?.[1];
}

function argumentAt(command: Command, options: Readonly<Record<string, Option<unknown>>>, rest: readonly string[]): Argument | undefined {
  const values = rest.filter((word, i) => !word.startsWith("-") && optionOf(options, rest[i - 1])?.takes !== "one");
  return command.args?.[values.length] ?? (command.args?.at(-1)?.rest ? command.args.at(-1) : undefined);
}

function commonFlags(): string[] {
  return ["--help", "--version", "--json", "--agent", "--profile"];
}

interface Asked {
  readonly open: Open;
  readonly typed: string;
  /** What stands before it, behind the command. */
  readonly rest: readonly string[];
}

async function named(names: Names | undefined, { open, typed, rest }: Asked): Promise<string[]> {
  switch (names) {
    case "model":
      return models(await open(["catalog"]), typed);
    case "fallback":
    case "image-fallback":
      return (await open([])).chain().entries.flatMap(({ role, raw }) => (role === names ? [raw] : []));
    case "alias":
      return (await open([])).chain().aliases.all.map(({ alias }) => alias);
    case "gateway-key":
      return gatewayKeys(await open([]));
    case "provider":
      return providerIds(await open([]));
    case "profile":
      return profileIds(await open(["credentials"]), rest);
    case "agent":
      return (await open([])).agents().all.map(({ id }) => id);
    case "plugin":
      return (await open([])).plugins().plugins.map(({ id }) => id);
    case "config-key":
    case "file":
    case undefined:
      return [];
    default:
      return assertNever(names);
  }
}

function providerIds(broker: Broker): string[] {
  return broker.registry().all.map(({ provider }) => provider.id);
}

/** Of one provider alone, where the line names it. */
function profileIds(broker: Broker, rest: readonly string[]): string[] {
  const at = rest.indexOf("--provider");
  const written = at < 0 ? undefined : rest[at + 1];
  const { profiles } = broker.credentials();
  if (written === undefined) return profiles.map(({ id }) => id);
  const provider = broker.registry().idOf(written);
  return profiles.flatMap((profile) => (profile.provider === provider ? [profile.id] : []));
}

async function gatewayKeys({ host, config }: Broker): Promise<string[]> {
  const { keyFilePath, readKeys } = await import("../gateway/key-file.ts");
  return readKeys(host, keyFilePath(host, config().stateDir)).keys.map(({ name }) => name);
}

/** Before the slash: aliases, and the listed providers that somebody defines; behind it: the models of that provider, from one shard. */
function models(broker: Broker, typed: string): string[] {
  const slash = typed.indexOf("/");
  if (slash < 0) {
    const aliases = broker.chain().aliases.all.map(({ alias }) => alias);
    const isDefined = (id: string): boolean => broker.registry().get(broker.registry().idOf(id)) !== undefined;
    const listed = broker.catalog().providers();
    return [...aliases, ...listed.flatMap(({ id }) => (isDefined(id) ? [`${id}/`] : []))];
  }
  const provider = broker.registry().idOf(typed.slice(0, slash));
  return broker
    .catalog()
    .models(provider)
    .map(({ spec }) => refText({ provider: spec.provider, model: spec.id }));
}
