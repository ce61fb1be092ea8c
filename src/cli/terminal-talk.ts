import { AppError } from "../kernel/errors.ts";
import { redact } from "../kernel/redact.ts";
import { Secret } from "../kernel/secret.ts";
import type { Prompter, Terminal } from "../kernel/terminal.ts";
import { hang } from "./hanging-text.ts";
import { harmless } from "./harmless.ts";
import type { Style } from "./style.ts";
import type { Objection, Talk } from "./talk.ts";
import { wrap } from "./text-width.ts";

export interface TalkDoor {
  readonly terminal: Pick<Terminal, "stdinIsTty" | "stderrIsTty" | "readStdin" | "prompter">;
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
  const remark = (kind: "note" | "warning", text: string): void => {
    const style = door.style();
    if (opened === undefined) door.say(hang(kind === "note" ? "" : `${style.warn("!")} `, shown(text), style.width));
    else opened.remark(kind, wrap(shown(text), style.width - GUIDE_COLUMNS));
  };
  const talk: Talk & { end(): void } = {
    end: () => opened?.end?.(),
    get isInteractive() {
      return isInteractive();
    },
    note: (text) => {
      if (!door.json || terminal.stderrIsTty) remark("note", text);
    },
    warn: (text) => remark("warning", text),
    askSecret: async (question, { check } = {}) => {
      if (!isInteractive()) return secretFromStdin(terminal, question, check);
      const asks = await prompter(question, "");
      for (;;) {
        const secret = new Secret(answered(await asks.secret(shown(question))));
        const objection = secret.isBlank ? NOTHING_TYPED : check?.(secret);
        if (objection === undefined) return secret;
        talk.warn(`${objection.message.charAt(0).toUpperCase()}${objection.message.slice(1)}. ${objection.hint}`);
      }
    },
    ask: async (question, { instead, initial, check }) => answered(await (await prompter(question, instead)).text(shown(question), { initial, check })),
    choose: async (question, choices, { instead }) => {
      const asks = await prompter(question, instead);
      const shownChoices = choices.map(({ label, hint }) => ({ label: shown(label), hint: hint === undefined ? undefined : shown(hint) }));
      const chosen = choices[answered(await asks.choose(shown(question), shownChoices))];
      if (chosen === undefined) throw new AppError("INTERNAL", "a choice that was not offered", { hint: "This is a bug. Please report it." });
      return chosen.value;
    },
    confirm: async (question, { instead, initial = "yes" }) => answered(await (await prompter(question, instead)).confirm(shown(question), initial)),
  };
  return talk;
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
