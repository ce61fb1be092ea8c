/** One entry of one auth store. */
export interface StoredCredential {
  /** The store's file, however it is reached. */
  readonly store: string;
  /** The profile's id. */
  readonly id: string;
}

/** What renewing a login asks of the machine besides the rest. */
export interface RefreshMachine {
  /** The same text for the same entry, whichever name leads to its store. */
  keyOf(credential: StoredCredential): string;
  /**
   * Runs `act` alone among all processes that renew this very credential, the request to the issuer included. It has a lock of its own, beside the
   * store: who holds it may change the store, but nobody who changes a store may wait for it. Throws LOCK_HELD and what writing there throws.
   */
  alone<T>(credential: StoredCredential, request: { readonly command: string; readonly timeoutMs: number }, act: () => Promise<T>): Promise<T>;
  /** Takes so many bytes on the store's disk, flushed, until they are needed. For the holder alone. Throws FILE_WRITE_FAILED and FILE_READ_ONLY. */
  reserve(credential: StoredCredential, bytes: number): Reserve;
  /** Ctrl-C, and being told to end, wait until `act` is done. */
  undisturbed<T>(act: () => Promise<T>): Promise<T>;
  /** Puts a text where it outlives this process, though not this session, until the store has it. Says where. Throws FILE_WRITE_FAILED. */
  rescue(credential: StoredCredential, text: string): string;
  /** What was rescued before, by any process of this user; nothing of what somebody else could have put there. Which of it is whole, and still good, its text says. */
  rescued(credential: StoredCredential): readonly RescueCopy[];
  /** The files of all rescued texts of this user: they hold secrets. */
  allRescued(): readonly string[];
  forgetRescued(credential: StoredCredential): void;
}

export interface RescueCopy {
  readonly file: string;
  readonly text: string;
}

export interface Reserve {
  /** Gives the bytes back. */
  release(): void;
}
