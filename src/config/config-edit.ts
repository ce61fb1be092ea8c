import type { KeyPath } from "./loaded-config.ts";

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * One change of the config as the files together make it, before `${VAR}` is replaced. Paths count in the merged config; the edit goes to the
 * file that owns the key.
 */
export type ConfigEdit =
  /** Objects on the way are made; a value that is there is replaced. A model choice that is text alone grows into an object when a member is set. */
  | { readonly kind: "set"; readonly path: KeyPath; readonly value: JsonValue }
  /** Nothing happens when it is not there. */
  | { readonly kind: "remove"; readonly path: KeyPath }
  /** Into the list at `path`, which is made when absent. `index` may be the length. */
  | { readonly kind: "insert"; readonly path: KeyPath; readonly index: number; readonly value: JsonValue }
  /** Within the list at `path`. */
  | { readonly kind: "move"; readonly path: KeyPath; readonly from: number; readonly to: number };

export interface EditedFile {
  readonly file: string;
  /** Unified, without context lines; secrets are hidden. Worked out when it is asked for. */
  readonly diff: string;
}

export interface EditOutcome<View> {
  readonly kind: "written" | "unchanged" | "dry run";
  /** Those that are, or with `dry run` would be, different. */
  readonly files: readonly EditedFile[];
  /** The config as it is, or would be, afterwards. */
  readonly after: View;
}

export interface EditOptions {
  /** For the lock and the note for `config undo`: "models set". */
  readonly command: string;
  readonly dryRun: boolean;
}
