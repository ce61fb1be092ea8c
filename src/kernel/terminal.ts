/** Where answers and talk go. Only main.ts writes to it. */
export interface Terminal {
  /** The answer. Ends quietly when the reader has gone. */
  out(text: string): void;
  /** Talk: errors, hints, warnings, progress. */
  err(text: string): void;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  readonly stdinIsTty: boolean;
  /** undefined when stdout is no terminal. */
  readonly columns: number | undefined;
}
