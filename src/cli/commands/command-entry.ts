import type { Command } from "../command.ts";
import type { Names } from "../option.ts";

/** A command in the list: its help line, and its file, which is loaded only when it runs. */
export interface CommandEntry {
  readonly summary: string;
  /** What its first word names, so that a shell's completion need not load the file. */
  readonly argument?: Names;
  // oxlint-disable-next-line typescript/no-explicit-any -- each command has its own options and report
  readonly load: () => Promise<Command<any, any>>;
}

export type CommandList = Readonly<Record<string, CommandEntry>>;
