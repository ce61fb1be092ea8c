import type { Secret } from "../kernel/secret.ts";
import type { Style } from "./style.ts";

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** Why an answer will not do, and what would. */
export interface Objection {
  readonly message: string;
  readonly hint: string;
}

/**
 * What a command says and asks besides its answer: all of it on stderr. Texts may come from outside; they are made harmless here. `{cli}` in
 * them is the name of the binary. A question without a terminal throws TERMINAL_NEEDED with `instead`, the flag to give, as its hint; giving up
 * (Ctrl-C, Ctrl-D, Escape, end of input) throws INTERRUPTED.
 */
export interface Talk {
  /** The command's answer is a JSON document: every fact of it will be read. */
  readonly answersInJson: boolean;
  /** stdin and stderr are terminals. */
  readonly isInteractive: boolean;
  /** Lines can be drawn again in their place: stderr is a terminal that can do so. */
  readonly isLive: boolean;
  /** Draws these lines at the end, in place of the last ones; none takes them away. What comes from outside was made harmless. Elsewhere nothing happens. */
  live(lines: (style: Style) => readonly string[]): void;
  /** One line of progress or advice. Nothing with `--json`, unless stderr is a terminal. */
  note(text: string): void;
  /** One line that a person should not miss, also with `--json`. */
  warn(text: string): void;
  /**
   * Not shown while it is typed. Not blank. Without a terminal the whole of stdin, one line break at its end cut; INPUT_MISSING when that is empty.
   * What `check` objects to is asked for again at a terminal, and else throws CREDENTIAL_SHAPE. `signal` takes the question away, as giving up does.
   */
  askSecret(question: string, more?: { readonly check?: (secret: Secret) => Objection | undefined; readonly signal?: AbortSignal }): Promise<Secret>;
  ask(question: string, more: { readonly instead: string; readonly initial?: string; readonly check?: (text: string) => string | undefined }): Promise<string>;
  choose<T>(question: string, choices: readonly Choice<T>[], more: { readonly instead: string }): Promise<T>;
  /** Any number of them, in the order of the list. A question of several lines may end in headers for the labels. `initial`: those that are chosen already. */
  chooseMany<T>(question: string, choices: readonly Choice<T>[], more: { readonly instead: string; readonly initial: readonly T[] }): Promise<readonly T[]>;
  confirm(question: string, more: { readonly instead: string; readonly initial?: "yes" | "no" }): Promise<boolean>;
}
