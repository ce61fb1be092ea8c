import type { ErrorCode } from "./errors.ts";
import type { Place } from "./place.ts";

/**
 * Something that is broken or needs attention, as a row: it is shown, and the rest goes on.
 * `error`: a thing named here is not usable. `warning`: usable, but not for long or not as meant. `note`: worth knowing.
 */
export interface Problem {
  readonly code: ErrorCode;
  readonly severity: "error" | "warning" | "note";
  /** What it is about: a provider id, a profile id, a file, a key path. */
  readonly subject: string;
  /** One sentence; never a secret. */
  readonly message: string;
  /** The next step: a command where one mends it. `{cli}` stands for the name of the binary. */
  readonly hint: string;
  readonly place?: Place;
}
