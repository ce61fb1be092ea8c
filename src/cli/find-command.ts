import { AppError } from "../kernel/errors.ts";
import { didYouMean } from "../kernel/nearest.ts";
import { commandAt, commands, defaultOf } from "./commands/index.ts";
import { seeHelp } from "./parse-words.ts";

/** What the words of a command line name. `words` are the rest: flags and arguments. */
export type FoundCommand =
  | { readonly kind: "command"; readonly path: string; readonly words: readonly string[] }
  | { readonly kind: "group"; readonly path: string; readonly words: readonly string[] };

/** Flags that may stand before the command and take a value. */
const VALUE_FLAGS = new Set(["--agent", "--profile"]);

/** The flags of the era for `models` without a subcommand. */
function legacyFlag(word: string): string {
  if (word === "--status-json") return "--json";
  return word === "--status-plain" ? "--plain" : word;
}

/** Takes words as long as they name a command or a group. Throws COMMAND_UNKNOWN where a group has no such word. */
export function findCommand(argv: readonly string[]): FoundCommand {
  let path = "";
  const words: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? "";
    if (word === "--") return settle(path, [...words, ...argv.slice(i)]);
    if (word.startsWith("-") && word !== "-") {
      words.push(path === "models" ? legacyFlag(word) : word);
      if (VALUE_FLAGS.has(word) && i + 1 < argv.length) words.push(argv[++i] ?? "");
      continue;
    }
    const longer = path === "" ? word : `${path} ${word}`;
    if (commandAt(longer) === undefined && childrenOf(longer).length === 0) throw unknownCommand(path, word);
    path = longer;
    if (childrenOf(path).length === 0) return settle(path, [...words, ...argv.slice(i + 1)]);
  }
  return settle(path, words);
}

/** The words that may follow a path: one level down, in the order of the list. */
export function childrenOf(path: string): string[] {
  const start = path === "" ? "" : `${path} `;
  const below = Object.keys(commands).filter((name) => name.startsWith(start) && name !== path);
  return [...new Set(below.map((name) => name.slice(start.length).split(" ")[0] ?? ""))];
}

function settle(path: string, words: readonly string[]): FoundCommand {
  if (commandAt(path) !== undefined) return { kind: "command", path, words };
  const fallback = defaultOf(path);
  const wantsHelp = words.includes("--help") || words.includes("-h");
  if (fallback !== undefined && !wantsHelp) return { kind: "command", path: fallback, words };
  return { kind: "group", path, words };
}

function unknownCommand(path: string, word: string): AppError {
  const known = childrenOf(path);
  const where = path === "" ? "" : ` below "${path}"`;
  const elsewhere = Object.keys(commands).filter((name) => name.split(" ").includes(word));
  const hint = elsewhere[0] === undefined ? seeHelp(path) : `Perhaps \`{cli} ${elsewhere[0]}\`.`;
  return new AppError("COMMAND_UNKNOWN", `there is no command "${word}"${where}.${didYouMean(word, known)}`, { hint });
}
