import { AppError } from "../kernel/errors.ts";
import type { Attempt, PassedOver, ServedBy } from "./answer.ts";

/** Nobody answered: who was asked and what each said, who was not asked and why. */
export class UpstreamExhausted extends AppError {
  readonly attempts: readonly Attempt[];
  readonly passedOver: readonly PassedOver[];
  /** After so many milliseconds it may be worth to ask again; undefined where nothing is known of that. */
  readonly retryAfterMs: number | undefined;

  static {
    // The bundle gives classes other names, and `console.log` shows them.
    Object.defineProperty(this, "name", { value: "UpstreamExhausted" });
  }

  constructor(asked: string, said: Exhausted) {
    const { attempts, passedOver, retryAfterMs } = said;
    super("UPSTREAM_EXHAUSTED", sentence(asked, attempts, passedOver), { hint: hintFor(said) });
    this.attempts = attempts;
    this.passedOver = passedOver;
    this.retryAfterMs = retryAfterMs;
  }
}

type Exhausted = Pick<UpstreamExhausted, "attempts" | "passedOver" | "retryAfterMs"> & {
  /** Whose key would have helped, and the variable that it is looked for in. */
  readonly missing?: { readonly provider: string; readonly variable: string | undefined } | undefined;
};

function sentence(asked: string, attempts: readonly Attempt[], passedOver: readonly PassedOver[]): string {
  const said = attempts.map(({ message, ...who }) => `${nameOf(who)}: ${message}`);
  const left = passedOver.map(({ why, ...who }) => `${nameOf(who)} ${why}`);
  const all = [...new Set([...said, ...left])];
  return all.length === 0
    ? `nobody could answer for ${asked}`
    : `nobody answered for ${asked} (${all.slice(0, MOST_NAMED).join("; ")}${all.length > MOST_NAMED ? "; …" : ""})`;
}

const MOST_NAMED = 6;

function nameOf({ model, profile }: ServedBy): string {
  return profile === undefined ? model : `${model} (${profile})`;
}

function hintFor({ attempts, passedOver, retryAfterMs, missing }: Exhausted): string {
  if (attempts.some(({ reason }) => reason === "format" || reason === "context_length")) return "Change the request: `attempts` says what was wrong with it.";
  if (retryAfterMs !== undefined) return `Ask again in ${Math.ceil(retryAfterMs / 1000)} s, or add a fallback: \`{cli} models fallbacks add provider/model\`.`;
  if (attempts.length === 0 && missing !== undefined && passedOver.some(({ reason }) => reason === "no_credential")) {
    const set = missing.variable === undefined ? "Give" : `Set ${missing.variable}, or give`;
    return `${set} \`credentials: { "${missing.provider}": "…" }\`, or ask a model that you have an account for: \`{cli} models status\`.`;
  }
  return "`{cli} models explain` says who would be asked, and `{cli} models probe` asks them.";
}
