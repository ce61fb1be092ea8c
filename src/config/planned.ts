import type { ConfigEdit } from "./config-edit.ts";

/** What a command is going to change, found out from one view of the config and nothing else: it may be asked twice. */
export interface Planned<Facts> {
  /** None when everything is as it was asked to be. */
  readonly edits: readonly ConfigEdit[];
  /** What the report says beside the change itself. */
  readonly facts: Facts;
  /** Said once, after the edit: a line each. `{cli}` stands for the name of the binary. */
  readonly warnings: readonly string[];
}
