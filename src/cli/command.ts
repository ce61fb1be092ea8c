import type { Broker, Room } from "../broker.ts";
import type { Given, Names, Options } from "./option.ts";
import type { Style } from "./style.ts";
import type { Talk } from "./talk.ts";

/** A word after the command: `<ref>` or, when optional, `[ref]`. `rest` takes all further words. */
export interface Argument {
  readonly name: string;
  readonly help: string;
  readonly optional?: true;
  readonly rest?: true;
  readonly names?: Names;
  readonly values?: readonly string[];
}

/** `run` is written without the binary's name, for example `models list --free`. */
export interface Example {
  readonly run: string;
  readonly does: string;
}

/** Definition, report, rendering: one file a command. `--json` prints exactly the value that `run` returns; of several reports, each is one line. */
export interface Command<O extends Options = Options, R = unknown> {
  /** One line, without a full stop. */
  readonly summary: string;
  /** Further paragraphs of help. `{cli}` stands for the binary's name, `{name}` for the product's, `{PFX}` for its environment prefix. */
  readonly about?: string;
  readonly args?: readonly Argument[];
  readonly options: O;
  readonly examples: readonly Example[];
  /** `talk` asks the person and says what is not the answer; commands that only read need none. */
  readonly run: (broker: Broker, given: Given<O>, args: readonly string[], talk: Talk) => R | Promise<R>;
  /** In place of `run`, where the command goes on (`gateway serve`, `--watch`): report after report. undefined: this time it does not. */
  readonly follow?: (broker: Broker, given: Given<O>, args: readonly string[], talk: Talk) => AsyncIterable<R> | undefined;
  /** Whole text without a final newline. Every string in the report was made harmless for a terminal before it gets here. */
  readonly human: (report: R, style: Style, given: Given<O>) => string;
  /** Line-oriented and stable. Absent where lines make no sense: `--plain` is then refused. */
  readonly plain?: (report: R, given: Given<O>) => string;
  /** Only for findings (1 and 2); failures are thrown. */
  readonly exitCode?: (report: R, given: Given<O>) => number;
  /** What `run` asks the broker for beyond config, agents, registry, plugins and chain; all unless told. */
  readonly rooms?: readonly Room[];
  /** Its answer is a secret, on purpose (`models auth token`): nothing in it is hidden. */
  readonly reveals?: true;
  /** In a terminal each report takes the place of the one before. */
  readonly redraws?: true;
  /** The human and plain output of a program for another program (completion, schema): printed as it is, never styled. */
  readonly raw?: true;
}

/** Ties options, report and rendering together for the compiler; returns what it was given. */
export function defineCommand<O extends Options, R>(command: Command<O, R>): Command<O, R> {
  return command;
}
