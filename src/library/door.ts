import { AppError, asAppError } from "../kernel/errors.ts";
import { redactStrictly } from "../kernel/redact.ts";
import type { LibraryNames } from "./names.ts";

/** What a caller gets to see of what went wrong: this brand's commands in the hints, no secret anywhere. The signal's own reason passes as it is. */
export function atTheDoor(thrown: unknown, names: LibraryNames, signal?: AbortSignal): unknown {
  if (signal?.aborted === true && thrown === signal.reason) return thrown;
  const error = asAppError(thrown);
  const { cause: _, ...facts } = error.facts;
  const told = error === thrown && error.cause === undefined ? error : new AppError(error.code, error.message, facts);
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  const hint = withNames(redactStrictly(error.hint), names);
  Object.assign(told, { message: withNames(redactStrictly(told.message), names), facts: { ...facts, hint } });
  Object.defineProperty(told, "stack", { value: redactStrictly(stack ?? ""), writable: true, configurable: true });
  return told;
}

function withNames(text: string, { bin, name, envPrefix, profile }: LibraryNames): string {
  const cli = profile === undefined ? bin : `${bin} --profile ${profile}`;
  return text.replaceAll("{cli}", cli).replaceAll("{bin}", bin).replaceAll("{name}", name).replaceAll("{PFX}", envPrefix);
}
