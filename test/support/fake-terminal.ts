import type { Prompter, Terminal } from "../../src/kernel/terminal.ts";

export interface FakeTerminal extends Terminal {
  /** All that was written to stdout and stderr. */
  readonly said: { out: string; err: string };
  /** What a person at it was shown: questions, choices, remarks. */
  readonly shown: string[];
}

/** A terminal in memory; no TTY unless told. */
export function fakeTerminal(
  facts: Partial<Pick<Terminal, "stdoutIsTty" | "stderrIsTty" | "stdinIsTty" | "columns" | "readStdin" | "prompter">> = {},
): FakeTerminal {
  const said = { out: "", err: "" };
  return {
    out: (text) => {
      said.out += `${text}\n`;
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
    shown: [],
  };
}

/** What a person does at each question, in order: text, the index of a choice, the indices of several with commas, yes or no, or undefined for Ctrl-C. */
export type Answer = string | number | boolean | undefined;

/** A terminal with a person at it. */
export function attendedTerminal(answers: readonly Answer[], facts: Partial<Pick<Terminal, "stdoutIsTty">> = {}): FakeTerminal {
  const left = [...answers];
  const shown: string[] = [];
  const next = async <T extends Answer>(question: string): Promise<T | undefined> => {
    shown.push(question);
    return left.shift() as T | undefined;
  };
  const prompter: Prompter = {
    secret: (question) => next<string>(question),
    text: (question, { initial }) => next<string>(initial === undefined ? question : `${question} [${initial}]`),
    choose: (question, choices) =>
      next<number>([question, ...choices.map(({ label, hint }) => (hint === undefined ? label : `${label} (${hint})`))].join("\n  ")),
    chooseMany: async (question, choices, initial) => {
      const answer = await next<string>([question, ...choices.map(({ label }, index) => `${initial.includes(index) ? "[x]" : "[ ]"} ${label}`)].join("\n  "));
      return answer
        ?.split(",")
        .filter((index) => index !== "")
        .map(Number);
    },
    confirm: (question, initial) => next<boolean>(`${question} [${initial}]`),
    remark: (kind, lines) => void shown.push(`${kind}: ${lines}`),
  };
  return { ...fakeTerminal({ stdinIsTty: true, stderrIsTty: true, ...facts, prompter: async () => prompter }), shown };
}
