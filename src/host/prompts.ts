import { Writable } from "node:stream";
import { autocomplete, confirm, isCancel, log, multiselect, outro, password, select, text } from "@clack/prompts";
import type { Prompter, PromptLook } from "../kernel/terminal.ts";
import { Keyboard } from "./keyboard.ts";

/** From this many choices on, a list is narrowed by typing. */
const LONG_LIST = 9;
const MOST_SHOWN = 10;
/** Stands for one character of a secret; of a long one, this many are drawn, and how many there are. */
const MASK = "•";
const DOTS = 20;
const LONG_SECRET = new RegExp(`${MASK}{${DOTS + 1},}`, "g");

/** The one place that knows the package which draws the questions. */
export function openPrompter(look: PromptLook): Prompter {
  const output = drawing(look);
  const oneLine = drawing({ ...look, columns: 1_000_000 });
  return {
    secret: (message, signal) => ask((io) => password({ message, ...io, mask: MASK }), oneLine, signal),
    text: (message, { initial, check }) =>
      ask((io) => text({ message, ...io, ...(initial !== undefined && { initialValue: initial }), validate: (given) => check?.(given ?? "") }), output),
    choose: (message, choices) => (choices.length < LONG_LIST ? chooseFromFew(message, choices, output) : chooseFromMany(message, choices, output)),
    chooseMany: (message, choices, initial) => chooseSeveral(message, choices, { initial, output }),
    end: () => outro("", { output }),
    remark: (kind, lines) => (kind === "note" ? log.info : log.warn)(lines, { output }),
    confirm: (message, initial) => ask((io) => confirm({ message, ...io, initialValue: initial === "yes" }), output),
  };
}

/** Opens the keyboard for one question, and leaves the terminal as it was. Nobody listens any more when it is over. */
async function ask<T>(
  question: (io: { readonly input: Keyboard; readonly output: Writable; readonly signal: AbortSignal }) => Promise<T>,
  output: Writable,
  outer?: AbortSignal,
): Promise<Exclude<T, symbol> | undefined> {
  if (outer?.aborted === true) return undefined;
  const { stdin, stderr } = process;
  const givenUp = new AbortController();
  const giveUp = (): void => givenUp.abort();
  const resize = (): void => void output.emit("resize");
  const input = new Keyboard(stdin, { up: giveUp, marks: (sequence) => void stderr.write(sequence) });
  outer?.addEventListener("abort", giveUp);
  stderr.on("resize", resize);
  try {
    const answer = await question({ input, output, signal: givenUp.signal });
    return isCancel(answer) ? undefined : (answer as Exclude<T, symbol>);
  } finally {
    input.release();
    stderr.off("resize", resize);
    outer?.removeEventListener("abort", giveUp);
  }
}

type Choices = Parameters<Prompter["choose"]>[1];

function chooseFromFew(message: string, choices: Choices, output: Writable): Promise<number | undefined> {
  const options = choices.map(({ label, hint = "" }, value) => ({ value, label, ...(hint !== "" && { hint }) }));
  return ask((io) => select({ message, options, ...io, showInstructions: false }), output);
}

async function chooseSeveral(
  message: string,
  choices: Choices,
  { initial, output }: { readonly initial: readonly number[]; readonly output: Writable },
): Promise<readonly number[] | undefined> {
  const options = choices.map(({ label, hint = "" }, value) => ({ value, label, ...(hint !== "" && { hint }) }));
  return ask((io) => multiselect({ message, options, ...io, initialValues: [...initial], required: false, maxItems: MOST_SHOWN }), output);
}

/** The package stays at an option as long as it fits what is typed; with values that change with that, it goes to the best one. */
async function chooseFromMany(message: string, choices: Choices, output: Writable): Promise<number | undefined> {
  const found = (typed: string) =>
    bestFirst(choices, typed).map((index) => {
      const { label = "", hint = "" } = choices[index] ?? {};
      return { value: `${index} ${typed}`, label, ...(hint !== "" && { hint }) };
    });
  const chosen = await ask(
    (io) =>
      autocomplete<string>({
        message,
        ...io,
        maxItems: MOST_SHOWN,
        options() {
          return found(this.userInput);
        },
      }),
    output,
  );
  return chosen === undefined ? undefined : Number.parseInt(chosen, 10);
}

/** Indices of those that hold every word that was typed: first what is called exactly so, then what begins so, then what has a word that does. */
function bestFirst(choices: Choices, typed: string): number[] {
  const whole = typed.trim().toLowerCase();
  const words = whole.split(/\s+/);
  const ranked = choices.flatMap(({ label, hint = "" }, index) => {
    const text = `${label} ${hint}`.toLowerCase();
    return words.every((word) => text.includes(word)) ? [{ index, rank: rankOf(label.toLowerCase(), whole) }] : [];
  });
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ index }) => index);
}

/** Labels end in an id, as in "Google Gemini (google)". */
function rankOf(label: string, typed: string): number {
  if (label === typed || label.endsWith(`(${typed})`)) return 0;
  if (label.startsWith(typed)) return 1;
  return label.split(/[^a-z0-9]+/).some((word) => word.startsWith(typed)) ? 2 : 3;
}

/** What the package knows nothing of: --no-color, terminals that do not say how large they are, and secrets that are longer than a line. */
function drawing({ colour, columns }: PromptLook & { readonly columns?: number }): Writable {
  const { stderr } = process;
  const shown = (text: string): string => (colour ? text : text.replace(/\u001b\[[0-9;]*m/g, "")).replace(LONG_SECRET, counted);
  // Not waited for: two of these write in the order in which they are asked to.
  const write = (chunk: string | Buffer, _encoding: string, done: () => void): void => {
    stderr.write(shown(chunk.toString()));
    done();
  };
  const screen = new Writable({ decodeStrings: false, write });
  return Object.defineProperties(screen, { columns: { get: () => columns ?? (stderr.columns || 80) }, rows: { get: () => stderr.rows || 24 } });
}

function counted(dots: string): string {
  return `${MASK.repeat(DOTS)} (${dots.length} characters)`;
}
