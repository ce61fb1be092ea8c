/** A file that cannot be used, its backup, and the name under which the bytes of the first are kept. All in the folder that really holds them. */
export interface BringBack {
  readonly file: string;
  readonly backup: string;
  readonly aside: string;
  /** `secrets`: 0600. `config`: the mode and owner that the file has. What is kept aside is 0600. */
  readonly kept: "secrets" | "config";
  /** Who holds the lock meanwhile. */
  readonly command: string;
  /** Asked again under the lock: somebody else may have mended the file. */
  readonly isNeeded: () => boolean;
}

/** What `doctor --repair` alone does to files. Everything throws FILE_READ_ONLY or FILE_WRITE_FAILED; then nothing was changed. */
export interface Mending {
  /** Takes from a file or folder the permissions that `mode` lacks; gives none. */
  restrict(path: string, mode: number): void;
  /** Bytes, whatever they are: the broken ones are kept, then the backup's take their place in one step. LOCK_HELD as in `changeFiles`. */
  bringBack(what: BringBack): Promise<"done" | "not needed">;
  /** What interrupted writers left beside a file: temporary files, and a lock and claims whose owner is gone. Nothing of a living one. */
  leftovers(file: string): readonly string[];
  /** Removes them, alone with the file. Resolves to what was removed. */
  sweep(file: string, command: string): Promise<readonly string[]>;
}
