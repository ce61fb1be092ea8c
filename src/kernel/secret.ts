import { REDACTED, register } from "./redact.ts";

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** A secret in memory. However it is printed, it prints as `[secret]`; who may reveal it, and what for, `test/house-rules/trust.ts` lists. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    register(value);
  }

  /** The bytes themselves. Allowed in the stores, in `authorize.ts` and where a fingerprint is taken; checked by a test. */
  reveal(): string {
    return this.#value;
  }

  get isBlank(): boolean {
    return this.#value.trim() === "";
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect](): string {
    return REDACTED;
  }
}
