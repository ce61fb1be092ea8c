import type { Terminal } from "../../src/kernel/terminal.ts";

export interface FakeTerminal extends Terminal {
  /** All that was written to stdout and stderr. */
  readonly said: { out: string; err: string };
}

/** A terminal in memory; no TTY unless told. */
export function fakeTerminal(
  facts: Partial<Pick<Terminal, "stdoutIsTty" | "stderrIsTty" | "stdinIsTty" | "columns" | "readStdin" | "prompter">> = {},
): FakeTerminal {
  const said = { out: "", err: "" };
  return {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    stdoutIsTty: false,
    stderrIsTty: false,
    stdinIsTty: false,
    columns: undefined,
    readStdin: () => "",
    prompter: async () => {
      throw new Error("no questions in this test");
    },
    ...facts,
    said,
  };
}
