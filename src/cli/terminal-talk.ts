import { AppError } from "../kernel/errors.ts";
import { redact } from "../kernel/redact.ts";
import { Secret } from "../kernel/secret.ts";
import type { Prompter, Terminal } from "../kernel/terminal.ts";
import { hang } from "./hanging-text.ts";
import { harmless } from "./harmless.ts";
import type { Style } from "./style.ts";
import { liveView, type LiveView } from "./live-view.ts";
import type { Choice, Objection, Talk } from "./talk.ts";
import { wrap } from "./text-width.ts";

export interface TalkDoor {
  readonly terminal: Pick<Terminal, "stdinIsTty" | "stderrIsTty" | "readStdin" | "prompter">;
  /** As it is: for what draws itself again. */
  readonly write: (text: string) => void;
  /** Whether lines can be drawn again: not on a dumb terminal, nor where the answer would be drawn between them. */
  readonly canRedraw: () => boolean;
  /** Writes one line of talk. */
  readonly say: (line: string) => void;
  /** For stderr. Asked for when something is said. */
  readonly style: () => Style;
  readonly wantsColour: () => boolean;
  /** Fills in the name of the binary. */
  readonly named: (text: string) => string;
  readonly json: boolean;
}

/** No secret that we know is longer. */
const LONGEST_BYTES = 64 * 1024;

/** The talk of one command. Nothing is looked at before something is said or asked. `end` is called when the command has its answer, or fails. */
export function terminalTalk(door: TalkDoor): Talk & { end(): void } {
  const { terminal } = door;
  let opened: Prompter | undefined;
  const isInteractive = (): boolean => terminal.stdinIsTty && terminal.stderrIsTty;
  const shown = (text: string): string => harmless(redact(door.named(text)));
  const prompter = async (question: string, instead: string): Promise<Prompter> => {
    if (!isInteractive()) throw new AppError("TERMINAL_NEEDED", `there is no terminal to ask on: ${question}`, { hint: instead });
    opened ??= await terminal.prompter({ colour: door.wantsColour() });
    return opened;
  };
  let view: LiveView | undefined;
  const above = (say: () => void): void => (view === undefined ? say() : view.above(say));
  const remark = (kind: "note" | "warning", text: string): void => {
    const style = door.style();
    if (opened === undefined) above(() => door.say(hang(kind === "note" ? "" : `${style.warn("!")} `, shown(text), style.width)));
    else opened.remark(kind, wrap(shown(text), style.width - GUIDE_COLUMNS));
  };
  const talk: Talk & { end(): void } = {
    end: () => {
      view?.show([]);
      opened?.end?.();
    },
    get isLive() {
      return terminal.stderrIsTty && door.canRedraw() && opened === undefined;
    },
    live: (lines) => {
      if (!talk.isLive) return;
      view ??= liveView(door.write, () => door.style().width);
      view.show(lines(door.style()));
    },
    answersInJson: door.json,
    get isInteractive() {
      return isInteractive();
    },
    note: (text) => (!door.json || terminal.stderrIsTty ? remark("note", text) : undefined),
    warn: (text) => remark("warning", text),
    askSecret: async (question, { check, signal } = {}) => {
      if (!isInteractive()) return secretFromStdin(terminal, question, check);
      const asks = await prompter(question, "");
      return secretFrom(() => asks.secret(shown(question), signal), check, talk);
    },
    ask: async (question, { instead, initial, check }) => answered(await (await prompter(question, instead)).text(shown(question), { initial, check })),
    choose: async (question, choices, { instead }) => chosenOne(await prompter(question, instead), shown(question), shownAs(choices, shown)),
    chooseMany: async (question, choices, { instead, initial }) =>
      chosenMany(await prompter(question, instead), question.split("\n").map(shown), shownAs(choices, shown), initial),
    confirm: async (question, { instead, initial = "yes" }) => answered(await (await prompter(question, instead)).confirm(shown(question), initial)),
  };
  return talk;
}

/** Asks until nobody objects. */
async function secretFrom(
  ask: () => Promise<string | undefined>,
  check: ((secret: Secret) => Objection | undefined) | undefined,
  talk: Pick<Talk, "warn">,
): Promise<Secret> {
  for (;;) {
    const secret = new Secret(answered(await ask()));
    const objection = secret.isBlank ? NOTHING_TYPED : check?.(secret);
    if (objection === undefined) return secret;
    talk.warn(`${objection.message.charAt(0).toUpperCase()}${objection.message.slice(1)}. ${objection.hint}`);
  }
}

function shownAs<T>(choices: readonly Choice<T>[], shown: (text: string) => string): Choice<T>[] {
  return choices.map(({ value, label, hint }) => ({ value, label: shown(label), ...(hint !== undefined && { hint: shown(hint) }) }));
}

async function chosenOne<T>(asks: Prompter, question: string, choices: readonly Choice<T>[]): Promise<T> {
  const chosen = choices[answered(await asks.choose(question, choices))];
  if (chosen === undefined) throw new AppError("INTERNAL", "a choice that was not offered", { hint: "This is a bug. Please report it." });
  return chosen.value;
}

async function chosenMany<T>(asks: Prompter, question: readonly string[], choices: readonly Choice<T>[], initial: readonly T[]): Promise<readonly T[]> {
  const marked = choices.flatMap(({ value }, index) => (initial.includes(value) ? [index] : []));
  const chosen = new Set(answered(await asks.chooseMany(question.join("\n"), choices, marked)));
  return choices.flatMap(({ value }, index) => (chosen.has(index) ? [value] : []));
}

/** What stands before a line between questions. */
const GUIDE_COLUMNS = 3;
const NOTHING_TYPED = { message: "nothing was given", hint: "Paste it, or press Ctrl-C to stop." };

function answered<T>(answer: T | undefined): T {
  if (answer !== undefined) return answer;
  throw new AppError("INTERRUPTED", "stopped at a question", { hint: "Nothing was changed by it. Run the command again when you are ready." });
}

/** A terminal on stdin alone is not read from: what is typed would be shown. */
function secretFromStdin(terminal: TalkDoor["terminal"], question: string, check: ((secret: Secret) => Objection | undefined) | undefined): Secret {
  const hint = "Pipe it in, for example from a file with `< file`, or run this at a terminal.";
  if (terminal.stdinIsTty) throw new AppError("TERMINAL_NEEDED", `there is no terminal to ask on: ${question}`, { hint });
  const text = terminal.readStdin(LONGEST_BYTES);
  if (text === undefined)
    throw new AppError("CREDENTIAL_SHAPE", "what came on stdin is no text, or longer than 64 KB", { hint: "Nothing was stored. Pipe in the secret alone." });
  const secret = new Secret(text.replace(/\r?\n$/, ""));
  if (secret.isBlank) throw new AppError("INPUT_MISSING", `nothing came on stdin: ${question}`, { hint });
  const objection = check?.(secret);
  if (objection !== undefined) throw new AppError("CREDENTIAL_SHAPE", objection.message, { hint: `Nothing was stored. ${objection.hint}` });
  return secret;
}
