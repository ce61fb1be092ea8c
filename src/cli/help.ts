import type { Command } from "./command.ts";
import { childrenOf } from "./find-command.ts";
import { commandAt, defaultOf, groupSummaries } from "./commands/index.ts";
import type { Options } from "./option.ts";
import { commonOptions, flagName } from "./parse-words.ts";
import type { Style } from "./style.ts";
import { padEnd, textWidth, wrap } from "./text-width.ts";

/** What help says differently for each brand. */
export interface HelpNames {
  readonly bin: string;
  readonly name: string;
  readonly envPrefix: string;
  readonly version: string;
}

/** Help of the program, or of a group of commands. */
export function groupHelp(path: string, names: HelpNames, style: Style): string {
  const parts: string[] = [];
  if (path === "") parts.push(`${style.bold(names.name)} ${names.version}: which models and accounts work right now, and which of them answers.`, "");
  else parts.push(`${groupSummaries[path] ?? path}.`, "");
  parts.push(`${style.dim("Usage")}  ${names.bin}${path === "" ? "" : ` ${path}`} <command> [flags]`, "");
  parts.push(...commandLines(path, style), "");
  if (defaultOf(path) !== undefined) parts.push(`Without a command: ${style.accent(`${names.bin} ${defaultOf(path)}`)}.`, "");
  if (path === "") parts.push(style.dim("Every command"), ...optionLines(commonOptions, names, style), "");
  parts.push(`${style.accent(`${names.bin} ${path === "" ? "" : `${path} `}<command> --help`)} says more about one of them.`);
  return parts.join("\n");
}

/** Help of one command. */
export function commandHelp(path: string, command: Command, names: HelpNames, style: Style): string {
  const parts = [`${command.summary}.`, "", `${style.dim("Usage")}  ${usage(path, command, names)}`, ""];
  if (command.about !== undefined) parts.push(...command.about.split("\n").map((line) => wrap(fill(line, names), style.width)), "");
  if (command.args !== undefined && command.args.length > 0) {
    parts.push(
      style.dim("Arguments"),
      ...rows(
        command.args.map(({ name, help }) => [`<${name}>`, fill(help, names)]),
        style,
      ),
      "",
    );
  }
  if (Object.keys(command.options).length > 0) parts.push(style.dim("Flags"), ...optionLines(command.options, names, style), "");
  const common = Object.entries(commonOptions).filter(([name]) => !(name in command.options) && (name !== "plain" || command.plain !== undefined));
  parts.push(style.dim("Every command"), ...optionLines(Object.fromEntries(common), names, style), "");
  parts.push(
    style.dim("Examples"),
    ...rows(
      command.examples.map(({ run, does }) => [`${names.bin} ${run}`, does]),
      style,
    ),
  );
  return parts.join("\n");
}

/** `{cli}`, `{bin}`, `{name}` and `{PFX}` become what this brand calls them. */
export function fill(text: string, names: Pick<HelpNames, "bin" | "name" | "envPrefix">): string {
  return text.replaceAll("{cli}", names.bin).replaceAll("{bin}", names.bin).replaceAll("{name}", names.name).replaceAll("{PFX}", names.envPrefix);
}

export function usage(path: string, command: Command, names: Pick<HelpNames, "bin">): string {
  const args = (command.args ?? []).map(({ name, optional, rest }) => (optional ? `[${name}${rest ? "…" : ""}]` : `<${name}${rest ? "…" : ""}>`));
  return [names.bin, path, ...args, "[flags]"].join(" ");
}

function commandLines(path: string, style: Style): string[] {
  const lines = childrenOf(path).map((word): [string, string] => {
    const full = path === "" ? word : `${path} ${word}`;
    return [word, commandAt(full)?.summary ?? groupSummaries[full] ?? ""];
  });
  return rows(lines, style);
}

function optionLines(options: Options, names: HelpNames, style: Style): string[] {
  return rows(
    Object.entries(options).map(([key, option]) => [`${flagName(key)}${option.placeholder === "" ? "" : ` ${option.placeholder}`}`, fill(option.help, names)]),
    style,
  );
}

/** Two columns; where the left one is long, the right one stands below it. */
function rows(pairs: readonly (readonly [string, string])[] | readonly string[][], style: Style): string[] {
  const left = Math.min(32, Math.max(...pairs.map(([name = ""]) => textWidth(name))));
  return pairs.map(([name = "", says = ""]) => {
    const indent = " ".repeat(left + 4);
    const text = wrap(says, style.width - indent.length).replaceAll("\n", `\n${indent}`);
    if (textWidth(name) <= left) return `  ${style.accent(padEnd(name, left))}  ${text}`;
    return `  ${style.accent(name)}\n${indent}${text}`;
  });
}
