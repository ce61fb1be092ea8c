/** Where answers and talk go. Only main.ts writes to it. */
export interface Terminal {
  /** The answer, and a line break after it. Ends quietly when the reader has gone. */
  out(text: string): void;
  /** Talk: errors, hints, warnings, progress. */
  err(text: string): void;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  readonly stdinIsTty: boolean;
  /** undefined when stdout is no terminal. */
  readonly columns: number | undefined;
  /** All of stdin as UTF-8; undefined when it is longer than `maxBytes` or no UTF-8. Waits for its end. */
  readStdin(maxBytes: number): string | undefined;
  /** Asks a person on stderr and stdin; loaded at the first question. */
  prompter(look: PromptLook): Promise<Prompter>;
}

export interface PromptLook {
  readonly colour: boolean;
}

/** Questions to a person at a terminal. Everything shown was made harmless before. `undefined`: given up by Ctrl-C, Ctrl-D, Escape or end of input. */
export interface Prompter {
  /** What is typed or pasted is not shown. Line breaks in what is pasted are cut out. `signal` gives up for the person. */
  secret(question: string, signal?: AbortSignal): Promise<string | undefined>;
  /** `check` gives the reason why an answer will not do. */
  text(
    question: string,
    more: { readonly initial?: string | undefined; readonly check?: ((text: string) => string | undefined) | undefined },
  ): Promise<string | undefined>;
  /** The index of the chosen one. Typing narrows a long list. */
  choose(question: string, choices: readonly { readonly label: string; readonly hint?: string | undefined }[]): Promise<number | undefined>;
  /** The indices of the chosen ones, perhaps none, in their order. `initial`: those that are chosen already. */
  chooseMany(
    question: string,
    choices: readonly { readonly label: string; readonly hint?: string | undefined }[],
    initial: readonly number[],
  ): Promise<readonly number[] | undefined>;
  confirm(question: string, initial: "yes" | "no"): Promise<boolean | undefined>;
  /** Lines between the questions, drawn as these are. */
  remark(kind: "note" | "warning", lines: string): void;
  /** Draws the end of the questions, where these are drawn: what follows is the answer. */
  end?(): void;
}
