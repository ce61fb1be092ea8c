import { AppError } from "../../src/kernel/errors.ts";
import { Secret } from "../../src/kernel/secret.ts";
import type { Talk } from "../../src/cli/talk.ts";

export interface FakeTalk extends Talk {
  /** `note: …`, `warn: …`, `asked: …`, in order. */
  readonly said: readonly string[];
}

/**
 * A person who answers from a list: text for `ask` and `askSecret`, a label's beginning for `choose`, several of them with commas or
 * "as marked" for `chooseMany`, "yes" or "no" for `confirm`. Without
 * `answers` there is no terminal: then `stdin` is what a secret is read from, and every other question throws TERMINAL_NEEDED.
 */
export function fakeTalk({ answers, stdin = "" }: { readonly answers?: readonly string[]; readonly stdin?: string } = {}): FakeTalk {
  const said: string[] = [];
  const left = [...(answers ?? [])];
  const next = (question: string, instead: string): string => {
    if (answers === undefined) throw new AppError("TERMINAL_NEEDED", `${question}: there is no terminal to ask on`, { hint: instead });
    said.push(`asked: ${question}`);
    const answer = left.shift();
    if (answer === undefined) throw new AppError("INTERRUPTED", "given up", { hint: "Nothing was stored." });
    return answer;
  };
  return {
    said,
    answersInJson: true,
    isInteractive: answers !== undefined,
    isLive: false,
    live: () => undefined,
    note: (text) => void said.push(`note: ${text}`),
    warn: (text) => void said.push(`warn: ${text}`),
    askSecret: async (question, { check } = {}) => {
      for (;;) {
        const text = answers === undefined ? stdin.replace(/\r?\n$/, "") : next(question, "");
        if (text.trim() === "") throw new AppError("INPUT_MISSING", "nothing came on stdin", { hint: "Pipe the secret in." });
        const secret = new Secret(text);
        const objection = check?.(secret);
        if (objection === undefined) return secret;
        if (answers === undefined) throw new AppError("CREDENTIAL_SHAPE", objection.message, { hint: objection.hint });
        said.push(`warn: ${objection.message}. ${objection.hint}`);
      }
    },
    ask: async (question, { instead, initial, check }) => {
      const text = next(question, instead) || (initial ?? "");
      const reason = check?.(text);
      if (reason !== undefined) throw new Error(`the test answered "${text}", and ${reason}`);
      return text;
    },
    choose: async (question, choices, { instead }) => {
      const label = next(question, instead);
      const chosen = choices.find((choice) => choice.label.startsWith(label));
      if (chosen === undefined) throw new Error(`the test chose "${label}" from ${choices.map((choice) => choice.label).join(", ")}`);
      return chosen.value;
    },
    chooseMany: async (question, choices, { instead, initial }) => {
      const answer = next(question, instead);
      if (answer === "as marked") return initial;
      const labels = answer.split(",").filter((label) => label !== "");
      const strange = labels.find((label) => !choices.some((choice) => choice.label.startsWith(label)));
      if (strange !== undefined) throw new Error(`the test chose "${strange}" from ${choices.map((choice) => choice.label).join(", ")}`);
      return choices.filter((choice) => labels.some((label) => choice.label.startsWith(label))).map(({ value }) => value);
    },
    confirm: async (question, { instead }) => next(question, instead) === "yes",
  };
}

/** For commands that neither ask nor say anything besides their answer. */
export const noTalk: Talk = fakeTalk();
